using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// One pod on every node that accepts it. The pods are bound by the scheduler, to the node that their affinity names.
/// An update replaces as many at a time as may be away; a surge is not simulated.
/// </summary>
public sealed class DaemonSetController : Controller
{
    private const string Hash = "controller-revision-hash";
    private const string Generation = "pod-template-generation";
    private const string GenerationNote = "deprecated.daemonset.template.generation";
    private readonly Feed _sets;
    private readonly Feed _pods;
    private readonly Revisions _revisions;
    private readonly EventRecorder _events;

    public DaemonSetController(Cluster cluster) : base(cluster, "daemonset-controller")
    {
        _sets = Follow(Resources.DaemonSets);
        _pods = FollowOwned(Resources.Pods, "DaemonSet");
        Follow(Resources.Nodes, (_, wake) =>
        {
            foreach (var set in _sets.All)
                wake(set.Key());
        });
        _revisions = new Revisions(cluster, "apps/v1", "DaemonSet");
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_sets.Get(key) is not { } set || set.IsTerminating())
            return;
        var history = _revisions.Of(set);
        long collisions = set.Number("status", "collisionCount") ?? 0;
        var hash = _revisions.Current(set, history, ref collisions).Label("controller.kubernetes.io/hash") ?? "";
        var wanted = Cluster.Nodes.All.Where(node => Accepts(set, node)).Select(node => node.Name())
            .Order(StringComparer.Ordinal).ToList();
        var pods = _pods.ByOwner()[set.Uid()].Where(p => !p.IsTerminating()).ToList();
        foreach (var pod in pods.Where(p => p.IsFinished() || !wanted.Contains(NodeOf(p))).ToList())
            Delete(set, pod);
        foreach (var node in wanted.Where(node => !pods.Exists(p => NodeOf(p) == node && !p.IsFinished())))
            Create(set, node, hash);
        Replace(set, wanted, hash, now);
        _pods.Refresh();
        WriteStatus(set, wanted, hash, collisions, now);
    }

    private static bool Accepts(JsonObject set, JsonObject node)
    {
        var pod = Stamp(set);
        Confine(pod, node.Name());
        return NodeAffinity.Accepts(pod, node) && !Taints.Repels(node, pod);
    }

    private static string NodeOf(JsonObject pod) => pod.Text("spec", "nodeName") is { Length: > 0 } bound
        ? bound
        : pod.ObjectsAt("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms").SelectMany(term => term.ObjectsAt("matchFields"))
            .SelectMany(field => field.TextsAt("values")).FirstOrDefault() ?? "";

    private void Create(JsonObject set, string node, string hash)
    {
        var pod = Stamp(set);
        Confine(pod, node);
        pod.Ensure("metadata")["generateName"] = set.Name() + "-";
        pod.Ensure("metadata", "labels")[Hash] = hash;
        pod.Ensure("metadata", "labels")[Generation] = set.Annotation(GenerationNote) ?? "1";
        var made = Api.Create(Resources.Pods, set.Namespace(), pod);
        _events.Normal("apps/v1", "DaemonSet", set, "SuccessfulCreate", $"Created pod: {made.Name()}");
    }

    private static JsonObject Stamp(JsonObject set) => PodTemplate.Stamp(set.ObjectAt("spec", "template")!,
        set.Namespace(), PodTemplate.OwnerReference("apps/v1", "DaemonSet", set));

    /// <summary>Names the node, and tolerates what a node may suffer from without losing its daemons.</summary>
    private static void Confine(JsonObject pod, string node)
    {
        var required = pod.Ensure("spec", "affinity", "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution");
        var field = new JsonObject
        {
            ["key"] = "metadata.name",
            ["operator"] = "In",
            ["values"] = new JsonArray(node),
        };
        var terms = required.ObjectsAt("nodeSelectorTerms").Select(term => term.Copy()).ToList();
        if (terms.Count == 0)
            terms.Add([]);
        foreach (var term in terms)
            term["matchFields"] = new JsonArray(field.DeepClone());
        required["nodeSelectorTerms"] = new JsonArray([.. terms]);
        var spec = pod.Ensure("spec");
        if (spec["tolerations"] is not JsonArray tolerations)
            spec["tolerations"] = tolerations = [];
        foreach (var (key, effect) in (ReadOnlySpan<(string, string)>)[("not-ready", "NoExecute"),
                     ("unreachable", "NoExecute"), ("disk-pressure", "NoSchedule"), ("memory-pressure", "NoSchedule"),
                     ("pid-pressure", "NoSchedule"), ("unschedulable", "NoSchedule")])
        {
            tolerations.Add((JsonNode)new JsonObject
            {
                ["key"] = "node.kubernetes.io/" + key,
                ["operator"] = "Exists",
                ["effect"] = effect,
            });
        }
    }

    private void Delete(JsonObject set, JsonObject pod)
    {
        Api.Delete(Resources.Pods, pod.Namespace(), pod.Name(), pod.Uid());
        _events.Normal("apps/v1", "DaemonSet", set, "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
    }

    /// <summary>Takes away outdated pods: those that do not serve at once, the others a few at a time.</summary>
    private void Replace(JsonObject set, List<string> wanted, string hash, DateTimeOffset now)
    {
        if (set.Text("spec", "updateStrategy", "type") != "RollingUpdate")
            return;
        _pods.Refresh();
        var patience = set.Number("spec", "minReadySeconds") ?? 0;
        var pods = _pods.ByOwner()[set.Uid()].ToList();
        var available = pods.Count(p => p.IsActive() && p.IsAvailable(patience, now));
        var most = RolloutBounds.Count(set.At("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"),
            wanted.Count, roundUp: true);
        var allowed = Math.Max(0, most - (wanted.Count - available));
        foreach (var pod in pods.Where(p => p.IsActive() && p.Label(Hash) != hash)
                     .OrderBy(p => p.IsAvailable(patience, now)).ThenBy(p => p.Name(), StringComparer.Ordinal))
        {
            if (pod.IsAvailable(patience, now) && allowed-- <= 0)
                continue;
            Delete(set, pod);
        }
    }

    private void WriteStatus(JsonObject set, List<string> wanted, string hash, long collisions, DateTimeOffset now)
    {
        var patience = set.Number("spec", "minReadySeconds") ?? 0;
        var pods = _pods.ByOwner()[set.Uid()].Where(p => !p.IsTerminating()).ToList();
        var (placed, lost) = (pods.Where(p => wanted.Contains(NodeOf(p))).ToList(),
            pods.Where(p => !wanted.Contains(NodeOf(p))).ToList());
        var available = placed.Count(p => p.IsAvailable(patience, now));
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = (long)placed.Count,
            ["numberMisscheduled"] = (long)lost.Count,
            ["desiredNumberScheduled"] = (long)wanted.Count,
            ["numberReady"] = (long)placed.Count(p => p.IsReady()),
            ["observedGeneration"] = set.Number("metadata", "generation") ?? 1,
        };
        Put("updatedNumberScheduled", placed.Count(p => p.Label(Hash) == hash));
        Put("numberAvailable", available);
        Put("numberUnavailable", wanted.Count - available);
        Put("collisionCount", collisions);
        WakeWhenAvailable(set, placed, patience, now);
        PutStatus(Resources.DaemonSets, set, status);

        void Put(string field, long count)
        {
            if (count != 0)
                status[field] = count;
        }
    }
}
