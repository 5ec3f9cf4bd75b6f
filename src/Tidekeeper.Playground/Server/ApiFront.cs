using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Api.Schemas;
using YamlDotNet.Core;

namespace Tidekeeper.Playground.Server;

/// <summary>
/// The Kubernetes API over HTTP: turns requests into <see cref="ApiRequest"/>s and answers into bytes.
/// </summary>
internal sealed class ApiFront(
    World world, WorldDriver driver, IPodLogs? logs, Action<string> report, CancellationToken stop)
{
    private const int LargestBody = 3 << 20;

    private readonly WatchStream _watches = new(world, driver);
    private readonly LogStream? _logs = logs is null ? null : new LogStream(world, driver, logs);

    public async Task Handle(HttpContext context)
    {
        // Watches end when the playground stops, not only when their client leaves.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        context.RequestAborted = end.Token;
        try
        {
            await Answer(context);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the playground stops: nobody is there to be answered.
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            report($"{context.Request.Method} {context.Request.Path}: {bug}");
            if (!context.Response.HasStarted)
                await Write(context, Failure(500, "InternalError", "Internal error occurred: " + bug.Message));
        }
    }

    private async Task Answer(HttpContext context)
    {
        var request = await Read(context);
        if (request is null)
        {
            await Write(context, Failure(413, "RequestEntityTooLarge",
                $"Request entity too large: limit is {LargestBody}"));
            return;
        }

        try
        {
            request = InJson(request);
        }
        catch (YamlException e)
        {
            await Write(context, Failure(400, "BadRequest", $"error decoding YAML: {e.Message} (line {e.Start.Line})"));
            return;
        }
        catch (FormatException e)
        {
            await Write(context, Failure(415, "UnsupportedMediaType", e.Message));
            return;
        }

        if (request.Method == "GET" && WatchStream.IsAsked(request))
            await _watches.Serve(context, request);
        else if (_logs is not null && LogStream.IsAsked(request))
            await _logs.Serve(context, request);
        else if (request.Method is "GET" or "HEAD")
            await Write(context, driver.Look(() => world.Api.Handle(request)));
        else
            await Write(context, driver.Do(() => world.Api.Handle(request)));
    }

    private static ApiRequest InJson(ApiRequest request)
    {
        if (request.Body.Length == 0)
            return request;
        if (ProtobufBody.IsMeant(request.ContentType))
            return request with { Body = ProtobufBody.ToJson(request.Body), ContentType = "application/json" };
        return request.ContentType.Contains("yaml", StringComparison.Ordinal)
            ? request with { Body = YamlBody.ToJson(request.Body) } : request;
    }

    internal static async Task Write(HttpContext context, ApiResponse answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers.CacheControl = "no-cache, private";
        if (answer.Warnings.Count > 0)
        {
            context.Response.Headers["Warning"] =
                answer.Warnings.Select(text => $"299 - {RelaxedJson.Quote(text)}").ToArray();
        }

        context.Response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    internal static ApiResponse Failure(int code, string reason, string message)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
            ["code"] = code,
        };
        return new ApiResponse(code, Encoding.UTF8.GetBytes(status.ToJsonString(RelaxedJson.Options)));
    }

    private static async Task<ApiRequest?> Read(HttpContext context)
    {
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in context.Request.Query)
            query[name] = values.LastOrDefault() ?? "";
        using var body = new MemoryStream();
        if (context.Request.ContentLength is > LargestBody)
            return null;
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (body.Length > LargestBody)
            return null;
        var headers = context.Request.Headers;
        return new ApiRequest(context.Request.Method, context.Request.Path.Value ?? "/")
        {
            Query = query,
            Body = body.ToArray(),
            ContentType = context.Request.ContentType is { Length: > 0 } type ? type : "application/json",
            Accept = headers.Accept.Count == 0 ? "*/*" : string.Join(",", headers.Accept.ToArray()),
            UserAgent = headers.UserAgent.Count == 0 ? "unknown" : headers.UserAgent.ToString(),
            User = UserOf(headers.Authorization.ToString()),
        };
    }

    // On loopback, everybody who can connect is the administrator; a token "name:secret" only gives another name.
    private static string UserOf(string authorization)
    {
        const string bearer = "Bearer ";
        if (!authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
            return "system:admin";
        var token = authorization[bearer.Length..];
        var colon = token.LastIndexOf(':');
        return colon > 0 ? token[..colon] : "system:admin";
    }
}
