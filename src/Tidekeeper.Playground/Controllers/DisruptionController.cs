using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Keeps the status of PodDisruptionBudgets: how many of the selected pods may be evicted now.</summary>
public sealed class DisruptionController : Controller
{
    /// <summary>An eviction that was allowed but did not happen counts no longer after this.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(2);

    private readonly Feed _budgets;
    private readonly Feed.Index _byNamespace;
    private readonly Feed.Index _pods;

    public DisruptionController(Cluster cluster) : base(cluster, "disruption-controller")
    {
        _budgets = Follow(Resources.DisruptionBudgets);
        _byNamespace = _budgets.ByNamespace();
        _pods = Follow(Resources.Pods, WakeBudgets).ByNamespace();
        foreach (var kind in Workloads)
            cluster.Feed(kind.Resource);
    }

    private static readonly (string Kind, string Resource)[] Workloads =
    [
        ("StatefulSet", Resources.StatefulSets), ("ReplicaSet", Resources.ReplicaSets),
    ];

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_budgets.Get(key) is not { } budget)
            return;
        var pods = _pods[key.Namespace]
            .Where(p => budget.At("spec", "selector").Selects(p) && !p.IsFinished()).ToList();
        var (expected, desired) = Wanted(budget, pods);
        var disrupted = StillDisrupted(budget, pods, now);
        var healthy = pods.Count(p => p.IsReady() && !p.IsTerminating() && disrupted[p.Name()] is null);
        var allowed = Math.Max(0, expected == 0 ? 0 : healthy - desired);
        var status = new JsonObject { ["observedGeneration"] = budget.Number("metadata", "generation") ?? 1 };
        if (disrupted.Count > 0)
            status["disruptedPods"] = disrupted;
        status["disruptionsAllowed"] = allowed;
        status["currentHealthy"] = (long)healthy;
        status["desiredHealthy"] = desired;
        status["expectedPods"] = expected;
        status["conditions"] = new JsonArray(Condition(budget, allowed > 0, now));
        PutStatus(Resources.DisruptionBudgets, budget, status);
    }

    /// <summary>How many pods there should be, and how many of them healthy.</summary>
    private (long Expected, long Desired) Wanted(JsonObject budget, List<JsonObject> pods)
    {
        if (budget.At("spec", "maxUnavailable") is { } most)
        {
            var expected = Expected(pods);
            return (expected, Math.Max(0, expected - RolloutBounds.Count(most, expected, roundUp: true)));
        }

        var least = budget.At("spec", "minAvailable");
        if (least.Number() is { } number)
            return (pods.Count, number);
        var all = Expected(pods);
        return (all, RolloutBounds.Count(least, all, roundUp: true));
    }

    /// <summary>What the pods' controllers want, since a missing pod is a disruption too.</summary>
    private long Expected(List<JsonObject> pods)
    {
        long total = pods.Count(p => p.Owner() is null);
        foreach (var owner in pods.Select(p => p.Owner()).OfType<JsonObject>().DistinctBy(o => o.Text("uid")))
        {
            var resource = Array.Find(Workloads, w => w.Kind == owner.Text("kind")).Resource;
            var workload = resource is null
                ? null
                : Api.Get(resource, pods[0].Namespace(), owner.Text("name") ?? "");
            total += workload.Number("spec", "replicas") ?? 0;
        }

        return total;
    }

    private JsonObject StillDisrupted(JsonObject budget, List<JsonObject> pods, DateTimeOffset now)
    {
        var kept = new JsonObject();
        foreach (var (name, _) in budget.Pairs("status", "disruptedPods"))
        {
            var at = budget.Moment("status", "disruptedPods", name) ?? now;
            if (!pods.Exists(p => p.Name() == name && !p.IsTerminating()) || at + Believed <= now)
                continue;
            kept[name] = budget.Text("status", "disruptedPods", name);
            WakeAt(budget.Key(), at + Believed);
        }

        return kept;
    }

    private static JsonObject Condition(JsonObject budget, bool allowed, DateTimeOffset now)
    {
        var before = budget.Condition("DisruptionAllowed");
        var value = allowed ? "True" : "False";
        return new JsonObject
        {
            ["type"] = "DisruptionAllowed",
            ["status"] = value,
            ["observedGeneration"] = budget.Number("metadata", "generation") ?? 1,
            ["lastTransitionTime"] = before?.Text("status") == value ? before.Text("lastTransitionTime") : now.Stamp(),
            ["reason"] = allowed ? "SufficientPods" : "InsufficientPods",
            ["message"] = "",
        };
    }

    private void WakeBudgets(JsonObject pod, Action<Key> wake)
    {
        foreach (var budget in _byNamespace[pod.Namespace()])
        {
            if (budget.At("spec", "selector").Selects(pod))
                wake(budget.Key());
        }
    }
}
