using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>The image <c>pingcap/tikv</c>.</summary>
internal sealed class TiKVProgram(DatabaseRegistry registry) : IProgram
{
    public IRunningProgram Start(ContainerContext context) => new TiKVProcess(registry, context);
}

/// <summary>One TiKV store: rows on its volume, a server port, and a status port.</summary>
internal sealed class TiKVProcess(DatabaseRegistry registry, ContainerContext context) : StoreProcess(registry, context)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private readonly SortedDictionary<string, string> _changed = new(StringComparer.Ordinal);
    private StoreNode? _node;
    private DateTimeOffset _nextRound;
    private long _seen;

    protected override string ConfigPath => "/etc/tikv/tikv.toml";
    protected override string DataPath => Flags["data-dir"] ?? "/var/lib/tikv";
    protected override string KnownFlags => "pd advertise-addr addr status-addr advertise-status-addr data-dir "
        + "capacity config labels L log-level log-file cacert cert key";

    protected override string HostFlag => "advertise-addr";
    protected override string PdFlag => "pd";
    protected override int ServerPort => Flags.Port("addr")
        ?? PortVariable("TIDEKEEPER_SERVER_PORT") ?? Config.Port("server.addr", "TikvConfig", TidbPorts.TikvServer);
    protected override int StatusPort => Flags.Port("status-addr")
        ?? PortVariable("TIDEKEEPER_STATUS_PORT")
        ?? Config.Port("server.status-addr", "TikvConfig", TidbPorts.TikvStatus);

    protected override void CheckConfig()
    {
        _ = (ServerPort, StatusPort);
        TikvConfig.Check(Config);
    }

    protected override bool Attached(Database database, ulong storeId) => database.Stores.Running(storeId) is not null;

    protected override void Attach(Database database, ulong storeId) =>
        _node = database.Stores.Attach(storeId, Address, Volume!, Context.Network, Context.PodAddress);

    protected override void Withdraw()
    {
        if (_node is { Running: true } node)
            Database?.Stores.Detach(node);
        _node = null;
    }

    protected override void Serve()
    {
        Log("INFO", "TiKV is ready to serve", $"store-id={StoreId}", $"address={Address}");
        Listen(ServerPort, new HttpFront(_ => HttpFront.NotFound));
        Listen(StatusPort, new HttpFront(Status));
    }

    protected override bool SeesNews => Database is not null && _seen != Stamp;

    // What a store has missed shows in either.
    private long Stamp => Database!.Stores.Changes + Database.Stores.Missed + Context.Network.Cuts;

    protected override DateTimeOffset? Serving(DateTimeOffset now)
    {
        _seen = Stamp;
        if (now < _nextRound)
            return _nextRound;
        _nextRound = now + Round;
        return Database!.Stores.CatchUp(_node!) ? _nextRound : null;
    }

    protected override long Used()
    {
        long used = 32 << 20;
        foreach (var region in Database!.Stores.Regions.All)
            used += region.PeerOn(StoreId) is null ? 0 : Database.Stores.SizeOf(region);
        return used;
    }

    private HttpReply Status(HttpCall call) => call.PathAndQuery.Split('?')[0] switch
    {
        "/status" => new HttpReply(200, "", "text/plain"),
        "/metrics" => new HttpReply(200, Metrics(), "text/plain; version=0.0.4; charset=utf-8"),
        "/config" => call.Method == "POST" ? Change(call.Body) : HttpFront.Json(EffectiveConfig()),
        _ => HttpFront.NotFound,
    };

    private string Metrics()
    {
        var stores = Database!.Stores;
        var regions = stores.Regions.All.Where(r => r.PeerOn(StoreId) is not null).ToList();
        var leaders = regions.Count(r => r.LeaderStore == StoreId && stores.IsAvailable(r));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # HELP tikv_raftstore_region_count Number of regions collected in region_collector
            # TYPE tikv_raftstore_region_count gauge
            tikv_raftstore_region_count{type="leader"} {{leaders}}
            tikv_raftstore_region_count{type="region"} {{regions.Count}}
            # HELP tikv_raftstore_leader_count Number of regions that this store leads
            # TYPE tikv_raftstore_leader_count gauge
            tikv_raftstore_leader_count {{leaders}}
            # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds {{Started.ToUnixTimeSeconds()}}
            # HELP tikv_store_size_bytes Size of storage.
            # TYPE tikv_store_size_bytes gauge
            tikv_store_size_bytes{type="capacity"} {{Capacity}}
            tikv_store_size_bytes{type="available"} {{Capacity - Math.Min(Capacity, Used())}}
            tikv_store_size_bytes{type="used"} {{Used()}}
            # HELP tikv_server_info Indicate the tikv server info, and the value is the server startup timestamp(s).
            # TYPE tikv_server_info gauge
            tikv_server_info{version="{{Version.TrimStart('v')}}",hash="{{Release.GitHash}}"} 1

            """);
    }

    private JsonObject EffectiveConfig()
    {
        var whole = TikvConfig.Items.Effective(Config, _changed);
        var server = whole["server"]!.AsObject();
        server["addr"] = $"0.0.0.0:{ServerPort}";
        server["advertise-addr"] = Address;
        server["status-addr"] = $"0.0.0.0:{StatusPort}";
        whole["storage"]!["data-dir"] = DataPath;
        return whole;
    }

    /// <summary>
    /// Changes items while the process runs, all or none. TiKV then writes them into its file; that is a mounted
    /// ConfigMap here, which cannot be replaced, so the answer is an error although the change counts until the end of
    /// the process. Who wants to know reads the configuration back.
    /// </summary>
    private HttpReply Change(string body)
    {
        var changes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, value) in JsonNode.Parse(body) as JsonObject ?? throw new JsonException("no object"))
            {
                if (value is not JsonValue)
                    throw new JsonException("invalid config value");
                changes[name] = value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
                    ? value.ToJsonString() : value.ToString();
            }
        }
        catch (JsonException fault)
        {
            return new HttpReply(500, $"failed to decode, error: \"{fault.Message}\"", "text/plain");
        }

        foreach (var (name, text) in changes)
        {
            if (TikvConfig.Items.Refusal(name, text) is { } refusal)
                return new HttpReply(500, $"failed to update, error: \"{refusal}\"", "text/plain");
        }

        foreach (var (name, text) in changes)
        {
            Log("INFO", "config changed", $"{name}={text}");
            _changed[name] = text;
        }

        return new HttpReply(500, "config changed, but failed to persist change due to err: Os { code: 18, kind: "
            + "CrossesDevices, message: \"Invalid cross-device link\" }", "text/plain");
    }
}
