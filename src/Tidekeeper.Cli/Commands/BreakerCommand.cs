using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide breaker CLUSTER</c> and <c>tide breaker reset CLUSTER</c>.</summary>
internal static class BreakerCommand
{
    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("breaker", "Show the circuit breaker of a cluster, or reset it");
        which.AddForOne(command);
        command.SetAction((arguments, cancel) => Show(which, arguments, cancel));
        var whose = new ClusterArguments();
        var reset = new Command("reset", "Close the circuit breaker; failures up to now count no longer");
        whose.AddForOne(reset);
        reset.SetAction((arguments, cancel) => Reset(whose, arguments, cancel));
        command.Subcommands.Add(reset);
        return command;
    }

    private static async Task<int> Show(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var cluster = await which.FindOne(which.Connect(arguments), arguments, cancel);
        var name = Words.FullName(cluster);
        if (cluster["status"]?["breaker"] is JsonObject open)
        {
            Console.WriteLine($"{name}: open since {Words.Since((string?)open["since"])}: {open["why"]}");
            Console.WriteLine("  Only members that are down are touched. When you know why they failed:");
            Console.WriteLine($"  tide breaker reset {name}");
        }
        else
        {
            var isOff = cluster["spec"]?["breaker"]?["enabled"] is JsonValue enabled && !(bool)enabled;
            Console.WriteLine(isOff ? $"{name}: switched off by spec.breaker.enabled" : $"{name}: closed");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> Reset(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        if (cluster["status"]?["breaker"] is not JsonObject open)
        {
            Console.WriteLine($"{Words.FullName(cluster)}: it is closed already");
            return ExitCodes.Done;
        }

        // Whose clock is behind must still be able to reset what opened a moment ago.
        var time = TimeProvider.System.GetUtcNow();
        var opened = (string?)open["since"];
        if (DateTimeOffset.TryParse(opened, CultureInfo.InvariantCulture, out var since) && since > time)
            time = since;
        await api.Annotate(ClusterApi.TidbClusters, cluster, cancel,
            (Labels.BreakerReset, Words.Timestamp(time)));
        Console.WriteLine($"{Words.FullName(cluster)}: reset; what failed until now counts no longer");
        return ExitCodes.Done;
    }
}
