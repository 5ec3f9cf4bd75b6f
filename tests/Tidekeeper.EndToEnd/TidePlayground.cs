using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tidekeeper.EndToEnd;

/// <summary>
/// A cluster with its own <c>TIDE_HOME</c>, used as its users do: through tide and kubectl. In the world of the
/// playground it is one; in the others a real control plane has been joined by nodes, and the operator been installed.
/// </summary>
public sealed class TidePlayground : IAsyncDisposable
{
    private ControlPlane? _plane;
    private LentCluster? _lent;
    private RealNodes? _nodes;
    private readonly SortedSet<string> _namespaces = new(StringComparer.Ordinal);
    private readonly string _home;

    public TidePlayground() => _home = Directory.CreateTempSubdirectory("tide-e2e-").FullName;

    /// <summary>The same world, for tests that have namespaces of their own in it.</summary>
    public TidePlayground(TidePlayground whole) =>
        (_home, _plane, _lent, _nodes) = (whole._home, whole._plane, whole._lent, whole._nodes);

    /// <summary>Its <c>TIDE_HOME</c>.</summary>
    public string Home => _home;

    /// <summary>For <c>--data-dir</c>; goes with the home.</summary>
    public string DataDirectory => Path.Combine(_home, "data");

    private SortedDictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["TIDE_HOME"] = _home,
        ["KUBECONFIG"] = Path.Combine(_home, "kubeconfig"),
        ["NO_COLOR"] = "1",
    };

    public async Task<string> Up(params string[] options)
    {
        if (!TestWorld.IsPlayground)
            return await Join(options);
        var file = await Write("hello.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: hello}}");
        return await Tide(["up", "--detach", "-f", file, .. options]);
    }

    private async Task<string> Join(string[] options)
    {
        if (LentCluster.KubeConfigFile is { } lent)
        {
            _lent = await LentCluster.Take();
            return await Join(lent, options);
        }

        var plane = new ControlPlane();
        try
        {
            await plane.Start();
        }
        catch
        {
            await plane.DisposeAsync();
            throw;
        }

        _plane = plane;
        if (TestWorld.Name == TestWorld.Kubelet)
        {
            _nodes = new RealNodes(Path.Combine(_home, "nodes"));
            await _nodes.Start(_plane.KubeConfigFile);
            options = [.. options, "--kubelet", "real"];
        }

        return await Join(_plane.KubeConfigFile, options);
    }

    private async Task<string> Join(string kubeConfigFile, string[] options)
    {
        var said = await Tide(["node", "--detach", "--kubeconfig", kubeConfigFile, .. options]);
        await Installation.Helm(kubeConfigFile);
        return said;
    }

    /// <summary>A file that goes with the home; the path of it.</summary>
    public async Task<string> Write(string name, string text)
    {
        var file = Path.Combine(_home, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    public Task<string> Tide(params string[] arguments) => Must(TryTide(arguments), arguments);

    internal Task<Said> TryTide(params string[] arguments) => Client.Try("dotnet", Program(arguments), Environment);

    /// <summary>A command that goes on: its output can be read while it does.</summary>
    internal Process Start(params string[] arguments) => Client.Start("dotnet", Program(arguments), Environment);

    /// <summary>Notes from now on which pods there are in a namespace, however often the server goes.</summary>
    internal PodWatch Watch(string ns) => new(Client.Start("sh",
        ["-c", $"while :; do kubectl get pods -n {ns} --watch --no-headers "
            + "-o custom-columns=N:.metadata.name,U:.metadata.uid; sleep 0.3; done"], Environment));

    /// <summary>
    /// The API server does not answer until it is started again. In the playground everything in its process stands
    /// still with it.
    /// </summary>
    public async Task StopServer()
    {
        if (_plane is null)
            await Client.Try("kill", ["-STOP", $"{ProcessId}"]);
        else
            await _plane.StopServer();
    }

    public async Task StartServer()
    {
        if (_plane is null)
            await Client.Try("kill", ["-CONT", $"{ProcessId}"]);
        else
            await _plane.StartServer();
    }

    private static string[] Program(string[] arguments) =>
        [Path.Combine(AppContext.BaseDirectory, "tide.dll"), .. arguments];

    public Task<string> Kubectl(string arguments, string? input = null) =>
        Must(TryKubectl(arguments, input), arguments);

    internal Task<Said> TryKubectl(string arguments, string? input = null)
    {
        if (arguments.Split(' ') is ["create", "namespace", var made])
            _namespaces.Add(made);
        return Client.Try("kubectl", arguments.Split(' '), Environment, input);
    }

    /// <summary>
    /// Deletes objects and waits until these are gone. kubectl's own waiting never ends where another object of the
    /// name comes between its two looks: a simulated pod follows its predecessor within a twentieth of a second.
    /// </summary>
    public async Task Delete(string ns, string objects)
    {
        var uids = $"get -n {ns} {objects} --ignore-not-found -o jsonpath={{..metadata.uid}}";
        var gone = (await Kubectl(uids)).Split(' ');
        await Kubectl($"delete -n {ns} {objects} --wait=false");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(150), TimeProvider.System);
        while ((await Kubectl(uids)).Split(' ').Intersect(gone, StringComparer.Ordinal).Any())
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
    }

    /// <summary>Makes the namespace if need be, applies a manifest there and waits for the cluster.</summary>
    public async Task Create(string ns, string manifest)
    {
        await TryKubectl($"create namespace {ns}");
        await Kubectl($"apply -n {ns} -f -", manifest);
        await Ready(ns);
    }

    /// <summary>
    /// Takes away what a test has made in a world that it shares: clusters that go on cost real nodes their processors.
    /// </summary>
    public async Task Clear()
    {
        foreach (var ns in _namespaces)
            await Kubectl($"delete namespace {ns} --wait=false --ignore-not-found");
        _namespaces.Clear();
    }

    public async Task Ready(string ns)
    {
        var said = await TryKubectl(
            $"wait -n {ns} tc --all --for=condition=Ready --timeout={TestWorld.Patience.TotalSeconds}s");
        if (said.ExitCode != 0)
            Assert.Fail(said.All + (await TryTide("why", "-n", ns)).All);
    }

    public async Task<JsonNode> Get(string ns, string what) =>
        JsonNode.Parse(await Kubectl($"get -n {ns} {what} -o json"))!;

    /// <summary>One statement, or several, through mysql; the rows without headers.</summary>
    public async Task<string> Sql(string ns, string cluster, string statements)
    {
        var said = await TrySql(ns, cluster, statements);
        Assert.True(said.ExitCode == 0, said.All);
        return said.Output;
    }

    internal async Task<Said> TrySql(string ns, string cluster, string statements) => await Client.Try(
        "mysql", ["-h", "127.0.0.1", "-P", await SqlPort(ns, cluster), "-u", "root", "-N", "-e", statements]);

    public async Task<string> SqlPort(string ns, string cluster)
    {
        var seen = JsonNode.Parse(await Tide("status", cluster, "-n", ns, "-o", "json"))!;
        var view = seen as JsonObject ?? seen[0]!;
        return ((string?)view["mysql"])?.Split(':')[1] ?? "0";
    }

    public int ProcessId => (int)Running["processId"]!;

    /// <summary>The way to pods, as HTTP_PROXY takes it.</summary>
    public string Proxy => (string)Running["proxy"]!;

    private JsonNode Running => JsonNode.Parse(File.ReadAllText(Path.Combine(_home, "playground.json")))!;

    /// <summary>The processes of the operator that run now, each with the name of its pod.</summary>
    public SortedDictionary<string, int> Operators()
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var process in _nodes is null ? Children : RealNodes.Processes("/app/tidekeeper-operator run"))
        {
            if (File.Exists($"/proc/{process}/environ") && File.ReadAllText($"/proc/{process}/environ").Split('\0')
                .FirstOrDefault(one => one.StartsWith("HOSTNAME=", StringComparison.Ordinal)) is { } name)
                found[name["HOSTNAME=".Length..]] = process;
        }

        return found;
    }

    private IEnumerable<int> Children => File.ReadLines(Path.Combine(_home, "children"))
        .Select(line => int.Parse(line.Split(' ')[0]));

    /// <summary>The process of the operator, once one runs: after it was killed that takes a moment.</summary>
    public async Task<int> Operator()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            var last = _nodes is null ? Children.Last()
                : RealNodes.Processes("/app/tidekeeper-operator run").FirstOrDefault();
            if (last > 0 && Directory.Exists($"/proc/{last}"))
                return last;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lent is not null)
            await _lent.Empty();
        await TryTide("down");
        if (_lent is not null)
            await _lent.Return();
        if (_nodes is not null)
            await _nodes.Stop();
        Directory.Delete(_home, recursive: true);
        if (_plane is null)
            return;
        try
        {
            await Installation.Audit(_plane);
        }
        finally
        {
            await _plane.DisposeAsync();
        }
    }

    private static async Task<string> Must(Task<Said> running, params string[] arguments)
    {
        var said = await running;
        Assert.True(said.ExitCode == 0, $"{string.Join(' ', arguments)}: {said.All}");
        return said.Output;
    }
}
