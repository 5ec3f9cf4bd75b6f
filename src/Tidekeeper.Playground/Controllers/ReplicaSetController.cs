using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Keeps as many pods of a template as are wanted.</summary>
public sealed class ReplicaSetController : Controller
{
    private readonly Feed _sets;
    private readonly Feed _pods;
    private readonly Adoption _adoption;
    private readonly EventRecorder _events;

    public ReplicaSetController(Cluster cluster) : base(cluster, "replicaset-controller")
    {
        _sets = Follow(Resources.ReplicaSets);
        _pods = FollowOwned(Resources.Pods, "ReplicaSet");
        _adoption = new Adoption(cluster, _pods, "apps/v1", "ReplicaSet");
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_sets.Get(key) is not { } set)
            return;
        if (!set.IsTerminating())
        {
            if (_adoption.AdoptMatching(set))
                _pods.Refresh();
            var active = _pods.ByOwner()[set.Uid()].Where(p => p.IsActive()).ToList();
            var wanted = set.Number("spec", "replicas") ?? 1;
            for (var i = active.Count; i < wanted; i++)
                Create(set);
            foreach (var pod in Condemned(active, (int)(active.Count - wanted)))
                Delete(set, pod);
            _pods.Refresh();
        }

        WriteStatus(set, now);
    }

    private void Create(JsonObject set)
    {
        var pod = PodTemplate.Stamp(set.ObjectAt("spec", "template")!, set.Namespace(),
            PodTemplate.OwnerReference("apps/v1", "ReplicaSet", set));
        pod.Ensure("metadata")["generateName"] = set.Name() + "-";
        var made = Api.Create(Resources.Pods, set.Namespace(), pod);
        _events.Normal("apps/v1", "ReplicaSet", set, "SuccessfulCreate", $"Created pod: {made.Name()}");
    }

    private void Delete(JsonObject set, JsonObject pod)
    {
        Api.Delete(Resources.Pods, pod.Namespace(), pod.Name(), pod.Uid());
        _events.Normal("apps/v1", "ReplicaSet", set, "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
    }

    /// <summary>
    /// First those without a node, then those not ready, then the cheapest by annotation, then the youngest.
    /// </summary>
    private static IEnumerable<JsonObject> Condemned(List<JsonObject> active, int count) => active
        .OrderBy(p => string.IsNullOrEmpty(p.Text("spec", "nodeName")) ? 0 : 1)
        .ThenBy(p => p.IsReady() ? 1 : 0)
        .ThenBy(p => long.TryParse(p.Annotation("controller.kubernetes.io/pod-deletion-cost"), out var cost) ? cost : 0)
        .ThenByDescending(p => p.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
        .ThenBy(p => p.Name(), StringComparer.Ordinal)
        .Take(Math.Max(0, count));

    private void WriteStatus(JsonObject set, DateTimeOffset now)
    {
        var pods = _pods.ByOwner()[set.Uid()].Where(p => !p.IsFinished()).ToList();
        var active = pods.Where(p => !p.IsTerminating()).ToList();
        var patience = set.Number("spec", "minReadySeconds") ?? 0;
        var labels = set.ObjectAt("spec", "template", "metadata", "labels");
        var status = new JsonObject { ["replicas"] = (long)active.Count };
        Put("fullyLabeledReplicas", active.Count(p => labels is null || labels.MapSelects(p)));
        Put("readyReplicas", active.Count(p => p.IsReady()));
        Put("availableReplicas", active.Count(p => p.IsAvailable(patience, now)));
        status["terminatingReplicas"] = (long)(pods.Count - active.Count);
        status["observedGeneration"] = set.Number("metadata", "generation") ?? 1;
        WakeWhenAvailable(set, active, patience, now);
        PutStatus(Resources.ReplicaSets, set, status);

        void Put(string field, int count)
        {
            if (count != 0)
                status[field] = (long)count;
        }
    }
}
