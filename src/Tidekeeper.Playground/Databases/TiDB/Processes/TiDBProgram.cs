using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Pd;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>The image <c>pingcap/tidb</c>.</summary>
internal sealed class TiDBProgram(DatabaseRegistry registry, Func<IKeyValue, TidbServer, ISqlListener> sql) : IProgram
{
    public IRunningProgram Start(ContainerContext context) => new TiDBProcess(registry, sql, context);
}

/// <summary>One TiDB server: no data of its own; serves SQL as soon as PD and a store are there.</summary>
internal sealed class TiDBProcess(
    DatabaseRegistry registry, Func<IKeyValue, TidbServer, ISqlListener> sql, ContainerContext context)
    : SimulatedProcess(context)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // How long a TiDB that ends waits for transactions that are open.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);
    private Database? _database;
    private TidbServer? _server;
    private CountedSessions? _sessions;
    private readonly SortedDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _changed = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _started = context.Now();

    protected override string ConfigPath => "/etc/tidb/tidb.toml";

    protected override string KnownFlags => "store advertise-address host P status path config plugin-dir plugin-load "
        + "log-slow-query enable-binlog L log-file";

    protected override string HostFlag => "advertise-address";
    protected override string PdFlag => "path";

    private int Port => Flags.Port("P") ?? PortVariable("TIDEKEEPER_SERVER_PORT")
        ?? (int)(Config.Number("port", "config.Config") ?? TidbPorts.Mysql);

    private int StatusPort => Flags.Port("status") ?? PortVariable("TIDEKEEPER_STATUS_PORT")
        ?? (int)(Config.Number("status.status-port", "config.Status") ?? TidbPorts.TidbStatus);

    protected override void CheckConfig()
    {
        if (Port is 0 or > 65535 || StatusPort is 0 or > 65535)
            throw new ConfigFault("port and status.status-port need to be from 1 to 65535");
        TidbConfig.Check(Config);
        foreach (var (key, value) in Config.Entries("labels"))
            _labels[key] = value;
    }

    /// <summary>How long it says that it is not ready before it refuses new connections.</summary>
    private TimeSpan GracefulWait =>
        TimeSpan.FromSeconds(Config.Number("graceful-wait-before-shutdown", "config.Config") ?? 0);

    protected override bool SeesNews => false;

    protected override DateTimeOffset? Work(DateTimeOffset now)
    {
        if (_server is not null)
            return null;
        var call = new HttpCall("POST", PdRpc.GetMembers, "{}", "application/json");
        Ask(Pd.Host, Pd.Port, call, reply =>
        {
            if (reply?.Status != 200)
                Wait("PD failed to respond", $"status={reply?.Status}");
            else
                Found(JsonNode.Parse(reply.Body)!.AsObject());
        });
        return Now;
    }

    private void Wait(string why, string fact)
    {
        Log("WARN", why, $"pd={Pd.Host}:{Pd.Port}", fact);
        Sleep(Retry);
    }

    private void Found(JsonObject answer)
    {
        var clusterId = (ulong)answer["cluster_id"]!;
        if (!(bool)answer["is_bootstrapped"]! || (int)answer["up_stores"]! == 0)
            Wait("TiKV cluster is not bootstrapped", $"cluster-id={clusterId}");
        else if (registry.Find(clusterId) is { } database)
            Serve(database);
        else
            Fail($"PD answered with cluster id {clusterId}, but that PD does not run in this playground");
    }

    private void Serve(Database database)
    {
        _database = database;
        _server = new TidbServer(Context.Namespace, Context.PodName, Context.PodAddress, Port, Version);
        database.Servers.Add(_server);
        var rows = new KeyValueClient(database, Context.Network, Context.PodAddress, Context.Now);
        _sessions = new CountedSessions(sql(rows, _server), Context.Now);
        Listen(StatusPort, new HttpFront(Status));
        Listen(Port, _sessions);
        Log("INFO", "server is running MySQL protocol", $"addr=0.0.0.0:{Port}", $"cluster-id={database.ClusterId}");
    }

    protected override void Stopping() => Leaving(Now, Now);

    /// <summary>
    /// Not ready, but serving, for the graceful wait; then nobody new, the idle leave, and who is in the middle of
    /// something may finish it within a limit.
    /// </summary>
    protected override DateTimeOffset? Leaving(DateTimeOffset told, DateTimeOffset now)
    {
        var refuses = told + (_server is null ? TimeSpan.Zero : GracefulWait);
        if (now < refuses)
            return refuses;
        StopListening(Port);
        Leave();
        if (_sessions?.Drain() == true && now < refuses + DrainLimit)
            return now + Look;
        _sessions?.CloseAll();
        return now < refuses + ShutdownTime ? refuses + ShutdownTime : null;
    }

    protected override void Ended()
    {
        _sessions?.CloseAll();
        Leave();
    }

    private void Leave()
    {
        if (_server is not null)
            _database?.Servers.Remove(_server);
    }

    private HttpReply Status(HttpCall call) => (call.Method, call.PathAndQuery.Split('?')[0]) switch
    {
        (_, "/status") => IsEnding ? new HttpReply(500, "", "text/plain") : Answer(new TidbStatus
        {
            Connections = _sessions!.Count,
            Version = $"8.0.11-TiDB-{Version}",
            GitHash = Release.GitHash,
        }, TidbJson.Default.TidbStatus),
        (_, "/info") => Answer(Facts(), TidbJson.Default.TidbInfo),
        ("POST", "/labels") => SetLabels(call.Body),
        ("GET", "/labels") => Answer(_labels, TidbJson.Default.SortedDictionaryStringString),
        ("POST", "/upgrade/start" or "/upgrade/finish") => new HttpReply(200, "\"success!\""),
        ("POST", "/settings") => Settings($"{Query(call)}&{call.Body}"),
        (_, "/config" or "/settings") => HttpFront.Json(EffectiveConfig()),
        (_, "/metrics") => new HttpReply(200, Metrics(), "text/plain; version=0.0.4; charset=utf-8"),
        _ => HttpFront.NotFound,
    };

    private static HttpReply Answer<T>(T value, JsonTypeInfo<T> type) =>
        new(200, JsonSerializer.Serialize(value, type), "application/json");

    private TidbInfo Facts() => new()
    {
        IsOwner = _database!.Servers.FirstOrDefault() == _server,
        Version = $"8.0.11-TiDB-{Version}",
        GitHash = Release.GitHash,
        DdlId = Context.PodUid,
        Ip = OwnHost,
        ListeningPort = Port,
        StatusPort = StatusPort,
        Labels = _labels,
    };

    private HttpReply SetLabels(string body)
    {
        try
        {
            var labels = JsonSerializer.Deserialize(body, TidbJson.Default.SortedDictionaryStringString) ?? [];
            foreach (var (key, value) in labels)
                _labels[key] = value;
            return Answer(_labels, TidbJson.Default.SortedDictionaryStringString);
        }
        catch (JsonException)
        {
            return new HttpReply(400, "the body must be an object of strings", "text/plain");
        }
    }

    private JsonObject EffectiveConfig()
    {
        var whole = TidbConfig.Items.Effective(Config, _changed);
        whole["advertise-address"] = OwnHost;
        whole["port"] = Port;
        whole["path"] = $"{Pd.Host}:{Pd.Port}";
        whole["status"]!["status-port"] = StatusPort;
        return whole;
    }

    /// <summary>
    /// A form, of which this server takes the log level and whether it logs every statement; what it does not know it
    /// passes over.
    /// </summary>
    private static string Query(HttpCall call) =>
        call.PathAndQuery.Split('?', 2) is [_, var query] ? query : "";

    /// <summary>As Go's forms do it, the query counts as well as the body.</summary>
    private HttpReply Settings(string form)
    {
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var key, var text]
                ? (key, Uri.UnescapeDataString(text)) : (pair, "");
            if (name == "log_level" && value is not ("debug" or "info" or "warn" or "error" or "fatal"))
                return new HttpReply(400, $"unrecognized level: \"{value}\"", "text/plain; charset=utf-8");
            if (name == "tidb_general_log" && value is not ("0" or "1"))
                return new HttpReply(400, "illegal argument", "text/plain; charset=utf-8");
            if (name == "log_level")
                _changed["log.level"] = value;
            else if (name == "tidb_general_log")
                _changed["instance.tidb_general_log"] = value == "1" ? "true" : "false";
        }

        return new HttpReply(200, "", "text/plain; charset=utf-8");
    }

    private string Metrics() => string.Create(CultureInfo.InvariantCulture, $$"""
        # HELP tidb_server_connections Number of connections.
        # TYPE tidb_server_connections gauge
        tidb_server_connections{resource_group="default"} {{_sessions!.Count}}
        # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
        # TYPE process_start_time_seconds gauge
        process_start_time_seconds {{_started.ToUnixTimeSeconds()}}
        # HELP tidb_server_query_total Counter of statements.
        # TYPE tidb_server_query_total counter
        tidb_server_query_total{type="Query",result="OK"} {{_sessions.Succeeded}}
        tidb_server_query_total{type="Query",result="Error"} {{_sessions.Failed}}

        """);
}
