using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>What a server answered; masked, so that it can be compared with what another one did.</summary>
internal sealed record Reply(JsonObject Said);

/// <summary>A topic as one server heard it.</summary>
/// <param name="own">Words that only this server knows a thing by.</param>
internal sealed class Conversation(IKubeTransport server, Topic topic, IReadOnlyDictionary<string, string> own)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SortedDictionary<string, string> _words = new(topic.Words.ToDictionary(), StringComparer.Ordinal);
    private readonly Masks _masks = new();

    public async Task<IReadOnlyList<Reply>> Hold()
    {
        foreach (var (word, value) in own)
            _masks.Add(word, _words[word] = value);
        await Send("POST", "/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{topic.Name}}}"}}""");
        await Furnished($"/api/v1/namespaces/{topic.Name}/serviceaccounts/default");
        var replies = new List<Reply>();
        foreach (var step in topic.Steps)
            replies.Add(await Take(step));
        return replies;
    }

    /// <summary>What every namespace gets, after a moment, would else be there for one server only.</summary>
    private async Task Furnished(string path)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while ((await Send("GET", path, "")).Status != 200 && TimeProvider.System.GetUtcNow() < end)
            await Task.Delay(Pause, TimeProvider.System);
    }

    private Task<KubeResponse> Send(string method, string path, string body) => server.Send(
        new KubeRequest(method, path) { Body = Encoding.UTF8.GetBytes(body) }, CancellationToken.None);

    private async Task<Reply> Take(Step step)
    {
        var request = new KubeRequest(step.Method == "WATCH" ? "GET" : step.Method, Fill(step.Target))
        {
            Body = Encoding.UTF8.GetBytes(Fill(step.Body)),
            ContentType = step.ContentType,
            Accept = step.Accept,
        };
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var (status, body, warnings) = await Answer(step, request);
            var isAsUntil = step.Until.All(one => one.Key == "status"
                ? $"{status}" == one.Value : Place.Find(body, one.Key)?.ToString() == one.Value);
            if (!isAsUntil && TimeProvider.System.GetUtcNow() < end)
            {
                await Task.Delay(Pause, TimeProvider.System);
                continue;
            }

            foreach (var (word, place) in step.Keep)
            {
                if (Place.Find(body, place)?.ToString() is { } value)
                    _masks.Add(word, _words[word] = value);
            }

            var said = new JsonObject { ["status"] = status, ["body"] = _masks.Over(body) };
            if (warnings.Count > 0)
                said["warnings"] = new JsonArray([.. warnings.Select(text => _masks.Over(JsonValue.Create(text)))]);
            if (!isAsUntil)
                said["waited"] = "in vain";
            return new Reply(said);
        }
    }

    private async Task<(int Status, JsonNode? Body, IReadOnlyList<string> Warnings)> Answer(
        Step step, KubeRequest request)
    {
        if (step.Method != "WATCH")
        {
            var response = await server.Send(request, CancellationToken.None);
            return (response.Status, Parse(response.Body), response.Warnings);
        }

        var opening = await server.Watch(request, CancellationToken.None);
        if (opening is WatchOpening.Refused refused)
            return (refused.Response.Status, Parse(refused.Response.Body), refused.Response.Warnings);
        await using var stream = ((WatchOpening.Opened)opening).Stream;
        var events = new JsonArray();
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while ((step.Events == 0 || events.Count < step.Events) && await stream.Read(limit.Token) is { } line)
            events.Add(Parse(line));
        return (200, events, []);
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(body));
        }
    }

    private string Fill(string text)
    {
        // Twice, as a word may hold another one.
        foreach (var (word, value) in _words.Concat(_words).OrderByDescending(each => each.Key.Length))
            text = text.Replace("$" + word, value, StringComparison.Ordinal);
        return text;
    }
}
