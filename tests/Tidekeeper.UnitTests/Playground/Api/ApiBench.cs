using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.UnitTests.Playground.Api;

/// <summary>An API server on a clock that the test moves, spoken to as over HTTP.</summary>
internal sealed class ApiBench
{
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private readonly Clock _clock = new();

    public ApiServer Api { get; }
    public ApiClient Client { get; }

    /// <summary>The status code of the last answer.</summary>
    public int Status { get; private set; }
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public ApiBench(string ns = "n")
    {
        Api = new ApiServer(_clock, new Random(1));
        Client = new ApiClient(Api, "tester");
        Post("/api/v1/namespaces", $"{{\"metadata\":{{\"name\":\"{ns}\"}}}}");
    }

    public void Wait(TimeSpan time) => _clock.Now += time;

    public JsonObject Get(string path) => Send("GET", path);

    public JsonObject Post(string path, string body) => Send("POST", path, body);

    public JsonObject Put(string path, string body) => Send("PUT", path, body);

    public JsonObject Delete(string path, string? body = null) => Send("DELETE", path, body);

    public JsonObject Merge(string path, string body) => Send("PATCH", path, body, "application/merge-patch+json");

    public JsonObject JsonPatch(string path, string body) => Send("PATCH", path, body, "application/json-patch+json");

    public JsonObject Strategic(string path, string body) =>
        Send("PATCH", path, body, "application/strategic-merge-patch+json");

    public JsonObject Apply(string path, string body) => Send("PATCH", path, body, "application/apply-patch+yaml");

    public JsonObject Send(string method, string path, string? body = null, string type = "application/json",
        string accept = "application/json", int view = 0)
    {
        var answer = Api.Handle(Request(method, path, body, type, accept) with { View = view });
        (Status, Warnings) = (answer.Status, answer.Warnings);
        return (JsonObject)JsonNode.Parse(answer.Body)!;
    }

    public ApiWatch Watch(string path, int view = 0)
    {
        var request = Request("GET", path, null, "application/json", "application/json") with { View = view };
        var (watch, refusal) = Api.Watch(request);
        Status = refusal?.Status ?? 200;
        return watch ?? throw new InvalidOperationException(Encoding.UTF8.GetString(refusal!.Body));
    }

    /// <summary>What a watch has to say now: one line per event, type and name.</summary>
    public static string Lines(ApiWatch watch)
    {
        var lines = new List<string>();
        while (watch.TryRead() is { } line)
            lines.Add($"{line["type"]} {line["object"]!["metadata"]?["name"]}".Trim());
        return string.Join('\n', lines);
    }

    private static ApiRequest Request(string method, string path, string? body, string type, string accept)
    {
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var mark = path.IndexOf('?');
        foreach (var pair in mark < 0 ? [] : path[(mark + 1)..].Split('&'))
        {
            var at = pair.IndexOf('=');
            var value = at < 0 ? "" : pair[(at + 1)..].Replace('+', ' ');
            query[at < 0 ? pair : pair[..at]] = Uri.UnescapeDataString(value);
        }

        return new ApiRequest(method, mark < 0 ? path : path[..mark])
        {
            Query = query,
            Body = body is null ? [] : Encoding.UTF8.GetBytes(body),
            ContentType = type,
            Accept = accept,
            UserAgent = "tester/1.0",
        };
    }
}
