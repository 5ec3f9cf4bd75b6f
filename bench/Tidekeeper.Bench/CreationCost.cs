using Tidekeeper.Kube;
using Tidekeeper.Simulation;

namespace Tidekeeper.Bench;

/// <summary>Requests to the API that a creation costs, and an hour in which nothing happens.</summary>
internal static class CreationCost
{
    private static readonly string[] Kinds =
    [
        "apps/v1/statefulsets", "apps/v1/deployments", "apps/v1/replicasets", "v1/pods", "v1/services", "v1/configmaps",
        "v1/persistentvolumeclaims", "v1/serviceaccounts", "policy/v1/poddisruptionbudgets",
        "rbac.authorization.k8s.io/v1/roles", "rbac.authorization.k8s.io/v1/rolebindings",
    ];

    private static readonly string[] Writes = ["apply", "status", "event", "delete", "post", "put"];

    public static IReadOnlyList<Measured> Run()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var world = SettledWorld.Of(3, 3, 2, cluster => cluster.Wrap = inner => new Counting(inner, counts));
        // What comes after Ready belongs to the creation too.
        world.RunUntil(() => false, TimeSpan.FromMinutes(10), []);
        var creation = ApiTransport.Print(counts);
        var writes = Writes.Sum(verb => counts.GetValueOrDefault(verb));
        var made = counts.GetValueOrDefault("apply");
        var objects = Kinds.Sum(kind => world.Api.List(kind, SimulatedCluster.Namespace)
            .Count(item => ((string)item["metadata"]!["name"]!).Contains(SettledWorld.Name, StringComparison.Ordinal)));

        counts.Clear();
        world.RunUntil(() => false, TimeSpan.FromHours(1), []);
        var idle = counts.Where(count => count.Key is not ("lease" or "watch")).Sum(count => count.Value);
        return
        [
            new("API writes to create 3 PD + 3 TiKV + 2 TiDB", "≤ 1.2 × objects at the end",
                $"{writes} for {objects} objects: {(double)writes / objects:0.00} × ({made} of the objects "
                + "are the operator's, Kubernetes makes the rest)"),
            new("— requests by verb", "", creation),
            new("idle hour: API requests besides watches and the lease", "0 writes, ≤ 12 requests",
                $"{Writes.Sum(verb => counts.GetValueOrDefault(verb))} writes, {idle} requests"),
        ];
    }

    private sealed class Counting(IKubeTransport inner, SortedDictionary<string, int> counts) : IKubeTransport
    {
        public Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel)
        {
            Count(request);
            return inner.Send(request, cancel);
        }

        public Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel)
        {
            Count(request);
            return inner.Watch(request, cancel);
        }

        private void Count(KubeRequest request)
        {
            var verb = ApiTransport.Verb(request);
            counts[verb] = counts.GetValueOrDefault(verb) + 1;
        }
    }
}
