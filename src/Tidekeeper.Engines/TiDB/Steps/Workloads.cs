using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>
/// The StatefulSets. A component is created when what it needs is there; once it exists nothing of that kind holds it
/// back, since "everything is ready first" would keep a broken cluster from being repaired.
/// </summary>
internal static class Workloads
{
    public static Step Pd(Draft draft) => Decide(draft, Component.Pd, mayStart: null);

    /// <summary>A store cannot register without PD's majority; it would only crash until then.</summary>
    public static Step Tikv(Draft draft) => Decide(draft, Component.Tikv, PdFacts.WhyNoQuorum(draft.Seen));

    public static Step Tiflash(Draft draft)
    {
        if (draft.Set(Component.Tiflash) is not { Verdict: SetVerdict.Missing } set || Suspension.Wants(set.Component))
            return Decide(draft, Component.Tiflash, mayStart: null);
        if (PdFacts.WhyNoQuorum(draft.Seen) is { } why)
            return Decide(draft, Component.Tiflash, why);
        return PdFacts.Of(draft.Seen) is { PlacementRules: false }
            ? PlacementRules(draft.Seen)
            : Decide(draft, Component.Tiflash, mayStart: null);
    }

    /// <summary>
    /// SQL starts when a majority of the replicas that a region shall have can be placed: a row that is acknowledged
    /// before that lives on one disk. Not all of them are waited for, as one store that never comes up must not keep
    /// the cluster from serving.
    /// </summary>
    public static Step Tidb(Draft draft)
    {
        var why = PdFacts.WhyNoQuorum(draft.Seen);
        if (why is null && PdFacts.Of(draft.Seen) is { } pd && draft.Seen.Cluster.Spec.Tikv is { } tikv)
        {
            var needed = (Math.Min(tikv.Replicas, pd.MaxReplicas) / 2) + 1;
            var up = PdFacts.StoresUp(draft.Seen, Component.Tikv);
            if (up < needed)
                why = $"TiDB waits for {needed} TiKV stores to be Up, so that rows are on a majority of their replicas";
        }

        return Decide(draft, Component.Tidb, why);
    }

    private static Step PlacementRules(TidbSeen seen)
    {
        var call = new AdminCall(
            "POST", $"{TidbNames.PdUrl(seen.Cluster)}/pd/api/v1/config/replicate",
            new System.Text.Json.Nodes.JsonObject { ["enable-placement-rules"] = "true" },
            "PD to enable placement rules");
        return new Step.Hold(
            "TiFlash waits for PD's placement rules, which say what it gets to store", Patience.ForDatabase(seen),
            new Act.Ask(call, "TiFlash cannot register without them"));
    }

    private static Step Decide(Draft draft, string name, string? mayStart)
    {
        if (draft.Set(name) is not { } change)
            return Removal.Decide(draft, name);
        if (Suspension.Wants(change.Component))
            return Suspension.Decide(draft, change);
        var notDone = string.Join("; ", change.NotDone);
        switch (change.Verdict)
        {
            case SetVerdict.Missing when mayStart is not null:
                return new Step.Hold(mayStart, Patience.ForDatabase(draft.Seen));
            case SetVerdict.Held:
                return NotSupported(notDone);
            case SetVerdict.Changed when Succession.WhyNotYet(draft, change) is { } earlier:
                return new Step.Hold(earlier, Patience.ForDatabase(draft.Seen))
                {
                    Reason = TidbReasons.WaitsForEarlier,
                    IsConsequence = true
                };
            case SetVerdict.Changed when LeftoverClaims.BeforeGrowth(draft, change) is { } room:
                return room;
            case SetVerdict.Missing or SetVerdict.Changed or SetVerdict.Adopted:
                var step = Named(draft, change, new Writes(draft.Seen).Want(change.Document, change.Hashes).ToStep());
                return notDone.Length == 0 ? step : NotSupported(notDone, step.Wanted);
            default:
                return notDone.Length == 0 ? new Step.Done() : NotSupported(notDone);
        }
    }

    /// <summary>
    /// A pod that is lost takes the newest template: writing one that outdates pods is the beginning of their restart.
    /// </summary>
    private static Step Named(Draft draft, SetChange change, Step step)
    {
        if (!draft.Members(change.Component.Name).Any(member => member.IsOutdated))
            return step;
        var name = Rolling.Undertaking(change.Component);
        IReadOnlyList<Act> acts = [.. step.Wanted.Select(act => act with { Undertaking = name })];
        return step is Step.Hold hold ? hold with { Acts = acts } : new Step.Do(acts);
    }

    private static Step.Hold NotSupported(string why, params IReadOnlyList<Act> acts) =>
        new(why, Patience.ForPeople, acts) { Reason = TidbReasons.NotSupportedYet, NeedsPerson = true };
}
