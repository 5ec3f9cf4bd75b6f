using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>
/// Pods of a cluster called basic in namespace ns, started by hand, with a clock that jumps to the next moment at which
/// somebody wants to act. Discovery gives the first caller a cluster of its own and lets the others join it.
/// </summary>
internal sealed class TestPods : IHttpListener
{
    private readonly SortedDictionary<string, IRunningProgram> _running = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryVolume> _volumes = new(StringComparer.Ordinal);
    private readonly ProgramCatalog _catalog = new();
    private readonly Random _chance = new(7);
    private string? _seed;

    public TestPods()
    {
        Registry.Scale = new DatabaseScale { ElectionTime = TimeSpan.Zero };
        TidbPrograms.AddTo(_catalog, Registry, (rows, server) => new EchoSql(rows, server));
        Network.Resolve = (_, name) => Resolve(name);
        Network.Listen("10.0.9.9", 10261, this);
    }

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public DatabaseRegistry Registry { get; } = new();
    public PodNetwork Network { get; } = new();
    public SortedDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);
    public List<string> Logs { get; } = [];

    /// <summary>Bytes of every disk; null for no limit but the one in the environment.</summary>
    public long? DiskSize { get; set; }

    /// <summary>When set, discovery says this to everybody.</summary>
    public string? DiscoverySays { get; set; }

    /// <summary>The only database there is.</summary>
    public Database Database => Registry.All.Single();

    public IKeyValue Rows => new KeyValueClient(Database, Network, "10.0.8.8", () => Now);

    public static TestPods WithPd(int members) => new TestPods().StartAll("pd", members).After(12);

    /// <summary>The same with a database of that size.</summary>
    public static TestPods WithStores(int stores, DatabaseScale scale)
    {
        var pods = new TestPods();
        pods.Registry.Scale = scale;
        return pods.StartAll("pd", 1).After(12).StartAll("tikv", stores).After(300);
    }

    public static TestPods WithStores(int stores) => WithPd(1).StartAll("tikv", stores).After(120);

    public TestPods StartAll(string component, int count)
    {
        for (var number = 0; number < count; number++)
            Start($"basic-{component}-{number}");
        return this;
    }

    public TestPods Start(string pod, params (string Name, string Value)[] environment) =>
        Start(pod, null, environment);

    /// <summary>As after a real start script: binary and flags are given.</summary>
    public TestPods StartBinary(string pod, string commandLine) => Start(pod, commandLine.Split(' '), []);

    private TestPods Start(string pod, string[]? commandLine, (string Name, string Value)[] environment)
    {
        var component = pod.Split('-')[1];
        _addresses[pod] = AddressOf(pod);
        _running[pod] = _catalog.Find($"pingcap/{component}")!.Start(new ContainerContext
        {
            Namespace = "ns",
            PodName = pod,
            PodUid = $"uid-{pod}",
            PodAddress = AddressOf(pod),
            NodeName = "node-1",
            Labels = new SortedDictionary<string, string>(),
            Container = [],
            ImageTag = "v8.5.1",
            CommandLine = commandLine,
            Environment = new SortedDictionary<string, string>(environment.ToDictionary(e => e.Name, e => e.Value))
            {
                ["CLUSTER_NAME"] = "basic",
                ["PEER_SERVICE_NAME"] = "basic-pd-peer",
                ["HEADLESS_SERVICE_NAME"] = $"basic-{component}-peer",
                ["CAPACITY"] = "10Gi",
            },
            ReadFile = Files.GetValueOrDefault,
            Volumes = new SortedDictionary<string, IVolume> { [MountPath(component)] = Volume(pod) },
            DiskSize = _ => DiskSize,
            Log = line => Logs.Add($"{pod}: {line}"),
            Network = Network,
            Chance = _chance,
            Now = () => Now,
        });
        return this;
    }

    /// <summary>The same volumes in a new world: nothing is remembered but what was written.</summary>
    public TestPods InAnotherProcess()
    {
        var other = new TestPods { Now = Now };
        foreach (var (pod, volume) in _volumes)
            other._volumes.Add(pod, volume);
        return other;
    }

    public MemoryVolume Volume(string pod)
    {
        if (!_volumes.TryGetValue(pod, out var volume))
            _volumes.Add(pod, volume = new MemoryVolume());
        return volume;
    }

    public int? ExitCode(string pod) => _running[pod].ExitCode;

    public string LastLog(string pod) => Logs.Last(l => l.StartsWith($"{pod}: ", StringComparison.Ordinal));

    public TestPods Kill(params string[] pods)
    {
        foreach (var pod in pods)
            _running[pod].Kill();
        return this;
    }

    public TestPods Terminate(string pod)
    {
        _running[pod].Terminate();
        return this;
    }

    public TestPods LoseVolume(string pod)
    {
        _volumes.Remove(pod);
        return this;
    }

    /// <summary>Nobody in one group reaches anybody outside it.</summary>
    public TestPods CutOff(params string[] pods)
    {
        var apart = pods.Select(AddressOf).ToHashSet();
        Network.Reachable = (from, to, _) => apart.Contains(from) == apart.Contains(to);
        return this;
    }

    public TestPods After(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            DateTimeOffset? next = null;
            foreach (var program in _running.Values)
            {
                if (program.Act(Now) is { } due && (next is null || due < next))
                    next = due;
            }

            if (next is null || next >= end)
                break;
            Now = next > Now ? next.Value : Now + TimeSpan.FromMilliseconds(1);
        }

        Now = end;
        return this;
    }

    public HttpReply Call(string pod, int port, string method, string path, string body = "")
    {
        HttpReply? answer = null;
        Network.Send("10.0.8.8", AddressOf(pod), port, new HttpCall(method, path, body), reply => answer = reply);
        return answer ?? new HttpReply(0, "no answer");
    }

    public HttpReply Pd(string method, string path, string body = "", string pod = "basic-pd-0") =>
        Call(pod, 2379, method, path, body);

    public JsonNode PdJson(string path) => JsonNode.Parse(Pd("GET", path).Body)!;

    /// <summary>Name and state of all stores that are no tombstones, in order of their ids.</summary>
    public string Stores(string query = "") => string.Join(' ', PdJson($"/pd/api/v1/stores{query}")["stores"]!.AsArray()
        .Select(s => $"{((string)s!["store"]!["address"]!).Split('.')[0]}={s["store"]!["state_name"]}"));

    public ulong StoreId(string pod) => Database.Pd.State.Stores
        .First(s => s.State != 2 && s.Address.StartsWith($"{pod}.", StringComparison.Ordinal)).Id;

    public int Leaders(string pod) => Database.Stores.Regions.All.Count(r => r.LeaderStore == StoreId(pod));

    public void Handle(HttpCall call, Action<HttpReply> reply)
    {
        var host = Encoding.UTF8.GetString(Convert.FromBase64String(call.PathAndQuery["/new/".Length..]));
        var pod = host.Split('.')[0];
        _seed ??= pod;
        reply(DiscoverySays is { } said
            ? new HttpReply(said.StartsWith("--", StringComparison.Ordinal) ? 200 : 503, said)
            : _seed == pod ? new HttpReply(200, $"--initial-cluster={pod}=http://{host}")
            : new HttpReply(200, $"--join=http://{_seed}.basic-pd-peer.ns.svc:2379"));
    }

    private IReadOnlyList<string> Resolve(string name)
    {
        var parts = name.Split('.');
        return parts[0] == "basic-discovery" ? ["10.0.9.9"]
            : parts[0] == "basic-pd" ? [.. Enumerable.Range(0, 9).Select(n => AddressOf($"basic-pd-{n}"))]
            : _addresses.TryGetValue(parts[0], out var address) ? [address]
            : [];
    }

    private static string MountPath(string component) =>
        component == "tiflash" ? "/data0" : $"/var/lib/{component}";

    public static string AddressOf(string pod)
    {
        var parts = pod.Split('-');
        var net = Array.IndexOf(["pd", "tikv", "tidb", "tiflash"], parts[1]);
        return $"10.0.{net}.{int.Parse(parts[2]) + 1}";
    }
}

