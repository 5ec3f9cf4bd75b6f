using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Toml;
using Tidekeeper.Playground.Databases.TiDB.Pd;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>The image <c>pingcap/pd</c>.</summary>
internal sealed class PdProgram(DatabaseRegistry registry) : IProgram
{
    public IRunningProgram Start(ContainerContext context) => new PdProcess(registry, context);
}

/// <summary>
/// One PD member. With data it goes on; without, it asks discovery whether to begin a cluster or to join one. It never
/// decides that by itself.
/// </summary>
internal sealed class PdProcess(DatabaseRegistry registry, ContainerContext context) : SimulatedProcess(context)
{
    private const string ForceFile = "/etc/pd/force-new-cluster";

    // Of pd-server's requests to etcd. A member that is added and does not hear of it keeps all others from joining.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(10);

    private PdEnsemble? _ensemble;
    private PdReplica? _replica;
    private bool _delayed;
    private long _seen;

    protected override string ServiceVariable => "PEER_SERVICE_NAME";

    protected override string ConfigPath => "/etc/pd/pd.toml";

    protected override string KnownFlags => "data-dir name peer-urls advertise-peer-urls client-urls "
        + "advertise-client-urls config join initial-cluster force-new-cluster! L log-file cacert cert key";

    protected override string HostFlag => "advertise-peer-urls";

    private int ClientPort => Flags.Port("client-urls") ?? PortVariable("TIDEKEEPER_CLIENT_PORT")
        ?? Config.Port("client-urls", "config.Config", TidbPorts.PdClient);

    private int PeerPort => Flags.Port("peer-urls") ?? PortVariable("TIDEKEEPER_PEER_PORT")
        ?? Config.Port("peer-urls", "config.Config", TidbPorts.PdPeer);

    private string PeerUrl => $"http://{OwnHost}:{PeerPort}";

    private string ClientUrl => $"http://{OwnHost}:{ClientPort}";

    private string DataPath => Flags["data-dir"] ?? "/var/lib/pd";

    private IVolume? Volume => VolumeAt(DataPath);

    /// <summary>By this folder the start script knows that there is a member.</summary>
    private SubVolume Raft => new(Volume!, "member/wal");

    /// <summary>
    /// The pod's name; with a cluster domain the whole host name, since other clusters have pods of that name.
    /// </summary>
    private string MemberName => Flags["name"]
        ?? (Environment("TIDEKEEPER_CLUSTER_DOMAIN").Length > 0 ? OwnHost : Context.PodName);

    /// <summary>
    /// Whether the start script gives <c>--force-new-cluster</c>: only to the member that is named, by the
    /// environment or by a file beside the configuration.
    /// </summary>
    private bool IsForced => IsScripted ? Flags.Has("force-new-cluster")
        : Environment("TIDEKEEPER_FORCE_NEW_CLUSTER") == Context.PodName
            || Context.ReadFile(ForceFile)?.Trim() == Context.PodName;

    protected override void CheckConfig()
    {
        _ = (ClientPort, PeerPort);
        Config.Text("log.level", "log.Config");
        if (Config.Number("replication.max-replicas", "config.ReplicationConfig") == 0)
            throw new ConfigFault("replication.max-replicas should be greater than 0");
        Config.Texts("replication.location-labels", "config.ReplicationConfig");
        if (Config.Text("schedule.max-store-down-time", "config.ScheduleConfig") is { } text
            && GoDuration.Parse(text) is null)
            throw new ConfigFault($"schedule.max-store-down-time: time: invalid duration \"{text}\"");
        PdConfig.Check(Config);
    }

    protected override bool SeesNews => _ensemble is not null && _seen != Stamp;

    private long Stamp => _ensemble!.Changes + Context.Network.Cuts;

