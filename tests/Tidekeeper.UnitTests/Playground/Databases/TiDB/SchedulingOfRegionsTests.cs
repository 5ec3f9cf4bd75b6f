using Tidekeeper.Playground.Databases.TiDB;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>How PD moves leaders and peers: in steps that take time, within its limits, and back again.</summary>
public class SchedulingOfRegionsTests
{
    private static readonly DatabaseScale Many = new() { Regions = 120 };

    [Fact]
    public void Evicting_many_leaders_takes_time_and_balance_brings_them_back()
    {
        var pods = TestPods.WithStores(3, Many);
        Assert.Equal(40, pods.Leaders("basic-tikv-1"));
        Evict(pods, "basic-tikv-1");
        Assert.InRange(pods.After(5).Leaders("basic-tikv-1"), 10, 30);
        Assert.Equal(0, pods.After(15).Leaders("basic-tikv-1"));
        pods.Pd("DELETE", $"/pd/api/v1/schedulers/evict-leader-scheduler-{pods.StoreId("basic-tikv-1")}");
        Assert.InRange(pods.After(4).Leaders("basic-tikv-1"), 4, 30);
        Assert.InRange(pods.After(30).Leaders("basic-tikv-1"), 39, 41);
    }

    [Fact]
    public void Eviction_stands_still_while_no_leader_may_be_moved()
    {
        var pods = TestPods.WithStores(3, Many);
        pods.Pd("POST", "/pd/api/v1/config", """{"schedule.leader-schedule-limit":0}""");
        Evict(pods, "basic-tikv-1");
        Assert.Equal(40, pods.After(60).Leaders("basic-tikv-1"));
        pods.Pd("POST", "/pd/api/v1/config/schedule", """{"leader-schedule-limit":4}""");
        Assert.Equal(0, pods.After(30).Leaders("basic-tikv-1"));
    }

    [Fact]
    public void A_second_store_joins_the_eviction_and_each_is_released_alone()
    {
        var pods = TestPods.WithStores(4);
        Assert.Contains("is created", Evict(pods, "basic-tikv-0"));
        Assert.Contains("has been applied to the store", Evict(pods, "basic-tikv-1"));
        pods.After(20);
        Assert.Equal(0, pods.Leaders("basic-tikv-0") + pods.Leaders("basic-tikv-1"));
        pods.Pd("DELETE", $"/pd/api/v1/schedulers/evict-leader-scheduler-{pods.StoreId("basic-tikv-0")}");
        Assert.True(pods.After(20).Leaders("basic-tikv-0") > 0);
        Assert.Equal(0, pods.Leaders("basic-tikv-1"));
        Assert.Contains("evict-leader-scheduler", pods.PdJson("/pd/api/v1/schedulers").ToJsonString());
    }

    [Fact]
    public void A_paused_scheduler_rests_for_as_long_as_it_was_told()
    {
        var pods = TestPods.WithStores(3, Many);
        var pause = pods.Pd("POST", "/pd/api/v1/schedulers/balance-leader-scheduler", """{"delay":60}""");
        Assert.Equal((200, "\"Pause or resume the scheduler successfully.\""), (pause.Status, pause.Body.Trim()));
        Assert.Equal("[\"balance-leader-scheduler\"]",
            pods.PdJson("/pd/api/v1/schedulers?status=paused").ToJsonString());
        Evict(pods, "basic-tikv-1");
        pods.After(20).Pd("DELETE", "/pd/api/v1/schedulers/evict-leader-scheduler");
        Assert.Equal(0, pods.After(20).Leaders("basic-tikv-1"));
        Assert.True(pods.After(60).Leaders("basic-tikv-1") > 30);
    }

    [Fact]
    public void Emptying_a_store_takes_as_long_as_its_peers_need()
    {
        var pods = TestPods.WithStores(4, Many);
        pods.Pd("DELETE", $"/pd/api/v1/store/{pods.StoreId("basic-tikv-3")}");
        var path = $"/pd/api/v1/store/{pods.StoreId("basic-tikv-3")}";
        pods.After(10);
        Assert.InRange((int)pods.PdJson(path)["status"]!["region_count"]!, 20, 89);
        Assert.Equal((int)pods.PdJson(path)["status"]!["region_count"]!,
            (int)pods.PdJson("/pd/api/v1/regions/check/offline-peer")["count"]!);
        Assert.Equal("Tombstone", (string)pods.After(120).PdJson(path)["store"]!["state_name"]!);
    }

