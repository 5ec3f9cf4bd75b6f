using System.Text.Json.Nodes;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation;
using Tidekeeper.Simulation.Campaign;
using Tidekeeper.Simulation.Checkers;

namespace Tidekeeper.Bench;

/// <summary>
/// A restart of 30 TiKV in 3 zones in virtual time, under a client and with the promises checked: one by one, and all
/// of a zone together.
/// </summary>
internal static class RollingTime
{
    private const int Stores = 30;
    private const int Regions = 300;

    /// <summary>A TiKV with some data needs about as long to open it.</summary>
    private const int StartSeconds = 20;

    /// <summary>PD moves leaders as fast as its leader-schedule-limit lets it.</summary>
    private const int LeaderMoves = 64;
    private static readonly TimeSpan Limit = TimeSpan.FromHours(4);

    private sealed record Outcome(TimeSpan Took, int Acknowledged, int Refused, int Acts);

    public static IReadOnlyList<Measured> Run()
    {
        var single = Restart("OneByOne");
        var zones = Restart("FailureDomain");
        return
        [
            new($"rolling restart of {Stores} TiKV in 3 zones against one by one", "≥ 8 × faster",
                $"{single.Took / zones.Took:0.0} ×: {Words(single.Took)} → {Words(zones.Took)} of virtual time "
                + $"(each takes {StartSeconds} s to start)"),
            new("— statements of a client meanwhile", "none fails",
                $"{single.Refused} of {single.Acknowledged} failed one by one, "
                + $"{zones.Refused} of {zones.Acknowledged} zone by zone"),
        ];
    }

    private static Outcome Restart(string policy)
    {
        var world = SettledWorld.Of(3, Stores, 2,
            before => before.Databases.Scale = new DatabaseScale { Regions = Regions, LeaderMoves = LeaderMoves },
            spec =>
            {
                spec["pd"]!["config"] = new JsonObject
                {
                    ["replication"] = new JsonObject { ["location-labels"] = new JsonArray(JsonValue.Create("zone")) },
                    ["schedule"] = new JsonObject { ["leader-schedule-limit"] = LeaderMoves },
                };
                spec["tikv"]!["updatePolicy"] = new JsonObject { ["type"] = policy };
                spec["tikv"]!["readinessProbe"] = new JsonObject { ["initialDelaySeconds"] = StartSeconds };
            });
        world.RunUntil(() => false, TimeSpan.FromMinutes(60), []);
        var rows = new Rows(world, SimulatedCluster.Namespace, $"{SettledWorld.Name}-pd", new Random(7));
        var acts = policy == "OneByOne" ? new ActRules(world, SettledWorld.Name) : null;
        IReadOnlyList<IChecker> checkers =
        [
            new OnePdCluster(SimulatedCluster.Namespace, $"{SettledWorld.Name}-pd"), new Explained(SettledWorld.Name),
            rows, new Majorities(), .. acts is null ? (IChecker[])[] : [acts],
        ];
        world.Every(TimeSpan.FromMilliseconds(700), rows.Work);
        world.RunUntil(() => false, TimeSpan.FromSeconds(20), checkers);
        var wanted = world.Cluster(SettledWorld.Name)!.Copy();
        wanted["spec"]!["tikv"]!["annotations"] = new JsonObject { ["bench"] = "again" };
        world.Api.Update(SettledWorld.Clusters, wanted);
        var took = SettledWorld.Settle(world, Limit, checkers);
        return new(took, rows.Acknowledged, rows.Refused, acts?.Judged ?? 0);
    }

    private static string Words(TimeSpan time) => $"{time.TotalMinutes:0.0} min";

    /// <summary>Each region has a majority of its peers on stores that run.</summary>
    private sealed class Majorities : IChecker
    {
        public string Invariant => "S1";

        public string? Broken(SimulatedCluster cluster)
        {
            var database = cluster.Databases.WithMember(SimulatedCluster.Namespace, $"{SettledWorld.Name}-pd-0")[0];
            foreach (var region in database.Stores.Regions.All)
            {
                var alive = region.Peers.Count(peer => database.Stores.Running(peer.StoreId) is not null);
                if (alive < region.Majority)
                    return $"region {region.Id} has {alive} of {region.Peers.Count} peers on stores that run";
            }

            return null;
        }
    }
}