    protected override DateTimeOffset? Work(DateTimeOffset now)
    {
        if (_replica is { } replica && _ensemble is { } ensemble)
        {
            _seen = Stamp;
            var due = ensemble.Tick(now);
            if (replica.Index > 0 && !replica.IsMember)
                Fail("the member has been permanently removed from the cluster", $"member-id={replica.MemberId:x}");
            return due;
        }

        if (Volume is not { } volume)
        {
            Fail($"failed to create data directory {DataPath}", "error=\"no volume is mounted there\"");
            return null;
        }

        if (!_delayed && !IsScripted)
        {
            // The script sleeps for some seconds, so that members of a new cluster do not all come at once.
            _delayed = true;
            Sleep(TimeSpan.FromMilliseconds(Context.Chance.Next(200, 700)));
            return now;
        }

        if (PdReplica.ReadIdentity(Raft) is { } identity)
            GoOn(identity);
        else if (IsForced)
            Fail("--force-new-cluster needs the data of a member, and there is none", $"data-dir={DataPath}");
        else if (volume.Read("join") is { } join)
            Fail("there is a join file but no member data", $"join=\"{Encoding.UTF8.GetString(join)}\"");
        else if (IsScripted)
            Obey();
        else
            AskDiscovery();
        return Now;
    }

    /// <summary>A member that is told nothing begins a cluster of its own.</summary>
    private void Obey()
    {
        if (Flags["join"] is { } join)
            Join(join.Split(',', StringSplitOptions.RemoveEmptyEntries));
        else
            Begin(Flags["initial-cluster"] ?? $"{MemberName}={PeerUrl}");
    }

    private void AskDiscovery()
    {
        var service = Environment(ServiceVariable);
        var cluster = Environment("CLUSTER_NAME",
            service.EndsWith("-pd-peer", StringComparison.Ordinal) ? service[..^"-pd-peer".Length] : service);
        var (host, port) = Endpoint("TIDEKEEPER_DISCOVERY", $"{cluster}-discovery", TidbPorts.Discovery);
        var self = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{OwnHost}:{PeerPort}"));
        Ask(host, port, new HttpCall("GET", $"/new/{self}"), reply =>
        {
            if (reply is { Status: 200 })
            {
                Obey(reply.Body.Trim());
                return;
            }

            Log("WARN", "waiting for discovery service to return start args", $"url={host}:{port}",
                reply is null ? "answer=none" : $"status={reply.Status}", $"body=\"{reply?.Body.Trim()}\"");
            Sleep(TimeSpan.FromMilliseconds(Context.Chance.Next(400, 1400)));
        });
    }

    private void Obey(string arguments)
    {
        Log("INFO", "starting pd-server", $"args=\"{arguments}\"");
        if (arguments.StartsWith("--initial-cluster=", StringComparison.Ordinal))
            Begin(arguments["--initial-cluster=".Length..]);
        else if (arguments.StartsWith("--join=", StringComparison.Ordinal))
            Join(arguments["--join=".Length..].Split(',', StringSplitOptions.RemoveEmptyEntries));
        else
            Fail($"flag provided but not defined: {arguments}");
    }

    /// <summary>Begins a cluster; with several names, those who were told the same begin it together.</summary>
    private void Begin(string initialCluster)
    {
        var members = initialCluster.Split(',').Select(m => m.Split('=', 2)).Where(m => m.Length == 2).ToList();
        if (!members.Exists(m => m[0] == MemberName))
        {
            Fail($"couldn't find local name \\\"{MemberName}\\\" in the initial cluster "
                + $"configuration \\\"{initialCluster}\\\"");
            return;
        }

        var forming = registry.Forming(Context.Namespace, initialCluster);
        if (forming is not null && forming.Pd.Replicas.Any(r => r.Name == MemberName))
        {
            Fail("tocommit is out of range [lastIndex(0)]. Was the raft log corrupted, truncated, or lost?");
            return;
        }

        var database = forming ?? registry.Open(FreshId(), Context.Chance, Context.Now);
        database.InitialCluster = (Context.Namespace, initialCluster);
        _ensemble = database.Pd;
        _replica = Replica(MemberId(initialCluster, MemberName));
        _ensemble.Bootstrap(_replica, new PdState
        {
            Members = [.. members.Select(m => m[0] == MemberName ? _replica.Describe([m[1]]) : new PdMember
            {
                Name = m[0],
                MemberId = MemberId(initialCluster, m[0]),
                PeerUrls = [m[1]],
                ClientUrls = [m[1].Replace($":{TidbPorts.PdPeer}", $":{TidbPorts.PdClient}", StringComparison.Ordinal)],
            })],
            Replication = InitialReplication(),
            Schedule = InitialSchedule(),
        });
        Serve();
    }

    private void Join(string[] urls)
    {
        if (urls.Contains(ClientUrl))
        {
            Fail("join self is forbidden", $"join={string.Join(',', urls)}");
            return;
        }

        TryJoin(urls, 0);
    }

