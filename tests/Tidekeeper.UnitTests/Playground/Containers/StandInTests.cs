using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Sql;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Server.Containers;
using Tidekeeper.Playground.Server.MySql;

namespace Tidekeeper.UnitTests.Playground.Containers;

/// <summary>A stand-in and its world on loopback, as between a container and the machine.</summary>
public sealed class StandInTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("tide-stand-in-").FullName;
    private readonly World _world = new(TimeProvider.System, 1);
    private readonly ProgramCatalog _programs = new();
    private ContainerHost _host = null!;

    public async Task InitializeAsync()
    {
        TidbPrograms.AddTo(_programs, new DatabaseRegistry(), (rows, server) => new SqlServer(rows, new SqlFacts
        {
            ServerNumber = 1,
            Version = server.Version,
            ServerName = server.PodName,
            Now = TimeProvider.System.GetUtcNow,
            Chance = _world.Chance,
        }));
        _host = new ContainerHost(_world, _programs, new MySqlFront(_world), _ => { })
        {
            Names = new IPEndPoint(IPAddress.Loopback, 0),
            StandIns = new IPEndPoint(IPAddress.Loopback, 0),
        };
        await _host.Start(new IPEndPoint(IPAddress.Loopback, 1), CancellationToken.None);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_component_works_with_the_files_and_the_ports_of_its_container_and_ends_by_its_signal()
    {
        var port = FreePort();
        using var pd = new RunningStandIn(_host.StandInsAddress, "pingcap/pd:v8.5.1", _folder, PdFlags(port));
        await pd.Says("PD cluster is serving").WaitAsync(Limit);
        var members = await Get($"http://127.0.0.1:{port}/pd/api/v1/members");
        Assert.Equal("basic-pd-0", (string?)members["members"]![0]!["name"]);
        Assert.Equal("v8.5.1", (string?)members["members"]![0]!["binary_version"]);
        Assert.True(File.Exists(Path.Combine(_folder, "member", "wal", "raft.json")));

        pd.Terminate();
        Assert.Equal(0, await pd.Code.WaitAsync(Limit));
        using var again = new RunningStandIn(_host.StandInsAddress, "pingcap/pd:v8.5.2", _folder, PdFlags(port));
        await again.Says("PD cluster is serving").WaitAsync(Limit);
        var after = await Get($"http://127.0.0.1:{port}/pd/api/v1/members");
        Assert.Equal((string?)members["members"]![0]!["member_id"]?.ToJsonString(),
            after["members"]![0]!["member_id"]?.ToJsonString());
    }

    [Fact]
    public async Task A_container_that_is_killed_takes_its_component_with_it()
    {
        var port = FreePort();
        var closed = new TaskCompletionSource();
        using var pd = new RunningStandIn(_host.StandInsAddress, "pingcap/pd:v8.5.1", _folder, PdFlags(port));
        await pd.Says("PD cluster is serving").WaitAsync(Limit);
        _host.Driver.Do(() => _world.Network.Closed += (_, at) =>
        {
            if (at == port)
                closed.TrySetResult();
        });

        pd.Dispose();

        await closed.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_component_that_cannot_start_ends_its_container_with_its_code_and_its_last_words()
    {
        using var pd = new RunningStandIn(_host.StandInsAddress, "pingcap/pd:v8.5.1", _folder, ["--nonsense"]);
        Assert.Equal(1, await pd.Code.WaitAsync(Limit));
        await pd.Says("flag provided but not defined: -nonsense").WaitAsync(Limit);
    }

    [Fact]
    public async Task A_port_that_is_taken_in_the_container_ends_the_component()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        using var pd = new RunningStandIn(_host.StandInsAddress, "pingcap/pd:v8.5.1", _folder,
            PdFlags(((IPEndPoint)other.LocalEndpoint).Port));
        Assert.Equal(1, await pd.Code.WaitAsync(Limit));
        await pd.Says("listen tcp 0.0.0.0:").WaitAsync(Limit);
    }

    private static string[] PdFlags(int port) =>
    [
        "--data-dir=/var/lib/pd", "--name=basic-pd-0", $"--client-urls=http://0.0.0.0:{port}",
        $"--peer-urls=http://0.0.0.0:{FreePort()}", "--advertise-peer-urls=http://basic-pd-0:2380",
        "--initial-cluster=basic-pd-0=http://basic-pd-0:2380",
    ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<JsonNode> Get(string url)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var question = new HttpRequestMessage(HttpMethod.Get, url);
        using var answer = await client.SendAsync(question, CancellationToken.None);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
