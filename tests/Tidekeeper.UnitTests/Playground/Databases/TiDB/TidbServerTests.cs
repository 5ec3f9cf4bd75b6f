using Tidekeeper.Playground.Network;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

public class TidbServerTests
{
    [Fact]
    public void A_server_waits_for_PD_and_a_store()
    {
        var pods = new TestPods().Start("basic-tidb-0").After(5);
        Assert.Null(pods.Network.At("10.0.2.1", 4000));
        pods.Start("basic-pd-0").After(5);
        Assert.Null(pods.Network.At("10.0.2.1", 4000));
        Assert.Contains("TiKV cluster is not bootstrapped", pods.LastLog("basic-tidb-0"));
        pods.Start("basic-tikv-0").After(5);
        Assert.NotNull(pods.Network.At("10.0.2.1", 4000));
    }

    [Fact]
    public void The_whole_family_is_up_within_ten_seconds()
    {
        var pods = new TestPods().StartAll("tidb", 2).StartAll("tikv", 3).StartAll("pd", 3).After(8);
        Assert.Equal(3, pods.Database.Pd.State.Members.Count);
        Assert.Equal("basic-tikv-0=Up basic-tikv-1=Up basic-tikv-2=Up", string.Join(' ',
            pods.Stores().Split(' ').Order(StringComparer.Ordinal)));
        Assert.Equal(["basic-tidb-0", "basic-tidb-1"],
            pods.Database.Servers.Select(s => s.PodName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_status_port_tells_version_connections_and_owner()
    {
        var pods = TestPods.WithStores(1).StartAll("tidb", 2).After(5);
        Assert.Equal("ok", Sql(pods, 1).Execute("put k ok").Rows[0][0]);
        Assert.StartsWith("""{"connections":1,"version":"8.0.11-TiDB-v8.5.1","git_hash":""",
            pods.Call("basic-tidb-0", 10080, "GET", "/status").Body);
        Assert.Contains("\"is_owner\":true", pods.Call("basic-tidb-0", 10080, "POST", "/info").Body);
        Assert.Contains("\"is_owner\":false", pods.Call("basic-tidb-1", 10080, "POST", "/info").Body);
        Assert.Contains("\"is_owner\":true", pods.Kill("basic-tidb-0")
            .Call("basic-tidb-1", 10080, "GET", "/info").Body);
    }

    [Fact]
    public void Labels_are_merged()
    {
        var pods = TestPods.WithStores(1).StartAll("tidb", 1).After(5);
        pods.Call("basic-tidb-0", 10080, "POST", "/labels", """{"zone":"a"}""");
        Assert.Equal("""{"host":"h","zone":"a"}""",
            pods.Call("basic-tidb-0", 10080, "POST", "/labels", """{"host":"h"}""").Body);
    }

    [Fact]
    public void On_SIGTERM_new_connections_are_refused_before_the_process_ends()
    {
        var pods = TestPods.WithStores(1).StartAll("tidb", 1).After(5);
        var session = Sql(pods, 1);
        pods.Terminate("basic-tidb-0");
        Assert.Null(pods.Network.At("10.0.2.1", 4000));
        Assert.Null(pods.ExitCode("basic-tidb-0"));
        Assert.Equal(1053, Assert.Throws<SqlFault>(() => session.Execute("get k")).Code);
        Assert.Equal(0, pods.After(2).ExitCode("basic-tidb-0"));
        Assert.Empty(pods.Database.Servers);
    }

    [Fact]
    public void For_the_graceful_wait_it_serves_and_says_that_it_is_not_ready()
    {
        var pods = TestPods.WithStores(1);
        pods.Files["/etc/tidb/tidb.toml"] = "graceful-wait-before-shutdown = 10\n";
        pods.StartAll("tidb", 1).After(5);
        var session = Sql(pods, 1);
        pods.Terminate("basic-tidb-0").After(9);
        Assert.Equal(500, pods.Call("basic-tidb-0", 10080, "GET", "/status").Status);
        Assert.Equal("v", session.Execute("put k v").Rows[0][0]);
        Assert.NotNull(Sql(pods, 1));
        pods.After(2);
        Assert.Null(pods.Network.At("10.0.2.1", 4000));
        Assert.True(session.IsClosed);
        Assert.Equal(0, pods.After(1).ExitCode("basic-tidb-0"));
    }

    [Fact]
    public void Open_transactions_and_running_statements_may_end_within_fifteen_seconds()
    {
        var pods = TestPods.WithStores(1).StartAll("tidb", 1).After(5);
        var (first, second, asleep) = (Sql(pods, 1), Sql(pods, 1), Sql(pods, 1));
        first.Execute("begin");
        second.Execute("begin");
        asleep.Execute("sleep 8");
        pods.Terminate("basic-tidb-0").After(7);
        Assert.False(asleep.IsClosed);
        first.Execute("put k v");
        first.Execute("end");
        Assert.True(pods.After(2).Network.At("10.0.2.1", 4000) is null && first.IsClosed && asleep.IsClosed);
        Assert.False(second.IsClosed);
        Assert.True(pods.After(7).ExitCode("basic-tidb-0") is 0 && second.IsClosed);
    }

    [Fact]
    public void Ports_in_the_configuration_are_honoured()
    {
        var pods = TestPods.WithStores(1);
        pods.Files["/etc/tidb/tidb.toml"] = "port = 4406\n[status]\nstatus-port = 10088\n";
        pods.StartAll("tidb", 1).After(5);
        Assert.NotNull(pods.Network.At("10.0.2.1", 4406));
        Assert.Equal(200, pods.Call("basic-tidb-0", 10088, "GET", "/status").Status);
    }

    private static ISqlSession Sql(TestPods pods, int server) =>
        ((ISqlListener)pods.Network.At($"10.0.2.{server}", 4000)!).Open("root", null);
}
