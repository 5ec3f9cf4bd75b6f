using Tidekeeper.Operator.Databases;
using Tidekeeper.Operator.Databases.TiDB;

namespace Tidekeeper.UnitTests.Operator.Databases.TiDB;

public class PdReaderTests
{
    private sealed class Wire : IDatabaseWire
    {
        public SortedDictionary<string, WireReply> Replies { get; } = new(StringComparer.Ordinal)
        {
            ["/pd/api/v1/members"] = new(200, """
                {"header":{"cluster_id":7},"members":[{"name":"pd-1","member_id":2,"peer_urls":[],"client_urls":[]},
                {"name":"pd-0","member_id":1,"peer_urls":[],"client_urls":[]}],"leader":{"name":"pd-0","member_id":1}}
                """),
            ["/pd/api/v1/health"] = new(200, """
                [{"name":"pd-0","member_id":1,"client_urls":[],"health":true},
                {"name":"pd-1","member_id":2,"client_urls":[],"health":false}]
                """),
            ["/pd/api/v1/stores"] = new(200, """
                {"count":1,"stores":[{"store":{"id":4,"address":"kv-0:20160","version":"8.5.1","state_name":"Up"},
                "status":{"leader_count":3,"region_count":9}}]}
                """),
            ["/pd/api/v1/stores?state=2"] = new(200, """{"count":0,"stores":[]}"""),
            ["/pd/api/v1/config/replicate"] = new(200, """{"max-replicas":3,"location-labels":"zone,host"}"""),
            ["/pd/api/v1/regions/check/miss-peer"] = new(200, """{"count":2,"regions":null}"""),
            ["/pd/api/v1/regions/check/down-peer"] = new(200, """{"count":0,"regions":[]}"""),
            ["/pd/api/v1/regions/check/pending-peer"] = new(200, """{"count":1,"regions":[]}"""),
        };

        public List<string> Dead { get; } = [];

        public Task<WireReply> Send(WireRequest request, CancellationToken cancel)
        {
            var url = new Uri(request.Url);
            return Task.FromResult(Dead.Contains(url.Host)
                ? WireReply.None("connection refused")
                : Replies.GetValueOrDefault(url.PathAndQuery, new(404, "404 page not found")));
        }
    }

    private readonly Wire _wire = new();

    private async Task<string> Read(params string[] roots)
    {
        var answer = await new PdReader(_wire).Read(roots, withSpread: false, default);
        return answer.Is(out var pd)
            ? $"{pd.ClusterId} {string.Join(',', pd.Members.Select(m => $"{m.Name}:{m.Healthy}"))} leader {pd.Leader} "
                + $"stores {string.Join(',', pd.Stores.Select(s => $"{s.Id}:{s.State}"))} "
                + $"bootstrapped {pd.Bootstrapped} "
                + $"{string.Join('/', pd.LocationLabels)} {(pd.Regions.Is(out var r) ? r : pd.Regions.WhyUnknown)}"
            : answer.WhyUnknown;
    }

    private const string Healthy = "7 pd-0:True,pd-1:False leader pd-0 stores 4:Up bootstrapped True zone/host "
        + "RegionHealth { MissingPeers = 2, DownPeers = 0, PendingPeers = 1 }";

    [Fact]
    public async Task One_account_is_put_together_from_several_answers() =>
        Assert.Equal(Healthy, await Read("http://pd:2379"));

    [Fact]
    public async Task When_the_service_is_silent_the_members_are_asked()
    {
        _wire.Dead.Add("pd");
        Assert.Equal(Healthy, await Read("http://pd:2379", "http://pd-0:2379"));
    }

    [Fact]
    public async Task When_nobody_answers_it_is_unknown_and_says_who_was_asked_first()
    {
        _wire.Dead.AddRange(["pd", "pd-0"]);
        Assert.Equal("GET http://pd:2379/pd/api/v1/members: connection refused",
            await Read("http://pd:2379", "http://pd-0:2379"));
    }

    [Fact]
    public async Task Before_the_first_store_there_is_nothing_to_list()
    {
        _wire.Replies["/pd/api/v1/stores"] = new(500, "\"TiKV cluster not bootstrapped, please start TiKV first\"");
        Assert.Contains("stores  bootstrapped False", await Read("http://pd:2379"));
    }

    [Fact]
    public async Task A_failure_to_list_stores_is_not_an_empty_list()
    {
        _wire.Replies["/pd/api/v1/stores"] = new(503, "no leader");
        Assert.Equal("GET http://pd:2379/pd/api/v1/stores: status 503: no leader", await Read("http://pd:2379"));
    }

    [Fact]
    public async Task Old_versions_tell_their_health_elsewhere()
    {
        _wire.Replies["/pd/health"] = _wire.Replies["/pd/api/v1/health"];
        _wire.Replies.Remove("/pd/api/v1/health");
        Assert.Equal(Healthy, await Read("http://pd:2379"));
    }
}
