using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd;

/// <summary>
/// A cluster that somebody lends to the tests (<c>./tide test --world control-plane --cluster KUBECONFIG</c>). One test
/// after another has it for itself, and leaves it as it was.
/// </summary>
internal sealed class LentCluster
{
    // What belongs to no namespace and is left behind by installations, clusters and volumes.
    private const string Kinds = "namespaces,customresourcedefinitions,persistentvolumes,storageclasses,clusterroles,"
        + "clusterrolebindings,priorityclasses,validatingwebhookconfigurations";

    private static readonly SemaphoreSlim Free = new(1);
    private readonly SortedSet<string> _before = new(StringComparer.Ordinal);

    private LentCluster() { }

    /// <summary>Its kubeconfig; null where the tests make control planes of their own.</summary>
    public static string? KubeConfigFile { get; } =
        Environment.GetEnvironmentVariable("TIDE_TEST_CLUSTER") is { Length: > 0 } file ? file : null;

    /// <summary>Waits until nobody else has it.</summary>
    public static async Task<LentCluster> Take()
    {
        await Free.WaitAsync();
        var lent = new LentCluster();
        try
        {
            await Check();
            lent._before.UnionWith(await Objects());
            return lent;
        }
        catch
        {
            Free.Release();
            throw;
        }
    }

    /// <summary>Namespaces of the test go while there are nodes that can end their pods.</summary>
    public async Task Empty()
    {
        foreach (var made in (await Objects()).Where(one => one.StartsWith("namespace/", StringComparison.Ordinal)))
        {
            if (!_before.Contains(made))
                await Kubectl($"delete {made} --timeout=120s");
        }
    }

    /// <summary>All else that was not there before goes, and the next test may begin.</summary>
    public async Task Return()
    {
        try
        {
            var made = (await Objects()).Where(one => !_before.Contains(one)).ToList();
            if (made.Count > 0)
                await Kubectl($"delete {string.Join(' ', made)} --ignore-not-found --timeout=60s");
        }
        finally
        {
            Free.Release();
        }
    }

    /// <summary>Nothing of others is touched: neither clusters that are there, nor nodes that are real.</summary>
    private static async Task Check()
    {
        var found = await Kubectl("get customresourcedefinitions tidbclusters.pingcap.com --ignore-not-found -o name");
        if (found.Length > 0)
        {
            throw new InvalidOperationException($"--cluster {KubeConfigFile}: it serves TidbClusters already, and the "
                + "tests install and remove their definition; lend one without");
        }

        var nodes = JsonNode.Parse(await Kubectl("get nodes -o json"))!["items"]!.AsArray()
            .Where(node => (bool?)node!["spec"]?["unschedulable"] != true)
            .Select(node => (string)node!["metadata"]!["name"]!).ToList();
        if (nodes.Count > 0)
        {
            throw new InvalidOperationException($"--cluster {KubeConfigFile}: pods of simulated databases would be "
                + $"given to its nodes, where there are none: kubectl cordon {string.Join(' ', nodes)}");
        }
    }

    private static async Task<string[]> Objects() =>
        (await Kubectl($"get {Kinds} -o name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> Kubectl(string arguments)
    {
        var said = await Client.Try("kubectl", ["--kubeconfig", KubeConfigFile!, .. arguments.Split(' ')]);
        return said.ExitCode == 0 ? said.Output : throw new InvalidOperationException($"{arguments}: {said.All}");
    }
}
