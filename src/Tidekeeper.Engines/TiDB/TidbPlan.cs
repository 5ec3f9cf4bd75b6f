using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;

namespace Tidekeeper.Engines.TiDB;

/// <summary>What is to be done about a TidbCluster now.</summary>
public static class TidbPlan
{
    /// <summary>
    /// The table of contents of operating a TiDB cluster. The order is the order of acts; what must wait for what is
    /// said by each step, which judges by what was seen alone (docs/engines/tidb.md walks it).
    /// </summary>
    private static readonly IReadOnlyList<(string Name, Func<Draft, Step> Decide)> Steps =
    [
        ("Ownership", Ownership.Decide),
        ("Identity", Identity.Decide),
        ("Pods", Pods.Trouble),
        ("Discovery", Creation.Discovery),
        ("Services", Creation.ServicesOf),
        ("Configs", Creation.Configs),
        ("PD", Workloads.Pd),
        ("TiKV", Workloads.Tikv),
        ("TiFlash", Workloads.Tiflash),
        ("TiDB", Workloads.Tidb),
        ("Budgets", Creation.Budgets),
        ("StoreLabels", StoreLabels.Decide),
        ("Failover", Failover.Decide),
        ("AdoptPods", AdoptedPods.Decide),
        ("UnstartedPD", UnstartedMembers.Decide),
        ("ReplacePD", Replacement.Pd),
        ("ReplaceTiKV", Replacement.Tikv),
        ("ReplaceTiFlash", Replacement.Tiflash),
        ("StuckPods", StuckPods.Decide),
        ("Drains", Drains.Decide),
        ("Evictions", Evictions.End),
        ("EvictLeaders", Evictions.Wished),
        ("LeadPD", PdLeaderWish.Decide),
        ("Recall", Departures.Recall),
        ("Unmark", LeftoverClaims.Unmark),
        ("Orphans", Orphans.Decide),
        ("ScaleInTiDB", ScaleIn.Tidb),
        ("ScaleInTiFlash", ScaleIn.Tiflash),
        ("ScaleInTiKV", ScaleIn.Tikv),
        ("ScaleInPD", ScaleIn.Pd),
        ("RestartPD", Rolling.Pd),
        ("RestartTiFlash", Rolling.Tiflash),
        ("RestartTiKV", Rolling.Tikv),
        ("RestartTiDB", Rolling.Tidb),
        ("Retention", Retention.Decide),
        ("Sweep", Sweep.Decide),
        ("NoWayBack", Keepsake.Discard),
        ("ConfigurePD", OnlineConfig.Pd),
        ("ConfigureTiKV", OnlineConfig.Tikv),
        ("ConfigureTiDB", OnlineConfig.Tidb),
        ("ServiceForClients", Creation.ServiceForClients),
        ("Serve", Serving.Decide)
    ];

    /// <summary>
    /// Runs the steps on what was seen. A cluster that is being deleted is left to Kubernetes, one that is paused to
    /// its user, one that v1 made to whoever runs v1, and nothing is done for one whose spec is refused.
    /// </summary>
    public static Plan Plan(TidbSeen seen)
    {
        var plan = Only(seen) ?? Run(Draft.Of(seen));
        return plan.Then("Events", Announcements.Decide(seen, TidbStatus.Of(seen, plan)));
    }

    private static Plan Run(Draft draft) => Engines.Plan.Run(draft, Steps, step => Consent.Of(draft, step));

    private static Plan? Only(TidbSeen seen)
    {
        if (seen.Cluster.Metadata.DeletionTimestamp is not null)
            return new Plan([]);
        if (Takeover.Plan(seen) is { } takeover)
            return takeover;
        if (Creation.Refusal(seen) is { } refusal)
            return new Plan([new PlannedStep("Validate", refusal)]);
        return seen.Cluster.Spec.Paused == true
            ? new Plan([new PlannedStep("Paused", Serving.Paused)])
            : null;
    }
}
