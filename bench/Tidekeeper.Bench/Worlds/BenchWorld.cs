using System.Diagnostics;

namespace Tidekeeper.Bench.Worlds;

/// <summary>
/// A cluster for one measurement, used as its users do: the playground, or a real control plane with simulated nodes.
/// </summary>
internal sealed class BenchWorld : IDisposable
{
    private const int Nodes = 12;
    private readonly string _home = Directory.CreateTempSubdirectory("tide-bench-").FullName;
    private readonly string _root;
    private readonly bool _isReal;

    private BenchWorld(string root, bool isReal) => (_root, _isReal) = (root, isReal);

    private string Kubeconfig => Path.Combine(_home, "kubeconfig");
    private string PlaneData => Path.Combine(_home, "plane");

    public static BenchWorld Start(string root, bool isReal)
    {
        var world = new BenchWorld(root, isReal);
        if (!isReal)
        {
            var nothing = Path.Combine(world._home, "hello.yaml");
            File.WriteAllText(nothing, "{apiVersion: v1, kind: Namespace, metadata: {name: hello}}");
            world.Run("bash", Path.Combine(root, "tide"), "up", "--detach", "--nodes", $"{Nodes}", "--regions", "6",
                "-f", nothing);
            return world;
        }

        world.Run("bash", Path.Combine(root, "eng", "control-plane.sh"), "up", "--data", world.PlaneData,
            "--owner", $"{Environment.ProcessId}");
        var plane = Path.Combine(world.PlaneData, "kubeconfig");
        world.Run("bash", Path.Combine(root, "tide"), "node", "--detach", "--kubeconfig", plane, "--nodes", $"{Nodes}",
            "--regions", "6");
        world.Run("helm", "install", "tidekeeper", Path.Combine(root, "charts", "tidekeeper"), "--namespace",
            "tidekeeper-system", "--create-namespace", "--wait", "--set", "replicas=1");
        return world;
    }

    /// <summary>What the operator has asked of the API server so far, by verb.</summary>
    public SortedDictionary<string, double> Requests()
    {
        var address = Kubectl("get", "pods", "-n", "tidekeeper-system", "-o", "jsonpath={.items[0].status.podIP}");
        var page = Run("curl", "-s", $"http://{address.Trim()}:8080/metrics");
        var found = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in page.Split('\n'))
        {
            if (!line.StartsWith("tidekeeper_api_requests_total{", StringComparison.Ordinal))
                continue;
            var verb = line.Split("verb=\"")[1].Split('"')[0];
            found[verb] = found.GetValueOrDefault(verb) + double.Parse(line.Split(' ')[1]);
        }

        return found;
    }

    /// <summary>CPU seconds used and bytes resident of the operator's process.</summary>
    public (double Cpu, long Memory) Operator()
    {
        var process = File.ReadLines(Path.Combine(_home, "children")).Last().Split(' ')[0];
        var stat = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        var resident = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return ((double.Parse(stat[11]) + double.Parse(stat[12])) / 100,
            long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024);
    }

    public string Kubectl(params string[] arguments) => Run("kubectl", arguments);

    public string Apply(string manifests)
    {
        var file = Path.Combine(_home, "apply.yaml");
        File.WriteAllText(file, manifests);
        return Kubectl("apply", "-f", file);
    }

    public void Dispose()
    {
        Run("bash", Path.Combine(_root, "tide"), "down");
        if (_isReal)
            Run("bash", Path.Combine(_root, "eng", "control-plane.sh"), "down", "--data", PlaneData);
        Directory.Delete(_home, recursive: true);
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TIDE_HOME"] = _home;
        start.Environment["KUBECONFIG"] = File.Exists(Kubeconfig) ? Kubeconfig : Path.Combine(PlaneData, "kubeconfig");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}{output}");
    }
}
