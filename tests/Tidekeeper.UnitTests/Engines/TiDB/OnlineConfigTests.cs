using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using static Tidekeeper.UnitTests.Engines.TiDB.Living;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>Configuration that processes take without a restart, told as stories.</summary>
public sealed class OnlineConfigTests
{
    private const string Spec = CreationTests.Spec + "\nconfigUpdateStrategy: RollingUpdate";

    [Fact]
    public void One_process_is_asked_and_read_back_before_the_others_follow()
    {
        var living = Living.Running(Spec);
        Told(
            """
            apply ConfigMap/basic-tikv-HASH because it does not exist
            apply StatefulSet/basic-tikv because it should be as rendered in HASH
            ask basic-tikv-0 to take raftstore.apply-pool-size = 4 because it can without a restart
            ask basic-tikv-1 to take raftstore.apply-pool-size = 4 because it can without a restart
            ask basic-tikv-2 to take raftstore.apply-pool-size = 4 because it can without a restart
            """, living.Edit(WithPool(4)).Story());
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
        Assert.Empty(TidbSeen.Questions(living.Now.Cluster, living.Now.Pods));
    }

    [Fact]
    public void What_one_process_does_not_take_is_asked_of_nobody_else()
    {
        var living = Living.Running(Spec, takes: (_, _) => 2);
        Assert.DoesNotContain("basic-tikv-1", living.Edit(WithPool(4)).Story());
        Told(
            "spec.tikv.config: raftstore.apply-pool-size = 4 was asked of basic-tikv-0, which shows 2; the others keep "
            + "their values; write what it accepts, or restart it to take the file", living.Waiting);
    }

    [Fact]
    public void A_configuration_that_is_no_TOML_asks_nobody_and_breaks_nothing()
    {
        var living = Living.Running(Spec).Edit(spec => spec with { Tikv = spec.Tikv! with { Config = "[a" } });
        Assert.Empty(TidbSeen.Questions(living.Now.Cluster, living.Now.Pods));
        Assert.EndsWith(":10080/status", TidbNames.TidbStatusUrl(living.Now.Cluster, "basic-tidb-0"));
    }

    [Fact]
    public void A_key_that_is_taken_out_gets_its_default_by_a_restart()
    {
        var living = Living.Running(Spec);
        living.Edit(WithPool(4)).Story();
        var story = living.Edit(spec => spec with { Tikv = spec.Tikv! with { Config = null } }).Story();
        Assert.Contains("delete Pod/basic-tikv-2 because it runs on an earlier spec", story);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Fact]
    public void What_is_taken_online_waits_for_no_restart_and_a_key_that_is_taken_out_does()
    {
        var living = Living.Running(CreationTests.Spec);
        living.Edit(WithPool(4)).Story();
        Assert.Equal(TidbReasons.UpToDate, living.Condition(TidbConditions.UpToDate).Reason);
        living.Edit(spec => spec with { Tikv = spec.Tikv! with { Config = null } }).Story();
        Assert.Equal(TidbReasons.ConfigWaitsForRestart, living.Condition(TidbConditions.UpToDate).Reason);
        Assert.Equal("True", living.Condition(TidbConditions.Ready).Status);
    }

    [Theory]
    [InlineData("\"1GiB\"", "\"1024MiB\"", true)]
    [InlineData("\"1GB\"", "\"1GiB\"", true)]
    [InlineData("\"60s\"", "\"1m\"", true)]
    [InlineData("\"1d\"", "\"24h\"", true)]
    [InlineData("4", "4.0", true)]
    [InlineData("[\"zone\", \"host\"]", "\"zone,host\"", true)]
    [InlineData("true", "true", true)]
    [InlineData("true", "\"true\"", true)]
    [InlineData("\"60s\"", "\"61s\"", false)]
    [InlineData("4", "5", false)]
    public void Processes_print_values_in_their_own_way(string spec, string shown, bool same)
    {
        var living = Living.Running(Spec, takes: (_, _) => JsonNode.Parse(shown)!);
        living.Edit(cluster => cluster with
        {
            Tikv = cluster.Tikv! with
            {
                Config = new JsonObject { ["quota"] = new JsonObject { ["x"] = JsonNode.Parse(spec) } }
            }
        }).Story();
        Assert.Equal(same, living.Waiting.Length == 0);
    }

    private static Func<TidbClusterSpec, TidbClusterSpec> WithPool(int size) => spec => spec with
    {
        Tikv = spec.Tikv! with
        {
            Config = new JsonObject { ["raftstore"] = new JsonObject { ["apply-pool-size"] = size } }
        }
    };
}
