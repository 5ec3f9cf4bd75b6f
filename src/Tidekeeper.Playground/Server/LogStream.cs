using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.Playground.Server;

/// <summary>Serves <c>GET …/pods/NAME/log</c>, what <c>kubectl logs</c> asks for.</summary>
internal sealed class LogStream(World world, WorldDriver driver, IPodLogs logs)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static bool IsAsked(ApiRequest request) =>
        request.Method == "GET"
        && request.Path.Split('/') is ["", "api", "v1", "namespaces", _, "pods", _, "log"];

    public async Task Serve(HttpContext context, ApiRequest request)
    {
        var parts = request.Path.Split('/');
        var (ns, name) = (parts[4], parts[6]);
        var found = driver.Look(() => world.Api.Handle(request with
        {
            Path = string.Join('/', parts[..7]),
            Query = new SortedDictionary<string, string>(),
            Accept = "application/json",
        }));
        if (found.Status != 200)
        {
            await ApiFront.Write(context, found);
            return;
        }

        var (container, refusal) = ChooseContainer(request, (JsonObject)JsonNode.Parse(found.Body)!, name);
        if (container is null)
        {
            await ApiFront.Write(context, ApiFront.Failure(400, "BadRequest", refusal));
            return;
        }

        await Write(context, request, ns, name, container);
    }

    /// <summary>Answers with the log of one container, as the request's query wants it.</summary>
    public async Task Write(HttpContext context, ApiRequest request, string ns, string name, string container)
    {
        var previous = Flag(request, "previous");
        var log = driver.Look(() => logs.Read(ns, name, container, previous, 0));
        if (log is null)
        {
            await ApiFront.Write(context, ApiFront.Failure(400, "BadRequest", previous
                ? $"previous terminated container \"{container}\" in pod \"{name}\" not found"
                : $"container \"{container}\" in pod \"{name}\" is waiting to start: ContainerCreating"));
            return;
        }

        context.Response.ContentType = "text/plain";
        await Send(context, request, log.Lines.Skip(First(request, log.Lines)));
        if (Flag(request, "follow") && !previous)
            await Follow(context, request, (ns, name, container), log);
    }

    private async Task Follow(
        HttpContext context, ApiRequest request, (string Ns, string Pod, string Container) of, PodLog log)
    {
        var read = log.Lines.Count;
        while (!log.Ended)
        {
            var changed = driver.Changed.Next;
            var next = driver.Look(() => logs.Read(of.Ns, of.Pod, of.Container, false, read));
            if (next is null)
                return;
            log = next;
            read += log.Lines.Count;
            await Send(context, request, log.Lines);
            if (log.Lines.Count > 0 || log.Ended)
                continue;
            await Task.WhenAny(changed, Task.Delay(Heartbeat, world.Time, context.RequestAborted));
            context.RequestAborted.ThrowIfCancellationRequested();
        }
    }

    private static async Task Send(HttpContext context, ApiRequest request, IEnumerable<LogLine> lines)
    {
        var stamps = Flag(request, "timestamps");
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            if (stamps)
                text.Append(line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff00'Z'",
                    CultureInfo.InvariantCulture)).Append(' ');
            text.Append(line.Text).Append('\n');
        }

        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Index of the first line asked for: by age, then by number of last lines.</summary>
    private int First(ApiRequest request, IReadOnlyList<LogLine> lines)
    {
        DateTimeOffset? since = Number(request, "sinceSeconds") is { } seconds
            ? world.Time.GetUtcNow() - TimeSpan.FromSeconds(seconds)
            : request.Query.TryGetValue("sinceTime", out var text) && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        var first = 0;
        while (since is { } moment && first < lines.Count && lines[first].At < moment)
            first++;
        return Number(request, "tailLines") is { } tail ? Math.Max(first, lines.Count - (int)tail) : first;
    }

    private static (string? Container, string Refusal) ChooseContainer(ApiRequest request, JsonObject pod, string name)
    {
        string[] Names(string list) => pod["spec"]?[list] is JsonArray containers
            ? [.. containers.Select(c => (string?)c?["name"] ?? "")] : [];
        var main = Names("containers");
        string[] all = [.. Names("initContainers"), .. main, .. Names("ephemeralContainers")];
        if (request.Query.TryGetValue("container", out var asked) && asked.Length > 0)
            return all.Contains(asked) ? (asked, "") : (null, $"container {asked} is not valid for pod {name}");
        if ((string?)pod["metadata"]?["annotations"]?["kubectl.kubernetes.io/default-container"] is { } preferred
            && main.Contains(preferred))
            return (preferred, "");
        return all.Length == 1 ? (all[0], "")
            : (null, $"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', all)}]");
    }

    private static bool Flag(ApiRequest request, string name) =>
        request.Query.TryGetValue(name, out var value) && value is "true" or "1";

    private static long? Number(ApiRequest request, string name) =>
        request.Query.TryGetValue(name, out var text) && long.TryParse(text, out var number) && number >= 0
            ? number : null;
}
