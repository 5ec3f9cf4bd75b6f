using System.Text;
using Tidekeeper.Playground.Databases.TiDB;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

public class StoreTests
{
    private const string Write = "an acknowledged write";

    [Fact]
    public void Stores_register_and_share_regions_and_leaders()
    {
        var pods = TestPods.WithStores(3);
        Assert.Equal("basic-tikv-0=Up basic-tikv-1=Up basic-tikv-2=Up", pods.Stores());
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.Equal(3, r.Peers.Count));
        Assert.All(Enumerable.Range(0, 3), n => Assert.Equal(4, pods.Leaders($"basic-tikv-{n}")));
        Assert.Equal(0, (int)pods.PdJson("/pd/api/v1/regions/check/miss-peer")["count"]!);
    }

    [Fact]
    public void A_silent_store_is_disconnected_then_down()
    {
        var pods = TestPods.WithStores(3).Kill("basic-tikv-1").After(8);
        Assert.Equal("basic-tikv-0=Up basic-tikv-1=Up basic-tikv-2=Up", pods.Stores());
        Assert.Contains("basic-tikv-1=Disconnected", pods.After(20).Stores());
        Assert.Contains("basic-tikv-1=Down", pods.After(1800).Stores());
        Assert.Contains("basic-tikv-1=Up", pods.Start("basic-tikv-1").After(10).Stores());
    }

    [Fact]
    public void An_acknowledged_write_survives_the_loss_of_one_store()
    {
        var pods = TestPods.WithStores(3);
        pods.Put("k", Write).Kill("basic-tikv-0");
        Assert.Equal(Write, pods.Value("k"));
        pods.LoseVolume("basic-tikv-0");
        pods.Put("k", "newer").Kill("basic-tikv-1").Start("basic-tikv-1").After(15);
        Assert.Equal("newer", pods.Value("k"));
    }

    [Fact]
    public void Without_a_majority_of_peers_nothing_is_read_or_written()
    {
        var pods = TestPods.WithStores(3);
        pods.Put("k", Write).Kill("basic-tikv-0", "basic-tikv-2");
        Assert.Throws<RegionUnavailable>(() => pods.Rows.Get("k"));
        var fault = Assert.Throws<RegionUnavailable>(() => pods.Rows.Commit([("k", [1])]));
        Assert.Contains("1 of its 3 peers run, 2 must agree", fault.Message);
        Assert.Equal(Write, pods.Start("basic-tikv-0").After(15).Value("k"));
    }

    [Fact]
    public void A_store_that_was_away_copies_what_it_missed_before_it_counts()
    {
        var pods = TestPods.WithStores(3).Kill("basic-tikv-2").After(5);
        pods.Put("k", Write).Start("basic-tikv-2").After(15);
        Assert.Equal(Write, pods.Kill("basic-tikv-0").Value("k"));
    }

    [Fact]
    public void Rows_come_back_when_every_process_has_ended()
    {
        var pods = TestPods.WithStores(3);
        pods.Put("a", "1").Put("z", "2");
        var reborn = pods.InAnotherProcess().StartAll("pd", 1).After(10).StartAll("tikv", 2).After(20);
        Assert.Equal("1 2", $"{reborn.Value("a")} {reborn.Value("z")}");
        Assert.Throws<RegionUnavailable>(() => reborn.Kill("basic-tikv-1").Rows.Get("a"));
    }

    [Fact]
    public void A_store_that_lost_its_volume_is_refused_while_its_address_is_taken()
    {
        var pods = TestPods.WithStores(3).Kill("basic-tikv-1").LoseVolume("basic-tikv-1");
        pods.Start("basic-tikv-1").After(5);
        Assert.Equal(1, pods.ExitCode("basic-tikv-1"));
        Assert.Contains("duplicated store address", pods.LastLog("basic-tikv-1"));
        Assert.Contains("already registered by id:", pods.LastLog("basic-tikv-1"));
    }

    [Fact]
    public void A_store_of_another_cluster_is_refused()
    {
        var pods = TestPods.WithStores(1).Kill("basic-pd-0", "basic-tikv-0").LoseVolume("basic-pd-0");
        pods.Start("basic-pd-0").After(5).Start("basic-tikv-0").After(5);
        Assert.Equal(1, pods.ExitCode("basic-tikv-0"));
        Assert.Contains("cluster ID mismatch", pods.LastLog("basic-tikv-0"));
    }

    [Fact]
    public void A_leaving_store_hands_over_its_peers_and_becomes_a_tombstone()
    {
        var pods = TestPods.WithStores(4);
        var id = pods.StoreId("basic-tikv-3");
        pods.Put("k", Write);
        Assert.Equal("\"The store is set as Offline.\"\n", pods.Pd("DELETE", $"/pd/api/v1/store/{id}").Body);
        Assert.Contains("basic-tikv-3=Offline", pods.Stores());
        Assert.Equal("basic-tikv-0=Up basic-tikv-1=Up basic-tikv-2=Up", pods.After(60).Stores());
        Assert.Equal("basic-tikv-3=Tombstone", pods.Stores("?state=2"));
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.Equal(3, r.Peers.Count));
        Assert.Equal(1, pods.ExitCode("basic-tikv-3"));
    }

    [Fact]
    public void The_last_stores_that_replicas_need_cannot_leave()
    {
        var pods = TestPods.WithStores(3);
        var answer = pods.Pd("DELETE", $"/pd/api/v1/store/{pods.StoreId("basic-tikv-0")}");
        Assert.Equal(400, answer.Status);
        Assert.Contains("since the number of up stores would be 2 while need 3", answer.Body);
    }

    [Fact]
    public void Peers_of_a_store_that_stays_down_are_replaced()
    {
        var pods = TestPods.WithStores(4);
        var lost = pods.StoreId("basic-tikv-0");
        pods.Kill("basic-tikv-0").After(1700);
        Assert.Contains(pods.Database.Stores.Regions.All, r => r.PeerOn(lost) is not null);
        pods.After(300);
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.Null(r.PeerOn(lost)));
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.Equal(3, r.Peers.Count));
    }

    [Fact]
    public void Evicted_leaders_go_and_return()
    {
        var pods = TestPods.WithStores(3);
        var id = pods.StoreId("basic-tikv-0");
        var body = $$"""{"name":"evict-leader-scheduler","store_id":{{id}}}""";
        Assert.Equal("\"The scheduler is created.\"\n", pods.Pd("POST", "/pd/api/v1/schedulers", body).Body);
        Assert.Equal(0, pods.After(10).Leaders("basic-tikv-0"));
        Assert.Contains("tikv_raftstore_region_count{type=\"leader\"} 0\n",
            pods.Call("basic-tikv-0", 20180, "GET", "/metrics").Body);
        var list = pods.PdJson("/pd/api/v1/scheduler-config/evict-leader-scheduler/list");
        Assert.NotNull(list["store-id-ranges"]![id.ToString()]);
        Assert.Equal(200, pods.Pd("DELETE", $"/pd/api/v1/schedulers/evict-leader-scheduler-{id}").Status);
        Assert.Equal(4, pods.After(20).Leaders("basic-tikv-0"));
    }

    [Fact]
    public void Rows_of_a_lost_leader_wait_for_an_election_and_those_of_an_evicted_one_do_not()
    {
        var pods = TestPods.WithStores(3, new DatabaseScale()).Put("k", Write);
        var region = pods.Database.Stores.Regions.All[pods.Database.Stores.Regions.PositionOf("k")];
        var leader = pods.Stores().Split(' ').Select(s => s.Split('=')[0])
            .Single(s => pods.StoreId(s) == region.LeaderStore);
        pods.Kill(leader).After(9);
        Assert.Contains("its peers elect a leader", Assert.Throws<RegionUnavailable>(() => pods.Rows.Get("k")).Message);
        Assert.Equal(Write, pods.After(6).Value("k"));
        pods.Start(leader).After(60);
        pods.Pd("POST", "/pd/api/v1/schedulers",
            $$"""{"name":"evict-leader-scheduler","store_id":{{pods.StoreId(leader)}}}""");
        Assert.Equal(Write, pods.After(20).Kill(leader).Value("k"));
    }

    [Fact]
    public void A_leader_that_restarts_at_once_is_elected_again_no_sooner()
    {
        var pods = TestPods.WithStores(3, new DatabaseScale()).Put("k", Write);
        foreach (var number in Enumerable.Range(0, 3))
            pods.Kill($"basic-tikv-{number}").Start($"basic-tikv-{number}");
        Assert.Throws<RegionUnavailable>(() => pods.After(5).Rows.Get("k"));
        Assert.Equal(Write, pods.After(12).Value("k"));
    }

    [Fact]
    public void Replicas_are_kept_in_different_zones()
    {
        var pods = TestPods.WithPd(1);
        pods.Pd("POST", "/pd/api/v1/config/replicate", """{"location-labels":"zone,host"}""");
        for (var number = 0; number < 6; number++)
            pods.Start($"basic-tikv-{number}", ("STORE_LABELS", $"zone=z{number % 3},host=h{number}"));
        pods.After(200);
        var zones = pods.Database.Pd.State.Stores
            .ToDictionary(s => s.Id, s => s.Labels!.Single(l => l.Key == "zone").Value);
        Assert.All(pods.Database.Stores.Regions.All,
            r => Assert.Equal(3, r.Peers.Select(p => zones[p.StoreId]).Distinct().Count()));
        Assert.All(pods.Database.Pd.State.Stores,
            s => Assert.InRange(pods.Database.Stores.Regions.All.Count(r => r.PeerOn(s.Id) is not null), 5, 7));
    }

    [Fact]
    public void Many_rows_split_regions_and_none_is_lost()
    {
        var pods = TestPods.WithStores(3);
        var rows = pods.Rows;
        for (var number = 0; number < 20_000; number++)
            rows.Commit([($"t/{number:D6}", BitConverter.GetBytes(number))]);
        Assert.True(pods.Database.Stores.Regions.All.Count >= 16);
        var reborn = pods.InAnotherProcess().StartAll("pd", 1).After(10).StartAll("tikv", 3).After(20).Rows;
        Assert.Equal(Enumerable.Range(0, 20_000),
            reborn.Scan("t/", "t0", 50_000).Select(r => BitConverter.ToInt32(r.Value)));
        Assert.Equal(["t/019999", "t/019998"], reborn.Scan("t/", "t0", 2, descending: true).Select(r => r.Key));
        Assert.Equal(["t/000009", "t/000008"], reborn.Scan("t/", "t/000010", 2, descending: true).Select(r => r.Key));
    }

    [Fact]
    public void Ranges_go_across_regions_in_both_directions()
    {
        var pods = TestPods.WithStores(1);
        string[] keys = ["a", "m/01", "m/01x", "m/05", "m/11", "z"];
        pods.Rows.Commit([.. keys.Select(k => (k, (byte[]?)[1]))]);
        string Range(string start, string end, bool descending) =>
            string.Join(' ', pods.Rows.Scan(start, end, 10, descending).Select(r => r.Key));
        Assert.Equal("a m/01 m/01x m/05 m/11 z", Range("", "", false));
        Assert.Equal("z m/11 m/05 m/01x m/01 a", Range("", "", true));
        Assert.Equal("m/01 m/01x", Range("m/01", "m/05", false));
        Assert.Equal("m/01x m/01", Range("m/01", "m/05", true));
        Assert.Equal("m/05", Range("m/02", "m/06", true));
        Assert.Equal("", Range("m/05", "m/05", true));
    }

    [Fact]
    public void Timestamps_grow_and_need_a_PD_leader()
    {
        var pods = TestPods.WithStores(1);
        var (first, second) = (pods.Rows.Timestamp(), pods.Rows.Timestamp());
        Assert.True(second > first);
        Assert.Throws<TimestampUnavailable>(() => pods.Kill("basic-pd-0").Rows.Timestamp());
    }

    [Fact]
    public void TiFlash_registers_and_holds_no_peers()
    {
        var pods = TestPods.WithStores(3).Start("basic-tiflash-0").After(30);
        Assert.Contains("basic-tiflash-0=Up", pods.Stores());
        Assert.Equal("Running", pods.Call("basic-tiflash-0", 20292, "GET", "/tiflash/store-status").Body);
        Assert.All(pods.Database.Stores.Regions.All, r => Assert.Null(r.PeerOn(pods.StoreId("basic-tiflash-0"))));
    }
}

/// <summary>Rows in words.</summary>
internal static class RowWords
{
    public static TestPods Put(this TestPods pods, string key, string value)
    {
        pods.Rows.Commit([(key, Encoding.UTF8.GetBytes(value))]);
        return pods;
    }

    public static string Value(this TestPods pods, string key) => Encoding.UTF8.GetString(pods.Rows.Get(key) ?? []);
}
