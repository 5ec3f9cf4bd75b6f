using Tidekeeper.Model;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// A PD member's client port: the HTTP API, and under gRPC's paths what TiKV, TiDB and joining members ask. A follower
/// passes API calls on to the leader, and answers 503 when it knows of none.
/// </summary>
internal sealed class PdApi(PdReplica self, PdEnsemble ensemble, Func<DateTimeOffset> now) : IHttpListener
{
    private static readonly Func<PdCall, HttpReply?>[] Parts =
        [PdClusterApi.Answer, PdConfigApi.Answer, PdStoreApi.Answer, PdRegionApi.Answer, PdSchedulerApi.Answer];

    public void Handle(HttpCall call, Action<HttpReply> reply) => reply(Answer(call));

    internal HttpReply Answer(HttpCall call)
    {
        var (path, query) = Take(call.PathAndQuery);
        if (path.StartsWith("/pd/api/v2/ready", StringComparison.Ordinal))
            return Ready();
        if (path == "/metrics")
            return Metrics();
        string[]? segments = path == "/pd/health" ? ["health"]
            : path.StartsWith("/pd/api/v1/", StringComparison.Ordinal) ? path["/pd/api/v1/".Length..].Split('/')
            : null;
        var calledByRpc = PdRpc.Owns(path);
        if (segments is null && !calledByRpc)
            return PdReply.NotFound;
        if (ensemble.Leader is not { } leader || !ensemble.HasQuorum || !self.Reaches(leader))
            return PdReply.NoLeader;
        var asked = new PdCall(ensemble, leader, call.Method, segments ?? [], query, call.Body, now());
        if (calledByRpc)
            return PdRpc.Answer(path, asked);
        foreach (var part in Parts)
        {
            if (part(asked) is { } answer)
                return answer;
        }

        return PdReply.NotFound;
    }

    private HttpReply Ready()
    {
        if (!TidbVersion.Parse(self.Version).IsAtLeast(8, 5, 2))
            return PdReply.NotFound;
        return ensemble.Leader is { } leader && self.Reaches(leader) && self.Index == leader.Index
            ? PdReply.Text(200, "ready")
            : PdReply.Text(500, "regions not loaded");
    }

    private HttpReply Metrics() =>
        new(200, PdMetrics.Of(self, ensemble, now()), "text/plain; version=0.0.4; charset=utf-8");

    private static (string Path, SortedDictionary<string, string> Query) Take(string pathAndQuery)
    {
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var mark = pathAndQuery.IndexOf('?');
        if (mark < 0)
            return (pathAndQuery, query);
        foreach (var pair in pathAndQuery[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            var name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            // A parameter that is given several times, as state is, is a list.
            query[name] = query.TryGetValue(name, out var before) ? before + "," + value : value;
        }

        return (pathAndQuery[..mark], query);
    }
}
