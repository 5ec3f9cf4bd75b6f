namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>A guard of the gate, as people name it.</summary>
/// <param name="Name">Stable.</param>
/// <param name="Says">What must hold before a member is taken out of service.</param>
/// <param name="Without">What may happen when it is ignored.</param>
public sealed record Guard(string Name, string Says, string Without);

/// <summary>The guards that a member must pass before it is taken out of service, in their order.</summary>
public static class Guards
{
    internal const string Breaker = "Breaker";
    internal const string PdMajority = "PdMajority";
    internal const string PodsSettled = "PodsSettled";
    internal const string PdMembersHealthy = "PdMembersHealthy";
    internal const string StoresUp = "StoresUp";
    internal const string LeadersBack = "LeadersBack";
    internal const string PdMajorityAfter = "PdMajorityAfter";
    internal const string RegionsWhole = "RegionsWhole";
    internal const string ServersServe = "ServersServe";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Guard> All =
    [
        new(Breaker, "the circuit breaker is closed", "a failure that nobody understands yet spreads"),
        new(PdMajority, "PD answers and has a majority", "it may not be known who else is down"),
        new(PodsSettled, "no other pod is stopping or starting", "two members are out of service at once"),
        new(PdMembersHealthy, "all other PD members are healthy", "PD is one failure closer to standing still"),
        new(StoresUp, "all other stores are Up", "regions with replicas on both stores stand still"),
        new(LeadersBack, "all other stores have their leaders", "the stores that are left carry the load of several"),
        new(PdMajorityAfter, "PD keeps its majority", "PD stands still, and with it the database"),
        new(RegionsWhole, "every region has all its replicas", "regions that lack one stand still or lose their last"),
        new(ServersServe, "all other TiDB servers serve", "nobody serves SQL for a while")
    ];
}
