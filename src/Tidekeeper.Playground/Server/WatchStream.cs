using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Server;

/// <summary>Streams a watch: one line of JSON for each event, as soon as it has happened.</summary>
internal sealed class WatchStream(World world, WorldDriver driver)
{
    private const int Batch = 500;

    // Real servers end watches after half an hour to an hour; a watch that nobody ends would also pin the client.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(50);

    // So often a silent watch is looked at, for the sake of bookmarks.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static bool IsAsked(ApiRequest request) =>
        request.Query.TryGetValue("watch", out var watch) && watch is "1" or "true" or "True" or "";

    public async Task Serve(HttpContext context, ApiRequest request)
    {
        var (watch, refusal) = driver.Look(() => world.Api.Watch(request));
        if (watch is null)
        {
            await ApiFront.Write(context, refusal!);
            return;
        }

        using var limit = new CancellationTokenSource(Limit(request), world.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            context.Response.ContentType = request.Accept.Contains("as=Table", StringComparison.Ordinal)
                ? "application/json;as=Table;v=v1;g=meta.k8s.io;stream=watch" : "application/json";
            context.Response.Headers.CacheControl = "no-cache, private";
            await context.Response.StartAsync(end.Token);
            await context.Response.Body.FlushAsync(end.Token);
            await Stream(context, watch, end.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested
            && !context.RequestAborted.IsCancellationRequested)
        {
            // Its time is over: the answer ends in the ordinary way, and the client opens another watch.
        }
        finally
        {
            driver.Look(() =>
            {
                watch.Close();
                return true;
            });
        }
    }

    private async Task Stream(HttpContext context, ApiWatch watch, CancellationToken end)
    {
        while (true)
        {
            var changed = driver.Changed.Next;
            var (lines, ended) = driver.Look(() => (Draw(watch), watch.Ended));
            if (lines.Length > 0)
            {
                await context.Response.Body.WriteAsync(lines, end);
                await context.Response.Body.FlushAsync(end);
                continue;
            }

            if (ended)
                return;
            try
            {
                await changed.WaitAsync(Heartbeat, world.Time, end);
            }
            catch (TimeoutException)
            {
                // Nothing has happened; a bookmark may be due.
            }
        }
    }

    private static byte[] Draw(ApiWatch watch)
    {
        StringBuilder? lines = null;
        for (var i = 0; i < Batch && watch.TryRead() is JsonObject line; i++)
            (lines ??= new StringBuilder()).Append(line.ToJsonString(RelaxedJson.Options)).Append('\n');
        return lines is null ? [] : Encoding.UTF8.GetBytes(lines.ToString());
    }

    private static TimeSpan Limit(ApiRequest request) =>
        request.Query.TryGetValue("timeoutSeconds", out var text)
        && double.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, 86400)) : Longest;
}
