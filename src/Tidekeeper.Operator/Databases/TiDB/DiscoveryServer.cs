using System.Net;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>Puts HTTP in front of <see cref="DiscoveryService"/>.</summary>
public static class DiscoveryServer
{
    /// <summary>Starts to listen; port 0 takes any free one.</summary>
    public static async Task<WebApplication> Start(
        string address, int port, DiscoveryService service, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), port));
        var app = builder.Build();
        app.Run(async context =>
        {
            var (status, text) = await service.Answer(context.Request.Path.Value ?? "", context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text);
        });
        await app.StartAsync(cancel);
        return app;
    }
}
