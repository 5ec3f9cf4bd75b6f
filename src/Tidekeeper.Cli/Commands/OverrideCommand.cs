using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide override CLUSTER --guard NAME --for 30m --reason TEXT</c>: one guard, for a while.</summary>
internal static class OverrideCommand
{
    private static readonly Option<string?> GuardName = new("--guard")
    {
        Description = "The guard to ignore; without it all are listed",
        HelpName = "NAME",
    };
    private static readonly Option<string> Duration = new("--for")
    {
        Description = "For how long, 24h at most",
        DefaultValueFactory = _ => "30m",
        HelpName = "DURATION",
    };
    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "Why; it is recorded in the status and in Events",
        HelpName = "TEXT",
    };
    private static readonly Option<string?> Component = new("--component")
    {
        Description = "Only for members of this component: pd, tikv, tidb or tiflash",
        HelpName = "NAME",
    };
    private static readonly Option<bool> End = new("--end") { Description = "End the override now" };

    public static Command Build()
    {
        Component.AcceptOnlyFromAmong("pd", "tikv", "tidb", "tiflash");
        var which = new ClusterArguments();
        var command = new Command("override", "Ignore one guard of the safety gate for a while")
        {
            GuardName, Duration, Reason, Component, End,
        };
        which.AddForOne(command);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var wanted = arguments.GetValue(End) ? null : Read(arguments);
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        if (arguments.GetValue(End))
        {
            await api.Annotate(ClusterApi.TidbClusters, cluster, cancel, (Labels.Override, null));
            Console.WriteLine($"{Words.FullName(cluster)}: no guard is overridden any more");
            return ExitCodes.Done;
        }

        if (wanted is null)
            return List(cluster);
        await api.Annotate(ClusterApi.TidbClusters, cluster, cancel, (Labels.Override, wanted.ToText()));
        var guard = Guards.All.Single(one => one.Name == wanted.Guard);
        var whom = wanted.Component.Length > 0 ? $" for {wanted.Component}" : "";
        Console.WriteLine($"{Words.FullName(cluster)}: guard {guard.Name} is ignored{whom} until "
            + $"{wanted.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        Console.WriteLine($"  Nobody makes sure now that {guard.Says}: {guard.Without}.");
        return ExitCodes.Done;
    }

    private static Override? Read(ParseResult arguments)
    {
        if (arguments.GetValue(GuardName) is not { } name)
            return null;
        if (Guards.All.All(guard => guard.Name != name))
        {
            throw new CommandFailure(ExitCodes.Usage,
                $"--guard {name}: there are {string.Join(", ", Guards.All.Select(guard => guard.Name))}");
        }

        var text = arguments.GetValue(Duration)!;
        if (GoDuration.Parse(text) is not { } duration || duration <= TimeSpan.Zero || duration > Override.Longest)
            throw new CommandFailure(ExitCodes.Usage, $"--for {text}: give a time up to 24h, such as 30m");
        if (arguments.GetValue(Reason) is not { Length: > 0 } reason)
            throw new CommandFailure(ExitCodes.Usage, "--reason is missing: say why, for those who come after you");
        var now = TimeProvider.System.GetUtcNow();
        return new Override
        {
            Guard = name,
            Component = arguments.GetValue(Component) ?? "",
            From = now,
            Until = now + duration,
            Reason = reason,
        };
    }

    private static int List(JsonObject cluster)
    {
        Console.WriteLine("Before a member is taken out of service these guards are asked:");
        foreach (var guard in Guards.All)
            Console.WriteLine($"  {guard.Name,-17} {guard.Says}");
        if (Words.Condition(cluster, "Overridden") is { } condition)
            Console.WriteLine($"{Words.FullName(cluster)}: {condition["message"]}");
        return ExitCodes.Done;
    }
}
