using Microsoft.AspNetCore.Http;
using Tidekeeper.Playground.Api;

namespace Tidekeeper.Playground.Server;

/// <summary>What an API server asks of a kubelet: the logs of containers. Nothing else is answered.</summary>
internal sealed class KubeletFront(LogStream logs, CancellationToken stop)
{
    public async Task Handle(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        context.RequestAborted = end.Token;
        var path = context.Request.Path.Value ?? "";
        if (path.Split('/') is not ["", "containerLogs", var ns, var pod, var container])
        {
            await ApiFront.Write(context, ApiFront.Failure(501, "NotImplemented",
                $"a simulated kubelet has no {path}: only the logs of containers can be had from it"));
            return;
        }

        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in context.Request.Query)
            query[name] = values.LastOrDefault() ?? "";
        try
        {
            await logs.Write(context, new ApiRequest("GET", path) { Query = query }, ns, pod, container);
        }
        catch (OperationCanceledException)
        {
            // The reader has left, or the node stops.
        }
    }
}