/// <summary>A volume in memory.</summary>
internal sealed class MemoryVolume : IVolume
{
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public byte[]? Read(string name) => _blobs.GetValueOrDefault(name);
    public void Write(string name, byte[] content) => _blobs[name] = content;
    public void Delete(string name) => _blobs.Remove(name);
    public IReadOnlyList<string> Names => [.. _blobs.Keys];
}

/// <summary>A SQL front that understands "put KEY VALUE", "get KEY", "begin", "end" and "sleep N".</summary>
internal sealed class EchoSql(IKeyValue rows, TidbServer server) : ISqlListener
{
    public ISqlSession Open(string user, string? database, string clientHost = "127.0.0.1") =>
        new Session(rows, server);

    private sealed class Session(IKeyValue rows, TidbServer server) : ISqlSession
    {
        public bool InTransaction { get; private set; }

        public SqlResult Execute(string statement)
        {
            var words = statement.Split(' ');
            if (words[0] == "put")
                rows.Commit([(words[1], Encoding.UTF8.GetBytes(words[2]))]);
            if (words[0] is "begin" or "end")
                InTransaction = words[0] == "begin";
            if (words[0] == "sleep")
                return new SqlResult(null, [], 0, 0) { Delay = TimeSpan.FromSeconds(int.Parse(words[1])) };
            var known = words is ["put" or "get", ..] && words.Length > 1 ? rows.Get(words[1]) : null;
            var value = known is null ? server.Version : Encoding.UTF8.GetString(known);
            return new SqlResult(null, [[value]], 0, 0);
        }

        public void Close() { }
    }
}
