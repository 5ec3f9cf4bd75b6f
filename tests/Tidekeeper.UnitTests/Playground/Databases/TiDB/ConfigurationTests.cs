namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>What the binaries read from their files, take while they run, and refuse to start with.</summary>
public class ConfigurationTests
{
    private const string Persist = "config changed, but failed to persist change due to err: Os { code: 18";

    [Fact]
    public void TiKV_tells_its_whole_configuration_with_sizes_in_its_own_words()
    {
        var pods = WithTikv("[raftstore]\nraft-entry-max-size = \"8192KB\"\n[storage.block-cache]\ncapacity = \"1GB\"");
        var config = System.Text.Json.Nodes.JsonNode.Parse(Tikv(pods, "GET").Body)!;
        Assert.Equal("1GiB 8MiB 10m info", $"{config["storage"]!["block-cache"]!["capacity"]} "
            + $"{config["raftstore"]!["raft-entry-max-size"]} {config["raftstore"]!["max-peer-down-duration"]} "
            + config["log"]!["level"]);
    }

    [Fact]
    public void TiKV_takes_some_items_while_it_runs_until_it_ends_and_cannot_write_them_down()
    {
        var pods = WithTikv("");
        var changed = Tikv(pods, "POST", """{"log.level":"warn","raftstore.apply-pool-size":4}""");
        Assert.Equal(500, changed.Status);
        Assert.StartsWith(Persist, changed.Body);
        Assert.Contains("\"level\":\"warn\"", Tikv(pods, "GET").Body);
        Assert.Contains("\"apply-pool-size\":4", Tikv(pods, "GET").Body);
        pods.Kill("basic-tikv-0").Start("basic-tikv-0").After(30);
        Assert.Contains("\"level\":\"info\"", Tikv(pods, "GET").Body);
    }

    [Theory]
    [InlineData("""{"storage.reserve-space":"1GB"}""", "config storage.reserve-space can not be changed")]
    [InlineData("""{"raftstore.no-such-item":"1"}""", "unexpect fields: no_such_item")]
    [InlineData("""{"log.level":"warn","gc.batch-keys":"many"}""", "invalid value \"many\" for gc.batch-keys")]
    [InlineData("[]", "failed to decode")]
    public void TiKV_refuses_all_of_a_change_of_which_it_refuses_one(string body, string why)
    {
        var pods = WithTikv("");
        var answer = Tikv(pods, "POST", body);
        Assert.Equal(500, answer.Status);
        Assert.Contains(why, answer.Body);
        Assert.Contains("\"level\":\"info\"", Tikv(pods, "GET").Body);
    }

    [Theory]
    [InlineData("tikv", "[log]\nlevel = \"loud\"", "string \"loud\", expected one of debug, info")]
    [InlineData("tikv", "[storage]\nreserve-space = \"-1GB\"", "string \"-1GB\", expected valid size")]
    [InlineData("tikv", "[server]\ngrpc-concurrency = \"four\"", "string \"four\", expected usize")]
    [InlineData("tikv", "[server]\ngrpc-concurrency = -4", "integer `-4`, expected usize")]
    [InlineData("tikv", "[raftstore]\nraft-election-timeout-ticks = 2", "election tick must be greater than heartbeat")]
    [InlineData("tikv", "[raftstore]\nhibernate-regions = \"yes\"", "expected a boolean")]
    [InlineData("tidb", "[log]\nlevel = \"loud\"", "expected one of debug, info")]
    [InlineData("tidb", "split-table = 1", "integer `1`, expected a boolean")]
    [InlineData("tidb", "max-index-length = 1", "max-index-length should be [3072, 12288]")]
    [InlineData("pd", "[schedule]\nleader-schedule-limit = -1", "integer `-1`, expected usize")]
    [InlineData("pd", "[schedule]\nlow-space-ratio = 0.5", "low-space-ratio should be larger than high-space-ratio")]
    [InlineData("pd", "[replication]\nisolation-level = \"zone\"", "must be one of location-labels or empty")]
    public void A_value_that_the_binary_does_not_know_ends_its_start(string component, string file, string why)
    {
        var pods = component == "pd" ? new TestPods() : TestPods.WithStores(1);
        pods.Files[component == "tikv" ? "/etc/tikv/tikv.toml" : $"/etc/{component}/{component}.toml"] = file;
        var pod = component == "tikv" ? "basic-tikv-1" : $"basic-{component}-0";
        pods.Start(pod).After(5);
        Assert.Equal(1, pods.ExitCode(pod));
        Assert.Contains(why, pods.LastLog(pod));
    }

    [Fact]
    public void An_item_that_nobody_knows_is_passed_over()
    {
        var pods = TestPods.WithStores(1);
        pods.Files["/etc/tikv/tikv.toml"] = "[no-such]\nitem = 1\n";
        pods.Start("basic-tikv-1").After(10);
        Assert.Null(pods.ExitCode("basic-tikv-1"));
    }

    [Fact]
    public void TiDB_takes_a_log_level_as_a_form()
    {
        var pods = TestPods.WithStores(1).StartAll("tidb", 1).After(5);
        Assert.Equal(400, pods.Call("basic-tidb-0", 10080, "POST", "/settings", "log_level=loud").Status);
        Assert.Equal(400, pods.Call("basic-tidb-0", 10080, "POST", "/settings?log_level=loud", "").Status);
        Assert.Equal(200, pods.Call("basic-tidb-0", 10080, "POST", "/settings", "log_level=warn").Status);
        Assert.Contains("\"level\":\"warn\"", pods.Call("basic-tidb-0", 10080, "GET", "/config").Body);
    }

    private static TestPods WithTikv(string file)
    {
        var pods = new TestPods();
        pods.Files["/etc/tikv/tikv.toml"] = file;
        return pods.StartAll("pd", 1).After(12).StartAll("tikv", 1).After(30);
    }

    private static Tidekeeper.Playground.Network.HttpReply Tikv(TestPods pods, string method, string body = "") =>
        pods.Call("basic-tikv-0", 20180, method, "/config", body);
}
