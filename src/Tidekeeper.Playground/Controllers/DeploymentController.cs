using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Moves a Deployment from one ReplicaSet to the next, as its strategy allows.</summary>
public sealed class DeploymentController : Controller
{
    private readonly Feed _deployments;
    private readonly Feed _sets;
    private readonly Feed _pods;
    private readonly Adoption _adoption;
    private readonly ReplicaSetEditor _editor;

    public DeploymentController(Cluster cluster) : base(cluster, "deployment-controller")
    {
        _deployments = Follow(Resources.Deployments);
        _sets = FollowOwned(Resources.ReplicaSets, "Deployment");
        _pods = Follow(Resources.Pods, WakeRecreating);
        _adoption = new Adoption(cluster, _sets, "apps/v1", "Deployment");
        _editor = new ReplicaSetEditor(cluster, Name);
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_deployments.Get(key) is not { } deployment)
            return;
        if (!deployment.IsTerminating())
        {
            if (_adoption.AdoptMatching(deployment))
                _sets.Refresh();
            if (!deployment.IsTrue("spec", "paused"))
                Roll(deployment, now);
        }

        _sets.Refresh();
        if (_deployments.Get(key) is { } fresh)
            WriteStatus(fresh, now);
    }

    private void Roll(JsonObject deployment, DateTimeOffset now)
    {
        var all = SetsOf(deployment);
        var current = all.Find(s => ReplicaSetEditor.IsOf(s, deployment));
        var old = all.Where(s => !ReferenceEquals(s, current)).ToList();
        if (deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            foreach (var set in old.Where(s => s.Number("spec", "replicas") > 0))
                _editor.Scale(deployment, set, 0);
            if (old.Exists(HasPods))
                return;
            current ??= _editor.Create(deployment, all, deployment.Number("spec", "replicas") ?? 1);
            _editor.Scale(deployment, current, deployment.Number("spec", "replicas") ?? 1);
        }
        else
            RollGradually(deployment, all, current, old, now);

        Trim(deployment, old);
    }

    private void RollGradually(JsonObject deployment, List<JsonObject> all, JsonObject? current, List<JsonObject> old,
        DateTimeOffset now)
    {
        var wanted = deployment.Number("spec", "replicas") ?? 1;
        var (surge, unavailable) = RolloutBounds.Of(deployment);
        var total = all.Sum(s => s.Number("spec", "replicas") ?? 0);
        if (current is null)
        {
            current = _editor.Create(deployment, all, Math.Clamp(wanted + surge - total, 0, wanted));
            total += current.Number("spec", "replicas") ?? 0;
        }
        else
        {
            _editor.Annotate(deployment, current, all);
            var has = current.Number("spec", "replicas") ?? 0;
            var next = has > wanted ? wanted : has + Math.Clamp(wanted + surge - total, 0, wanted - has);
            _editor.Scale(deployment, current, next);
            total += next - has;
        }

        // What may go: everything above the floor that is available, and everything old that is not healthy anyway.
        var floor = wanted - unavailable;
        var newUnavailable = (current.Number("spec", "replicas") ?? 0)
            - (current.Number("status", "availableReplicas") ?? 0);
        var most = total - floor - Math.Max(0, newUnavailable);
        foreach (var set in old.OrderBy(s => s.Text("metadata", "creationTimestamp"), StringComparer.Ordinal))
        {
            var has = set.Number("spec", "replicas") ?? 0;
            var sick = has - (set.Number("status", "availableReplicas") ?? 0);
            var gone = Math.Min(has, Math.Min(Math.Max(0, most), sick));
            most -= gone;
            if (gone > 0)
                _editor.Scale(deployment, set, has - gone);
        }

        _sets.Refresh();
        var available = SetsOf(deployment).Sum(s => s.Number("status", "availableReplicas") ?? 0);
        var spare = available - floor;
        foreach (var set in SetsOf(deployment).Where(s => !ReplicaSetEditor.IsOf(s, deployment)))
        {
            var has = set.Number("spec", "replicas") ?? 0;
            var gone = Math.Min(has, Math.Max(0, spare));
            spare -= gone;
            if (gone > 0)
                _editor.Scale(deployment, set, has - gone);
        }

        _ = now;
    }

    private void Trim(JsonObject deployment, List<JsonObject> old)
    {
        var idle = old.Where(s => s.Number("spec", "replicas") == 0 && (s.Number("status", "replicas") ?? 0) == 0
            && !s.IsTerminating()).OrderBy(ReplicaSetEditor.RevisionOf).ToList();
        var limit = deployment.Number("spec", "revisionHistoryLimit") ?? 10;
        foreach (var set in idle.Take((int)Math.Max(0, idle.Count - limit)))
            Api.Delete(Resources.ReplicaSets, set.Namespace(), set.Name(), set.Uid());
    }

    private void WriteStatus(JsonObject deployment, DateTimeOffset now)
    {
        var sets = SetsOf(deployment);
        var current = sets.Find(s => ReplicaSetEditor.IsOf(s, deployment));
        var status = new DeploymentStatus(deployment, sets, current, now);
        var changed = deployment.Copy();
        changed["status"] = status.Compose();
        if (current is not null)
        {
            changed.Ensure("metadata", "annotations")[ReplicaSetEditor.Revision] =
                ReplicaSetEditor.RevisionOf(current).ToString(CultureInfo.InvariantCulture);
        }

        if (status.Deadline is { } deadline)
            WakeAt(deployment.Key(), deadline);
        if (!JsonNode.DeepEquals(changed, deployment))
            Api.UpdateStatus(Resources.Deployments, changed);
    }

    private List<JsonObject> SetsOf(JsonObject deployment) =>
        [.. _sets.ByOwner()[deployment.Uid()].OrderBy(ReplicaSetEditor.RevisionOf)];

    private bool HasPods(JsonObject set) => _pods.ByOwner()[set.Uid()].Any(p => !p.IsFinished());

    /// <summary>With Recreate the last old pod has to be gone first; ReplicaSets say nothing when it is.</summary>
    private void WakeRecreating(JsonObject pod, Action<Key> wake)
    {
        if (pod.Owner() is { } owner && owner.Text("kind") == "ReplicaSet"
            && _sets.Get(pod.Namespace(), owner.Text("name") ?? "")?.Owner() is { } deployment)
            wake(new Key(pod.Namespace() ?? "", deployment.Text("name") ?? ""));
    }
}
