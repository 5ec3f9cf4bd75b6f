using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation;

/// <summary>What one run showed.</summary>
/// <param name="Hash">Equal for two runs of the same seed.</param>
/// <param name="Requests">Of operators, from the first request until the cluster matched.</param>
/// <param name="Simulated">How much virtual time passed.</param>
/// <param name="Faults">What was really injected, and how often.</param>
public sealed record RunResult(int Seed, string Hash, int Requests, int EffectiveWrites, int WritesJudged,
    TimeSpan Simulated, string Faults);

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
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    public static RunResult Run(int seed) => Run(seed, Weather.Draw(new Random(seed)));

    public static RunResult Run(int seed, Weather weather)
    {
        var chance = new Random(seed ^ 0x7155);
        var cluster = new SimulatedCluster(seed, weather);
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
        var requests = cluster.Requests;
        BoundedWork(cluster, requests);
        StayAtRest(cluster, checkers);
        return new RunResult(seed, cluster.Story.Hash, requests, cluster.Story.EffectiveWrites, cluster.Rules.Judged,
            cluster.Time.Now - new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
            string.Join(", ", cluster.Story.Faults.Select(fault => $"{fault.Value} x {fault.Key}")));
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
            throw Broken(cluster, "L1",
                $"still pending after {Healing.TotalMinutes:0} calm minutes: {Match.Pending(cluster, Name)}");
    }

    // L5: reconciles to converge are bounded by the size of the cluster and of the misfortune, not by its length.
    private static void BoundedWork(SimulatedCluster cluster, int requests)
    {
        var pods = cluster.Api.List("v1/pods", SimulatedCluster.Namespace).Count;
        var bound = 3000 + 600 * pods;
        if (requests > bound)
            throw Broken(cluster, "L5", $"{requests} requests for {pods} pods; at most {bound} are bearable");
    }

    // S16: nothing is written and nothing restarts while nothing happens, a restart of the operator included.
    private static void StayAtRest(SimulatedCluster cluster, IReadOnlyList<IChecker> checkers)
    {
        cluster.RunUntil(() => false, TimeSpan.FromMinutes(10), checkers);
        var before = Picture(cluster);
        cluster.KillOperator(0, "while nothing happens");
        cluster.RunUntil(() => false, Rest, checkers);
        var after = Picture(cluster);
        if (before != after)
            throw Broken(cluster, "S16", $"at rest, something was written:\n{Difference(before, after)}");
        if (Match.Pending(cluster, Name) is { } pending)
            throw Broken(cluster, "L1", $"it matched and does not stay so: {pending}");
    }

    // Every object that the operator or a StatefulSet made for the cluster, with its version.
    private static string Picture(SimulatedCluster cluster)
    {
        string[] resources =
        [
            "pingcap.com/v1alpha1/tidbclusters", "apps/v1/statefulsets", "apps/v1/deployments", "v1/services",
            "v1/configmaps", "v1/persistentvolumeclaims", "policy/v1/poddisruptionbudgets", "v1/serviceaccounts",
        ];
        var lines = resources.SelectMany(r => cluster.Api.List(r, SimulatedCluster.Namespace)
            .Where(o => ((string)o["metadata"]!["name"]!).Contains(Name, StringComparison.Ordinal))
            .Select(o => $"{r} {o["metadata"]!["name"]} {o["metadata"]!["resourceVersion"]}"));
        var pods = cluster.Api.List("v1/pods", SimulatedCluster.Namespace, $"app.kubernetes.io/instance={Name}")
            .Select(p => $"pod {p["metadata"]!["name"]} {p["metadata"]!["uid"]} "
                + p["status"]?["containerStatuses"]?[0]?["restartCount"]);
        return string.Join('\n', lines.Concat(pods));
    }

    private static string Difference(string before, string after) =>
        "- " + string.Join("\n- ", before.Split('\n').Except(after.Split('\n')))
        + "\n+ " + string.Join("\n+ ", after.Split('\n').Except(before.Split('\n')));

    private static PromiseBrokenException Broken(SimulatedCluster cluster, string invariant, string sentence) =>
        new(cluster.Seed, invariant, sentence, cluster.Story.Last(80));
}
