using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Simulation;
using Tidekeeper.Simulation.Campaign;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Bench;

/// <summary>A cluster that the real operator has made in the simulation, and that is at rest.</summary>
internal static class SettledWorld
{
    public const string Name = "basic";
    public const string Clusters = "pingcap.com/v1alpha1/tidbclusters";

    /// <param name="watched">Called with the world before anything happens in it.</param>
    /// <param name="change">What the spec has besides the numbers.</param>
    public static SimulatedCluster Of(
        int pd, int tikv, int tidb, Action<SimulatedCluster>? watched = null, Action<JsonObject>? change = null)
    {
        var world = new SimulatedCluster(1, new Weather());
        watched?.Invoke(world);
        world.Install();
        var wish = Scenario.Begin("bench", pd, tikv, tidb).Cluster();
        change?.Invoke(wish["spec"]!.AsObject());
        world.Api.Create(Clusters, SimulatedCluster.Namespace, wish);
        Settle(world, TimeSpan.FromHours(2), []);
        return world;
    }

    /// <summary>Until the cluster is what its spec says; returns how long that took.</summary>
    public static TimeSpan Settle(SimulatedCluster world, TimeSpan limit, IReadOnlyList<IChecker> checkers)
    {
        var begun = world.Time.Now;
        if (!world.RunUntil(() => Match.Pending(world, Name) is null, limit, checkers))
            throw new InvalidOperationException($"not within {limit}: {Match.Pending(world, Name)}");
        return world.Time.Now - begun;
    }

    public static JsonElement Element(JsonObject item) => JsonDocument.Parse(item.ToJsonString()).RootElement;
}