    [Fact]
    public void A_store_that_was_destroyed_stays_offline_until_others_have_taken_its_peers()
    {
        var pods = TestPods.WithStores(3).Kill("basic-tikv-2").LoseVolume("basic-tikv-2");
        var path = $"/pd/api/v1/store/{pods.StoreId("basic-tikv-2")}";
        Assert.Equal(400, pods.Pd("DELETE", path).Status);
        Assert.Equal(200, pods.Pd("DELETE", path + "?force").Status);
        Assert.Equal("Offline", (string)pods.After(60).PdJson(path)["store"]!["state_name"]!);
        Assert.Contains("has been physically destroyed", pods.Pd("POST", path + "/state?state=Up").Body);
        pods.Start("basic-tikv-2").After(60);
        Assert.Null(pods.ExitCode("basic-tikv-2"));
        Assert.Equal("Tombstone", (string)pods.PdJson(path)["store"]!["state_name"]!);
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.Equal(3, r.Peers.Count));
    }

    [Fact]
    public void A_new_store_may_live_at_the_address_of_a_tombstone()
    {
        var pods = TestPods.WithStores(4);
        var old = pods.StoreId("basic-tikv-3");
        pods.Pd("DELETE", $"/pd/api/v1/store/{old}");
        pods.After(60).LoseVolume("basic-tikv-3").Start("basic-tikv-3").After(60);
        Assert.NotEqual(old, pods.StoreId("basic-tikv-3"));
        Assert.Contains("basic-tikv-3=Up", pods.Stores());
    }

    [Fact]
    public void A_TiFlash_store_that_leaves_becomes_a_tombstone()
    {
        var pods = TestPods.WithStores(3).Start("basic-tiflash-0").After(30);
        pods.Pd("DELETE", $"/pd/api/v1/store/{pods.StoreId("basic-tiflash-0")}");
        Assert.Contains("basic-tiflash-0=Tombstone", pods.After(30).Stores("?state=2"));
    }

    [Fact]
    public void A_full_store_gets_nothing_more_and_a_leaving_one_keeps_what_finds_no_room()
    {
        var pods = TestPods.WithStores(4, Many with { RegionBytes = 75L << 20 });
        Assert.All(Enumerable.Range(0, 4), n => Assert.InRange((int)Store(pods, n)["region_count"]!, 89, 91));
        Assert.StartsWith("6.", (string)Store(pods, 0)["used_size"]!);
        pods.Pd("DELETE", $"/pd/api/v1/store/{pods.StoreId("basic-tikv-3")}");
        pods.After(300);
        Assert.Contains("basic-tikv-3=Offline", pods.Stores());
        Assert.Contains("pd_cluster_status{type=\"store_low_space_count\",namespace=\"global\"} 3",
            pods.Pd("GET", "/metrics").Body);
    }

    [Fact]
    public void Capacity_is_that_of_the_disk_unless_the_store_was_told_less()
    {
        var pods = TestPods.WithStores(1);
        pods.DiskSize = 4L << 30;
        Assert.Equal("4GiB", (string)Store(pods.After(11), 0)["capacity"]!);
        pods.DiskSize = 40L << 30;
        Assert.Equal("10GiB", (string)Store(pods.After(11), 0)["capacity"]!);
    }

    [Fact]
    public void A_restarting_store_is_no_down_peer_until_ten_minutes_have_passed()
    {
        var pods = TestPods.WithStores(3).Kill("basic-tikv-1").After(300);
        Assert.Equal(0, (int)pods.PdJson("/pd/api/v1/regions/check/down-peer")["count"]!);
        Assert.Equal(12, (int)pods.After(400).PdJson("/pd/api/v1/regions/check/down-peer")["count"]!);
    }

    [Fact]
    public void The_leaders_metrics_count_regions_by_the_label_that_sets_their_peers_apart()
    {
        var pods = TestPods.WithPd(1);
        pods.Pd("POST", "/pd/api/v1/config/replicate", """{"location-labels":"zone,host"}""");
        for (var number = 0; number < 4; number++)
            pods.Start($"basic-tikv-{number}", ("STORE_LABELS", $"zone=z{number % 2},host=h{number}"));
        var metrics = pods.After(200).Pd("GET", "/metrics").Body;
        Assert.Contains("pd_regions_label_level{type=\"zone\"} 0\n", metrics);
        Assert.Contains("pd_regions_label_level{type=\"host\"} 12\n", metrics);
        Assert.Contains("pd_regions_label_level{type=\"none\"} 0\n", metrics);
        Assert.Contains("pd_cluster_status{type=\"store_up_count\",namespace=\"global\"} 4\n", metrics);
        Assert.Contains("pd_regions_status{type=\"miss-peer-region-count\"} 0\n", metrics);
    }

    [Theory]
    [InlineData("""{"schedule.leader-schedule-limit":"many"}""", "cannot unmarshal string into Go struct field")]
    [InlineData("""{"schedule.no-such-item":1}""", "config item no-such-item not found")]
    [InlineData("""{"nothing.at-all":1}""", "config prefix nothing not found")]
    [InlineData("""{"schedule.enable-make-up-replica":true}""", "unquoted value into bool")]
    [InlineData("""{"schedule.max-store-down-time":"soon"}""", "invalid duration")]
    [InlineData("""{"log.level":"loud"}""", "input value loud is illegal")]
    public void Settings_that_PD_does_not_take_are_refused(string body, string why)
    {
        var answer = TestPods.WithPd(1).Pd("POST", "/pd/api/v1/config", body);
        Assert.Equal(400, answer.Status);
        Assert.Contains(why, answer.Body);
    }

    [Fact]
    public void Settings_are_read_back_from_their_sections()
    {
        var pods = TestPods.WithPd(1);
        var answer = pods.Pd("POST", "/pd/api/v1/config",
            """{"max-store-down-time":"1h0m0s","log.level":"warn","pd-server.flow-round-by-digit":4}""");
        Assert.Equal((200, "\"The config is updated.\""), (answer.Status, answer.Body.Trim()));
        var config = pods.PdJson("/pd/api/v1/config");
        Assert.Equal("1h0m0s warn 4", $"{config["schedule"]!["max-store-down-time"]} {config["log"]!["level"]} "
            + config["pd-server"]!["flow-round-by-digit"]);
    }

    private static string Evict(TestPods pods, string pod) => pods.Pd("POST", "/pd/api/v1/schedulers",
        $$"""{"name":"evict-leader-scheduler","store_id":{{pods.StoreId(pod)}}}""").Body;

    private static System.Text.Json.Nodes.JsonNode Store(TestPods pods, int number) =>
        pods.PdJson($"/pd/api/v1/store/{pods.StoreId($"basic-tikv-{number}")}")["status"]!;
}
