using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>The image <c>pingcap/tiflash</c>.</summary>
internal sealed class TiFlashProgram(DatabaseRegistry registry) : IProgram
{
    public IRunningProgram Start(ContainerContext context) => new TiFlashProcess(registry, context);
}

/// <summary>One TiFlash store: known to PD by its engine label, without any replica of its own.</summary>
internal sealed class TiFlashProcess(DatabaseRegistry registry, ContainerContext context)
    : StoreProcess(registry, context)
{
    protected override string KnownFlags => "config-file";
    protected override int FlagsFrom => 2;
    protected override string HostFlag => "";
    protected override string ConfigPath => "/etc/tiflash/config_templ.toml";
    protected override string DataPath => "/data0";
    protected override int ServerPort => TidbPorts.TiflashService;
    protected override int StatusPort => TidbPorts.TiflashProxyStatus;

    protected override bool Attached(Database database, ulong storeId) => false;

    protected override void Attach(Database database, ulong storeId) { }

    protected override void Withdraw() { }

    protected override void AddLabels(JsonObject labels) => labels["engine"] = "tiflash";

    protected override void Serve()
    {
        Log("INFO", "TiFlash is ready to serve", $"store-id={StoreId}", $"address={Address}");
        Listen(ServerPort, new HttpFront(_ => HttpFront.NotFound));
        Listen(TidbPorts.TiflashProxy, new HttpFront(_ => HttpFront.NotFound));
        Listen(StatusPort, new HttpFront(Status));
        Listen(TidbPorts.TiflashMetrics, new HttpFront(Status));
    }

    protected override DateTimeOffset? Serving(DateTimeOffset now) => null;

    protected override long Used() => 16 << 20;

    private HttpReply Status(HttpCall call) => call.PathAndQuery.Split('?')[0] switch
    {
        "/tiflash/store-status" => new HttpReply(200, "Running", "text/plain"),
        "/status" => new HttpReply(200, "", "text/plain"),
        "/metrics" => new HttpReply(200, $$"""
            # TYPE tiflash_proxy_tikv_server_info gauge
            tiflash_proxy_tikv_server_info{version="{{Version.TrimStart('v')}}"} 1

            """, "text/plain; version=0.0.4; charset=utf-8"),
        _ => HttpFront.NotFound,
    };
}
