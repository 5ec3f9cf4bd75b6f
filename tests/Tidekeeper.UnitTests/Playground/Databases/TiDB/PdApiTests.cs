using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>
/// Facts about a real pd-server's answers, restated: status codes, shapes and texts that clients rely on.
/// </summary>
public class PdApiTests
{
    [Theory]
    [InlineData("GET", "/pd/api/v1/stores")]
    [InlineData("GET", "/pd/api/v1/store/1")]
    [InlineData("GET", "/pd/api/v1/schedulers")]
    [InlineData("GET", "/pd/api/v1/regions")]
    [InlineData("GET", "/pd/api/v1/regions/check/miss-peer")]
    [InlineData("GET", "/pd/api/v1/labels")]
    [InlineData("POST", "/pd/api/v1/schedulers")]
    [InlineData("DELETE", "/pd/api/v1/schedulers/evict-leader-scheduler-1")]
    [InlineData("POST", "/pd/api/v1/store/1/label")]
    [InlineData("POST", "/pd/api/v1/store/1/state?state=Up")]
    public void Before_the_first_TiKV_everything_about_stores_is_a_500_with_a_plain_text(string method, string path)
    {
        var answer = TestPods.WithPd(1).Pd(method, path, "{}");
        Assert.Equal((500, "application/json; charset=UTF-8"), (answer.Status, answer.ContentType));
        Assert.Equal("TiKV cluster not bootstrapped, please start TiKV first", (string)JsonNode.Parse(answer.Body)!);
    }

    [Fact]
    public void Before_the_first_TiKV_deleting_a_store_answers_with_an_object()
    {
        var answer = TestPods.WithPd(1).Pd("DELETE", "/pd/api/v1/store/1");
        Assert.Equal(500, answer.Status);
        Assert.Equal("""{"data":{},"msg":"TiKV cluster not bootstrapped, please start TiKV first","code":"internal"}""",
            JsonNode.Parse(answer.Body)!.ToJsonString());
    }

    [Fact]
    public void Members_have_a_header_leaders_and_urls()
    {
        var pods = TestPods.WithPd(3);
        var answer = pods.PdJson("/pd/api/v1/members");
        Assert.Equal(["header", "members", "leader", "etcd_leader"], Fields(answer));
        Assert.Equal(pods.Database.ClusterId, (ulong)answer["header"]!["cluster_id"]!);
        Assert.Equal(3, answer["members"]!.AsArray().Count);
        Assert.Equal(["name", "member_id", "peer_urls", "client_urls"], Fields(answer["leader"]!).Take(4));
        Assert.Equal(answer["leader"]!.ToJsonString(), answer["etcd_leader"]!.ToJsonString());
        Assert.Equal(answer["leader"]!.ToJsonString(), pods.PdJson("/pd/api/v1/leader").ToJsonString());
        var first = answer["members"]!.AsArray().Single(m => (string)m!["name"]! == "basic-pd-0")!;
        Assert.Equal("http://basic-pd-0.basic-pd-peer.ns.svc:2380", (string)first["peer_urls"]![0]!);
        Assert.Equal("http://basic-pd-0.basic-pd-peer.ns.svc:2379", (string)first["client_urls"]![0]!);
    }

