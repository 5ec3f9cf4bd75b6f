using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>A port that answers HTTP at once.</summary>
internal sealed class HttpFront(Func<HttpCall, HttpReply> answer) : IHttpListener
{
    public static HttpReply NotFound => new(404, "404 page not found\n", "text/plain; charset=utf-8");

    public static HttpReply Json(JsonNode value) => new(200, value.ToJsonString(), "application/json");

    public void Handle(HttpCall call, Action<HttpReply> reply) => reply(answer(call));
}
