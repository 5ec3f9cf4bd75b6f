using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Keeps pods with lasting identities: creates lost ones with the same name and claims, deletes from the highest
/// ordinal, and replaces outdated ones where the update strategy says so.
/// </summary>
public sealed class StatefulSetController : Controller
{
    private readonly Feed _sets;
    private readonly Feed.Index _pods;
    private readonly Revisions _revisions;
    private readonly EventRecorder _events;

    public StatefulSetController(Cluster cluster) : base(cluster, "statefulset-controller")
    {
        _sets = Follow(Resources.StatefulSets);
        var pods = FollowOwned(Resources.Pods, "StatefulSet");
        _pods = pods.ByOwner();
        _revisions = new Revisions(cluster, "apps/v1", "StatefulSet");
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
        _orphans = new Adoption(cluster, pods, "apps/v1", "StatefulSet");
    }

    private readonly Adoption _orphans;

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_sets.Get(key) is not { } set || set.IsTerminating())
            return;
        if (_orphans.AdoptMatching(set, pod => StatefulSetPods.OrdinalOf(set, pod.Name()) is not null))
        {
            Wake(key);
            return;
        }

        var history = _revisions.Of(set);
        var collisions = set.Number("status", "collisionCount") ?? 0;
        var update = _revisions.Current(set, history, ref collisions);
        var current = history.Find(r => r.Name() == set.Text("status", "currentRevision")) ?? update;

        var pods = new StatefulSetPods(Cluster, set, _events, current, update, _pods[set.Uid()]);
        var status = new StatefulSetStatus(set, pods.Existing, current, update, collisions, now);
        pods.Settle(status.CurrentReplicas, now);
        Write(set, status);
        Trim(set, pods, status);
        if (status.NextAvailableAt is { } at)
            WakeAt(key, at);
    }

    /// <summary>The status says what was seen at the start plus what this pass created, as the real one does.</summary>
    private void Write(JsonObject set, StatefulSetStatus status)
    {
        Cluster.Pods.Refresh();
        status.Recount(_pods[set.Uid()]);
        PutStatus(Resources.StatefulSets, set, status.Compose());
    }

    private void Trim(JsonObject set, StatefulSetPods pods, StatefulSetStatus status)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal) { status.CurrentRevision, status.UpdateRevision };
        foreach (var pod in pods.Existing)
            used.Add(pod.Label(StatefulSetPods.RevisionLabel) ?? "");
        _revisions.Trim(set, _revisions.Of(set), used, set.Number("spec", "revisionHistoryLimit") ?? 10);
    }
}
