using System.Net;

namespace Tidekeeper.Operator;

/// <summary>Serves /healthz, /readyz and /metrics.</summary>
public static class HealthServer
{
    /// <summary>Starts to listen; port 0 takes any free one.</summary>
    public static async Task<WebApplication> Start(
        string address, int port, Health health, Func<IEnumerable<string>> metrics, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), port));
        var app = builder.Build();
        app.Run(async context =>
        {
            var (status, texts) = Answer(context.Request.Path.Value ?? "", health, metrics);
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            foreach (var text in texts)
                await context.Response.WriteAsync(text, context.RequestAborted);
        });
        await app.StartAsync(cancel);
        return app;
    }

    /// <summary>The answer to a path, in parts.</summary>
    public static (int Status, IEnumerable<string> Texts) Answer(
        string path, Health health, Func<IEnumerable<string>> metrics) => path switch
        {
            "/healthz" => (200, ["ok\n"]),
            // A standby is ready: it follows the API and takes over when the leader goes.
            "/readyz" when health.Forbidden is { Count: > 0 } forbidden => (503, forbidden.Select(one => $"{one}\n")),
            "/readyz" when health.Prepared => (200,
                [health.Leads ? "leads\n" : "stands by\n", health.Notice.Length > 0 ? health.Notice + "\n" : ""]),
            "/readyz" => (503, [$"not ready: {(health.Obstacle.Length > 0 ? health.Obstacle : "starting")}\n"]),
            "/metrics" => (200, metrics()),
            _ => (404, ["there are /healthz, /readyz and /metrics\n"]),
        };
}