    [Theory]
    [InlineData("/pd/health")]
    [InlineData("/pd/api/v1/health")]
    public void Health_is_a_list_of_members_with_a_verdict(string path)
    {
        var pods = TestPods.WithPd(3).Kill("basic-pd-1").After(15);
        var health = pods.PdJson(path).AsArray();
        Assert.Equal(["name", "member_id", "client_urls", "health"], Fields(health[0]!));
        Assert.Equal("basic-pd-0=true basic-pd-1=false basic-pd-2=true",
            string.Join(' ', health.Select(h => $"{h!["name"]}={h["health"]!.ToJsonString()}")
                .Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_cluster_is_known_by_its_id_and_not_bootstrapped_in_year_one()
    {
        var pods = TestPods.WithPd(1);
        Assert.Equal($$"""{"id":{{pods.Database.ClusterId}},"max_peer_count":3}""",
            pods.PdJson("/pd/api/v1/cluster").ToJsonString());
        Assert.StartsWith("0001-01-01T00:00:00",
            (string)pods.PdJson("/pd/api/v1/cluster/status")["raft_bootstrap_time"]!);
        Assert.Equal("v8.5.1", (string)pods.PdJson("/pd/api/v1/version")["version"]!);
    }

    [Fact]
    public void Replication_settings_are_set_and_read_back()
    {
        var pods = TestPods.WithPd(1);
        var set = pods.Pd("POST", "/pd/api/v1/config/replicate", """{"max-replicas": 5}""");
        Assert.Equal((200, "\"The config is updated.\""), (set.Status, set.Body.Trim()));
        pods.Pd("POST", "/pd/api/v1/config/replicate", """{"location-labels": "zone,host"}""");
        pods.Pd("POST", "/pd/api/v1/config/replicate", """{"enable-placement-rules":"true"}""");
        var read = pods.PdJson("/pd/api/v1/config/replicate");
        Assert.Equal("5 zone,host", $"{read["max-replicas"]} {read["location-labels"]}");
        Assert.Equal("zone,host", (string)pods.PdJson("/pd/api/v1/config")["replication"]!["location-labels"]!);
    }

    [Fact]
    public void A_setting_of_the_wrong_type_is_a_400_that_names_the_field()
    {
        var answer = TestPods.WithPd(1).Pd("POST", "/pd/api/v1/config/replicate", """{"max-replicas": "x"}""");
        Assert.Equal(400, answer.Status);
        var body = JsonNode.Parse(answer.Body)!;
        Assert.Equal("""{"Value":"string","Type":{},"Offset":20,"Struct":"ReplicationConfig","Field":"max-replicas"}""",
            body["data"]!.ToJsonString());
        Assert.Equal("json: cannot unmarshal string into Go struct field ReplicationConfig.max-replicas of type uint64",
            (string)body["msg"]!);
        Assert.Equal("input", (string)body["code"]!);
    }

    [Fact]
    public void The_configuration_has_the_sections_of_a_real_one()
    {
        var config = TestPods.WithPd(1).PdJson("/pd/api/v1/config");
        Assert.Equal("30m0s", (string)config["schedule"]!["max-store-down-time"]!);
        Assert.Equal("basic-pd-0", (string)config["name"]!);
        Assert.Equal("0.0.0", (string)config["cluster-version"]!);
    }

    [Fact]
    public void The_leadership_can_be_given_away_by_name_or_to_anybody()
    {
        var pods = TestPods.WithPd(3);
        var answer = pods.Pd("POST", "/pd/api/v1/leader/transfer/basic-pd-1");
        Assert.Equal((200, "null"), (answer.Status, answer.Body.Trim()));
        Assert.Equal("basic-pd-1", (string)pods.PdJson("/pd/api/v1/leader")["name"]!);
        Assert.Equal(200, pods.Pd("POST", "/pd/api/v1/leader/resign").Status);
        Assert.NotEqual("basic-pd-1", (string)pods.PdJson("/pd/api/v1/leader")["name"]!);
        var nobody = pods.Pd("POST", "/pd/api/v1/leader/transfer/nobody");
        Assert.Equal((500, "\"no valid pd to transfer leader\""), (nobody.Status, nobody.Body.Trim()));
    }

    [Fact]
    public void Removing_members_answers_with_their_name()
    {
        var pods = TestPods.WithPd(3);
        var nobody = pods.Pd("DELETE", "/pd/api/v1/members/name/nobody");
        Assert.Equal((404, "\"not found, pd: nobody\""), (nobody.Status, nobody.Body.Trim()));
        var removed = pods.Pd("DELETE", "/pd/api/v1/members/name/basic-pd-2");
        Assert.Equal((200, "\"removed, pd: basic-pd-2\""), (removed.Status, removed.Body.Trim()));
        Assert.Equal(2, pods.PdJson("/pd/api/v1/members")["members"]!.AsArray().Count);
    }

    [Fact]
    public void What_does_not_exist_is_a_404_in_plain_text()
    {
        var answer = TestPods.WithPd(1).Pd("GET", "/pd/api/v1/nothing");
        Assert.Equal((404, "404 page not found\n", "text/plain; charset=utf-8"),
            (answer.Status, answer.Body, answer.ContentType));
    }

    [Fact]
    public void A_store_is_described_by_what_it_said_and_what_it_holds()
    {
        var pods = TestPods.WithStores(3);
        var store = pods.PdJson($"/pd/api/v1/store/{pods.StoreId("basic-tikv-0")}");
        Assert.Equal("basic-tikv-0.basic-tikv-peer.ns.svc:20160", (string)store["store"]!["address"]!);
        Assert.Equal("8.5.1", (string)store["store"]!["version"]!);
        Assert.Equal("4 12 10GiB",
            $"{store["status"]!["leader_count"]} {store["status"]!["region_count"]} {store["status"]!["capacity"]}");
        Assert.InRange((DateTimeOffset)store["status"]!["last_heartbeat_ts"]!, pods.Now.AddSeconds(-10), pods.Now);
    }

    [Fact]
    public void Labels_of_a_store_are_merged()
    {
        var pods = TestPods.WithStores(1);
        var path = $"/pd/api/v1/store/{pods.StoreId("basic-tikv-0")}";
        Assert.Equal("\"The store's label is updated.\"",
            pods.Pd("POST", $"{path}/label", """{"zone":"a"}""").Body.Trim());
        pods.Pd("POST", $"{path}/label", """{"host":"h"}""");
        Assert.Equal("""[{"key":"zone","value":"a"},{"key":"host","value":"h"}]""",
            pods.PdJson(path)["store"]!["labels"]!.ToJsonString());
    }

    [Fact]
    public void A_tombstone_is_gone_for_good()
    {
        var pods = TestPods.WithStores(4);
        var path = $"/pd/api/v1/store/{pods.StoreId("basic-tikv-3")}";
        pods.Pd("DELETE", path);
        pods.After(60);
        Assert.Equal(410, pods.Pd("DELETE", path).Status);
        Assert.Equal("Tombstone", (string)pods.PdJson(path)["store"]!["state_name"]!);
        Assert.Equal(200, pods.Pd("DELETE", "/pd/api/v1/stores/remove-tombstone").Status);
        Assert.Equal(404, pods.Pd("GET", path).Status);
    }

    [Fact]
    public void A_leaving_store_can_be_called_back()
    {
        var pods = TestPods.WithStores(4);
        var path = $"/pd/api/v1/store/{pods.StoreId("basic-tikv-3")}";
        pods.Pd("DELETE", path);
        Assert.Equal(200, pods.Pd("POST", $"{path}/state?state=Up").Status);
        Assert.Contains("basic-tikv-3=Up", pods.After(60).Stores());
    }

    [Fact]
    public void A_scheduler_that_does_not_exist_cannot_be_removed()
    {
        var pods = TestPods.WithStores(1);
        Assert.Equal(404, pods.Pd("DELETE", "/pd/api/v1/schedulers/evict-leader-scheduler-1").Status);
        Assert.Equal(404, pods.Pd("GET", "/pd/api/v1/scheduler-config/evict-leader-scheduler/list").Status);
        Assert.Contains("balance-leader-scheduler", pods.PdJson("/pd/api/v1/schedulers").ToJsonString());
    }

    private static IEnumerable<string> Fields(JsonNode node) => node.AsObject().Select(f => f.Key);
}
