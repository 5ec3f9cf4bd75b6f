using Tidekeeper.Cli.Cluster;

namespace Tidekeeper.Cli.View;

/// <summary>The last lines of <c>tide up</c>: where things are, and three things to try.</summary>
internal static class NextSteps
{
    public static async Task Print(
        ClusterApi api, IReadOnlyList<(string Namespace, string Name)> clusters, CancellationToken cancel)
    {
        Console.WriteLine();
        Console.WriteLine($"kubeconfig  {Session.KubeconfigPath}");
        var addresses = SqlAddresses.Read();
        foreach (var (ns, name) in clusters)
        {
            if (addresses.TryGetValue((ns, name), out var port))
                Console.WriteLine($"mysql       127.0.0.1:{port} (cluster {ns}/{name}, user root, no password)");
        }

        if (clusters.Count == 0)
            return;
        var (firstNs, first) = clusters[0];
        var inNamespace = firstNs == "default" ? "" : $" -n {firstNs}";
        var tikv = await HasTikv(api, firstNs, first, cancel);
        Console.WriteLine();
        Console.WriteLine("Try:");
        if (addresses.TryGetValue((firstNs, first), out var sql))
            Console.WriteLine($"  mysql -h 127.0.0.1 -P {sql} -u root -e 'select tidb_version()'");
        if (tikv)
            Console.WriteLine(
                $"  KUBECONFIG={Session.KubeconfigPath} kubectl delete pod {first}-tikv-0{inNamespace}; ./tide status");
        Console.WriteLine($"  ./tide why {first}{inNamespace}");
    }

    private static async Task<bool> HasTikv(ClusterApi api, string ns, string name, CancellationToken cancel) =>
        (await api.Get(ClusterApi.TidbClusters, ns, name, cancel))?["spec"]?["tikv"] is not null;
}
