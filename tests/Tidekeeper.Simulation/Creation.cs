using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation;

/// <summary>What one run showed.</summary>
/// <param name="Hash">Equal for two runs of the same seed.</param>
/// <param name="Requests">Of operators, from the first request until the cluster matched.</param>
/// <param name="Simulated">How much virtual time passed.</param>
/// <param name="Faults">What was really injected, and how often.</param>
public sealed record RunResult(int Seed, string Hash, int Requests, int EffectiveWrites, int WritesJudged,
    TimeSpan Simulated, IReadOnlyDictionary<string, int> Faults)
{
    public override string ToString() =>
        $"creation, seed {Seed}, hash {Hash}: {Requests} requests until it was up, {WritesJudged} writes judged in "
        + $"{Simulated:h\\:mm\\:ss}; faults: "
        + string.Join(", ", Faults.Select(fault => $"{fault.Value} x {fault.Key}"));
}

/// <summary>
/// One history: a cluster is created in bad weather (safety is checked at every step); then the weather clears and the
/// cluster must become what its spec says, and stay so without a single write (liveness).
/// </summary>
public static class Creation
{
    private const string Name = "basic";
    private const string Neighbour = "neighbour";
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";
    private static readonly TimeSpan Storm = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(30);

    public static RunResult Run(int seed) => Run(seed, Weather.Draw(new Random(seed)));

    public static RunResult Run(int seed, Weather weather) =>
        Run(weather, new SimulatedCluster(seed, weather) { Again = $"creation/{seed}" });

    /// <summary>Runs in a world that the caller has prepared, for example one that breaks a promise.</summary>
    public static RunResult Run(Weather weather, SimulatedCluster cluster)
    {
        var seed = cluster.Seed;
        var chance = new Random(seed ^ 0x7155);
        IChecker[] checkers =
        [
            new OnePdCluster(SimulatedCluster.Namespace, $"{Name}-pd"), new Explained(Name), new Explained(Neighbour),
        ];
        cluster.Story.Tell($"weather: {weather}");
        cluster.Install();
        var wish = Wishes.Cluster(Name, chance);
        cluster.Api.Create("pingcap.com/v1alpha1/tidbclusters", SimulatedCluster.Namespace, wish);
        if (weather.BrokenNeighbour)
            cluster.Api.Create(Clusters, SimulatedCluster.Namespace, Wishes.Broken(Neighbour));

        Misfortunes(cluster, weather, chance, checkers);
        cluster.Weather = weather.Calm();
        cluster.Story.Tell("the weather clears");
        Converge(cluster, checkers);
        if (BoundedWork.Broken(cluster) is { } tooMuch)
            throw cluster.Broken("L5", tooMuch);
        var requests = cluster.Requests;
        StayAtRest(cluster, checkers);
        return new RunResult(seed, cluster.Story.Hash, requests, cluster.Story.EffectiveWrites, cluster.Rules.Judged,
            cluster.Time.Now - new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
            cluster.Story.Faults);
    }

    // While the cluster comes up, strangers delete pods and discovery dies, at moments that chance gives.
    private static void Misfortunes(
        SimulatedCluster cluster, Weather weather, Random chance, IReadOnlyList<IChecker> checkers)
    {
        var left = weather.PodsDeleted + weather.DiscoveryKills + weather.Pauses;
        var end = cluster.Time.Now + Storm;
        for (var i = 0; i < left; i++)
        {
            cluster.RunUntil(() => false, TimeSpan.FromSeconds(chance.Next(60)), checkers);
            if (i >= weather.PodsDeleted + weather.DiscoveryKills)
            {
                cluster.PauseOperator(chance.Next(weather.Operators), TimeSpan.FromSeconds(5 + chance.Next(40)));
                continue;
            }

            var discovery = i < weather.DiscoveryKills;
            var pods = cluster.Api.List("v1/pods", SimulatedCluster.Namespace,
                $"app.kubernetes.io/instance={Name},app.kubernetes.io/component{(discovery ? "=" : "!=")}discovery");
            if (pods.Count == 0)
                continue;
            var pod = (string)pods[chance.Next(pods.Count)]["metadata"]!["name"]!;
            cluster.Story.Tell($"a stranger deletes pod {pod}");
            cluster.Story.Fault(discovery ? "discovery killed" : "pod deleted");
            cluster.Playground.DeletePod(SimulatedCluster.Namespace, pod, chance.Next(2) == 0 ? 0 : null);
        }

        cluster.RunUntil(() => cluster.Time.Now >= end || Match.Pending(cluster, Name) is null, Storm, checkers);
    }

    private static void Converge(SimulatedCluster cluster, IReadOnlyList<IChecker> checkers)
    {
        if (!cluster.RunUntil(() => Match.Pending(cluster, Name) is null, Healing, checkers))
            throw cluster.Broken("L1",
                $"still pending after {Healing.TotalMinutes:0} calm minutes: {Match.Pending(cluster, Name)}");
    }

    // A restart of the operator counts as rest: it finds everything as it left it.
    private static void StayAtRest(SimulatedCluster cluster, IReadOnlyList<IChecker> checkers)
    {
        cluster.RunUntil(() => false, TimeSpan.FromMinutes(10), checkers);
        var rest = AtRest.From(cluster, Name);
        cluster.KillOperator(0, "while nothing happens");
        cluster.RunUntil(() => false, Rest, checkers);
        if (rest.Broken() is { } restless)
            throw cluster.Broken("S16", restless);
        if (Match.Pending(cluster, Name) is { } pending)
            throw cluster.Broken("L1", $"it matched and does not stay so: {pending}");
    }
}