    private void TryJoin(string[] urls, int number)
    {
        if (number == urls.Length || !Uri.TryCreate(urls[number], UriKind.Absolute, out var url))
        {
            Fail("join meet error", $"join=\"{string.Join(',', urls)}\"", "error=\"context deadline exceeded\"");
            return;
        }

        var memberId = FreshId();
        var body = new JsonObject
        {
            ["name"] = MemberName,
            ["peer_url"] = PeerUrl,
            ["member_id"] = memberId.ToString(CultureInfo.InvariantCulture),
        };
        Ask(url.Host, url.Port, new HttpCall("POST", PdRpc.MemberAdd, body.ToJsonString()), reply =>
        {
            switch (reply?.Status)
            {
                case 200:
                    Joined(JsonNode.Parse(reply.Body)!.AsObject(), memberId);
                    break;
                case 400:
                    Fail("join meet error", $"error=\"{reply.Body}\"");
                    break;
                default:
                    TryJoin(urls, number + 1);
                    break;
            }
        }, JoinLimit);
    }

    private void Joined(JsonObject answer, ulong memberId)
    {
        Volume!.Write("join", Encoding.UTF8.GetBytes((string)answer["initial_cluster"]!));
        _ensemble = registry.Open((ulong)answer["cluster_id"]!, Context.Chance, Context.Now).Pd;
        _replica = Replica(memberId);
        _replica.WriteIdentity(_ensemble.ClusterId);
        Serve();
        _ensemble.Start(_replica);
        _ensemble.Tick(Now);
    }

    private void GoOn(PdIdentity identity)
    {
        _ensemble = registry.Open(identity.ClusterId, Context.Chance, Context.Now).Pd;
        if (_ensemble.Running(identity.MemberId) is not null)
        {
            Fail("cannot open database: the file is locked by another process", $"member-id={identity.MemberId:x}");
            return;
        }

        _replica = Replica(identity.MemberId);
        _replica.ReadState();
        if (IsForced)
        {
            Log("WARN", "forcing a new cluster of this member alone", $"member-id={identity.MemberId:x}");
            _replica.BeginAlone([PeerUrl]);
        }

        Serve();
        _ensemble.Start(_replica);
    }

    private void Serve()
    {
        var api = new PdApi(_replica!, _ensemble!, Context.Now);
        Listen(ClientPort, api);
        Listen(PeerPort, api);
        Log("INFO", "PD cluster is serving", $"cluster-id={_ensemble!.ClusterId}", $"member-id={_replica!.MemberId:x}");
    }

    private PdReplica Replica(ulong memberId) => new()
    {
        Namespace = Context.Namespace,
        Name = MemberName,
        MemberId = memberId,
        PodAddress = Context.PodAddress,
        ClientUrl = ClientUrl,
        Version = Version,
        Started = Now,
        Network = Context.Network,
        Volume = Raft,
        LogLevel = Config.FindText("log.level") ?? "info",
    };

    private PdReplication InitialReplication() => new()
    {
        MaxReplicas = (ulong)(Config.Number("replication.max-replicas", "config.ReplicationConfig") ?? 3),
        LocationLabels = string.Join(',',
            Config.Texts("replication.location-labels", "config.ReplicationConfig") ?? []),
        IsolationLevel = Config.Text("replication.isolation-level", "config.ReplicationConfig") ?? "",
    };

    private JsonObject InitialSchedule()
    {
        var schedule = new JsonObject();
        foreach (var (name, value) in (Config.Find("schedule") as TomlTable)?.Entries ?? [])
        {
            schedule[name] = value switch
            {
                TomlString text => text.Value,
                TomlInteger number => number.Value,
                TomlFloat number => number.Value,
                TomlBoolean flag => flag.Value,
                _ => null,
            };
        }

        return schedule;
    }

    private ulong FreshId()
    {
        Span<byte> bytes = stackalloc byte[8];
        Context.Chance.NextBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }

    // Members that begin together must agree on their ids without talking: etcd hashes names and URLs, and so do we.
    private static ulong MemberId(string initialCluster, string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in $"{initialCluster}#{name}")
            hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }

    protected override void Stopping()
    {
        if (_replica is not null)
            _ensemble?.Stop(_replica, Now, gracefully: true);
    }

    protected override void Ended()
    {
        if (_replica is { Running: true })
            _ensemble?.Stop(_replica, Now, gracefully: false);
    }
}
