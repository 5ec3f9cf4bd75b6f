namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>The PD that answers must be the one that the cluster began with.</summary>
internal static class Identity
{
    public static Step Decide(Draft draft)
    {
        var seen = draft.Seen;
        if (!seen.Pd.Is(out var pd) || !PdFacts.IsStranger(seen, pd))
            return new Step.Done();
        return new Step.Hold(
            $"PD at {TidbNames.PdUrl(seen.Cluster)} says that it is cluster {pd.ClusterId}, but this cluster began as "
            + $"{seen.Cluster.Status!.ClusterID}; its data belongs to that one: find out where the other PD comes from",
            Patience.ForPeople)
        {
            Reason = TidbReasons.ForeignPD,
            NeedsPerson = true
        };
    }
}
