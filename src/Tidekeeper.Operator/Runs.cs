using System.Net;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Operator.Databases.TiDB;

namespace Tidekeeper.Operator;

/// <summary>What the executable does, with real sockets and real time.</summary>
public static class Runs
{
    /// <summary>Runs the operator until cancelled.</summary>
    public static async Task Operator(Settings settings, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        var access = await KubeAccess.Find(settings.KubeConfig, settings.Context, time, cancel);
        settings = Complete(settings, access, time);
        using var transport = Transport(access, time);
        using var electionTransport = Transport(access, time);
        using var wire = new HttpDatabaseWire(time);
        var sink = Sink(settings);
        var seed = settings.Seed ?? time.GetUtcNow().Ticks.GetHashCode();
        var compose = Compose.Operator(new(transport, electionTransport, wire, time, seed, sink), settings);
        await using var server = await HealthServer.Start(
            settings.Address, settings.Port, compose.Health, compose.Scrape, cancel);
        var log = new OperatorLog(time, sink);
        log.Info("serves health and metrics", ("at", string.Join(' ', server.Urls)), ("access", access.Origin));
        await compose.App.Run(cancel);
    }

    /// <summary>Answers PD pods until cancelled.</summary>
    public static async Task Discovery(Settings settings, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        var access = await KubeAccess.Find(settings.KubeConfig, settings.Context, time, cancel);
        using var transport = Transport(access, time);
        using var wire = new HttpDatabaseWire(time);
        var log = new OperatorLog(time, Sink(settings));
        var service = new DiscoveryService(new KubeApi(transport, Labels.FieldManager), wire, log);
        var port = settings.Port == new Settings().Port ? DiscoveryService.Port : settings.Port;
        await using var server = await DiscoveryServer.Start(settings.Address, port, service, cancel);
        log.Info("serves discovery", ("at", string.Join(' ', server.Urls)), ("access", access.Origin));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancel.Register(() => stopped.TrySetResult()))
            await stopped.Task;
    }

    /// <summary>Fills in what depends on where we run.</summary>
    private static Settings Complete(Settings settings, KubeAccess access, TimeProvider time) => settings with
    {
        LeaseNamespace = settings.LeaseNamespace.Length > 0 ? settings.LeaseNamespace : access.Namespace,
        // A pod's name is enough: a container starts again only when its former self is dead, so the new one may take
        // the lease over at once. By hand, the process id and the time tell two processes on one host apart.
        Identity = settings.Identity.Length > 0
            ? settings.Identity
            : $"{Dns.GetHostName()}_{Environment.ProcessId}_{time.GetUtcNow().ToUnixTimeMilliseconds():x}",
    };

    private static HttpTransport Transport(KubeAccess access, TimeProvider time) =>
        new(access.Endpoint, access.Credentials, $"tidekeeper/{Program.Version}", time);

    private static Action<LogLine> Sink(Settings settings) =>
        settings.JsonLog ? line => Console.WriteLine(line.Json()) : line => Console.WriteLine(line.Plain());
}
