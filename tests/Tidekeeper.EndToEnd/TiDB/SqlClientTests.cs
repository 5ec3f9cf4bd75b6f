using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Sql;
using Tidekeeper.Playground.Server.MySql;

namespace Tidekeeper.EndToEnd.TiDB;

/// <summary>Real clients against the simulated SQL server, over real sockets.</summary>
public sealed class SqlClientTests : IDisposable
{
    private readonly World _world = new(TimeProvider.System, 1);
    private readonly MySqlForward _forward;
    private readonly Rows _rows = new();

    public SqlClientTests()
    {
        var server = new SqlServer(_rows, new SqlFacts
        {
            Version = "v8.5.1",
            ServerName = "tidb-0",
            Now = TimeProvider.System.GetUtcNow,
            Chance = new Random(1),
        });
        _world.Network.Listen("10.0.0.1", 4000, server);
        _forward = new MySqlFront(_world).Forward(
            new IPEndPoint(IPAddress.Loopback, 0), () => [server], () => "no TiDB is ready");
    }

    public void Dispose() => _forward.Dispose();

    /// <summary>Shared, the kernel would deal a client's connections out to two playgrounds in turn.</summary>
    [PlaygroundFact]
    public void A_port_that_is_taken_is_not_shared()
    {
        var fault = Assert.Throws<SocketException>(
            () => new MySqlFront(_world).Forward(_forward.Address, () => [], () => "nobody").Dispose());
        Assert.Equal(SocketError.AddressAlreadyInUse, fault.SocketErrorCode);
    }

    [PlaygroundFact("mysql")]
    public async Task Mysql_creates_a_table_and_reads_its_rows() =>
        Assert.Equal("1\tx\n", await Run("mysql",
            "-N -e \"create database d; create table d.t(a int primary key, b varchar(20)); " +
            "insert into d.t values (1,'x'); select * from d.t\""));

    [PlaygroundFact("mysqldump")]
    public async Task Mysqldump_writes_every_row()
    {
        await Run("mysql", "test -e \"create table t(a int primary key, b blob); "
            + "insert into t values (1,x'00ff'),(2,null)\"");
        var dump = await Run("mysqldump", "--single-transaction --hex-blob --skip-extended-insert test");
        Assert.Contains("INSERT INTO `t` VALUES (1,0x00FF);", dump);
        Assert.Contains("INSERT INTO `t` VALUES (2,NULL);", dump);
        Assert.Contains("INSERT INTO `t`", await Run("mysqldump", "--all-databases"));
    }

    [PlaygroundFact("sysbench")]
    public async Task Sysbench_prepares_runs_and_cleans_up()
    {
        foreach (var load in (string[])["oltp_point_select", "oltp_insert", "oltp_update_non_index"])
        {
            var common = $"{load} --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port={_forward.Address.Port} " +
                "--mysql-user=root --mysql-db=test --table-size=200 --db-ps-mode=disable --events=100 --time=20";
            await Start("sysbench", common + " prepare");
            Assert.Contains("ignored errors:                      0", await Start("sysbench", common + " run"));
            await Start("sysbench", common + " cleanup");
        }
    }

    [PlaygroundFact]
    public async Task The_probe_finds_every_row_that_was_acknowledged()
    {
        await using var tide = new TidePlayground();
        var address = $"127.0.0.1:{_forward.Address.Port}";
        var said = await tide.TryTide("probe", "--address", address, "--seconds", "2", "--rate", "100", "-o", "json");
        Assert.True(said.ExitCode == 0, said.All);
        var report = JsonNode.Parse(said.Output)!;
        Assert.InRange((int)report["statements"]!, 50, 250);
        Assert.Equal("0 0 0", $"{report["failed"]} {report["missingRows"]} {report["wrongReads"]}");
    }

    /// <summary>A server that loses every second row, which it has acknowledged.</summary>
    [PlaygroundFact]
    public async Task The_probe_misses_rows_that_were_lost()
    {
        _rows.Loses = key => key.EndsWith('1');
        await using var tide = new TidePlayground();
        var address = $"127.0.0.1:{_forward.Address.Port}";
        var said = await tide.TryTide("probe", "--address", address, "--seconds", "1", "--rate", "100");
        Assert.Equal(7, said.ExitCode);
        Assert.Contains("NOT OK", said.Output);
        Assert.Contains("was acknowledged, and a read right after it finds nothing", said.Output);
    }

    private Task<string> Run(string client, string arguments) =>
        Start(client, $"-h 127.0.0.1 -P {_forward.Address.Port} -u root {arguments}");

    private static async Task<string> Start(string program, string arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {output}{await error}");
        return output;
    }

    private sealed class Rows : IKeyValue
    {
        private readonly SortedDictionary<string, byte[]> _rows = new(StringComparer.Ordinal);
        private ulong _timestamp;

        public Func<string, bool> Loses { get; set; } = _ => false;

        public byte[]? Get(string key) => _rows.GetValueOrDefault(key);

        public void Commit(IReadOnlyList<(string Key, byte[]? Value)> writes)
        {
            foreach (var (key, value) in writes)
            {
                if (value is null || (key[0] == 't' && Loses(key)))
                    _rows.Remove(key);
                else
                    _rows[key] = value;
            }
        }

        public IReadOnlyList<(string Key, byte[] Value)> Scan(
            string start, string end, int limit, bool descending = false)
        {
            var found = _rows.Where(r => string.CompareOrdinal(r.Key, start) >= 0 &&
                (end.Length == 0 || string.CompareOrdinal(r.Key, end) < 0)).Select(r => (r.Key, r.Value));
            return [.. (descending ? found.Reverse() : found).Take(limit)];
        }

        public ulong Timestamp() => ++_timestamp;
    }
}
