using System.CommandLine;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide up</c>: a playground, a cluster in it, and what to try next.</summary>
internal static class UpCommand
{
    private static readonly Option<string[]> Files = new("--file", "-f")
    {
        Description = "Manifest to apply, YAML or JSON, '-' for standard input; may be repeated. Without it an "
            + "example is applied",
        HelpName = "FILE",
    };
    private static readonly Option<bool> Detach = new("--detach", "-d")
    {
        Description = "Return when the clusters are ready and leave the playground running",
    };
    private static readonly Option<int> TimeoutSeconds = new("--timeout")
    {
        Description = "Seconds to wait until everything is ready",
        DefaultValueFactory = _ => 180,
        HelpName = "SECONDS",
    };

    public static Command Build()
    {
        var command = new Command("up", "Start a playground with a TiDB cluster; then shows how to use it")
        {
            Files, Detach, TimeoutSeconds,
        };
        PlaygroundArguments.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult arguments, CancellationToken cancel)
    {
        var files = arguments.GetValue(Files) is { Length: > 0 } given ? given : [Example.Path];
        // Read before anything starts: a typing error in the file should cost nothing.
        var objects = files.SelectMany(Manifest.Read).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        var session = await Playground(arguments, cancel);
        var api = Connection.Open(Session.KubeconfigPath);
        foreach (var item in objects)
        {
            var (applied, warnings) = await api.Apply(item, cancel);
            Console.WriteLine($"applied {applied["kind"]} {Words.FullName(applied)}");
            foreach (var warning in warnings)
                Console.WriteLine($"  warning: {warning}");
        }

        var clusters = objects.Where(o => (string?)o["kind"] == "TidbCluster")
            .Select(o => ((string?)o["metadata"]!["namespace"] ?? "default", (string)o["metadata"]!["name"]!))
                .ToArray();
        if (session.HasOperator)
        {
            var limit = TimeSpan.FromSeconds(arguments.GetValue(TimeoutSeconds));
            await Progress.Follow(api, clusters, started, limit, cancel);
        }
        else if (clusters.Length > 0)
        {
            Console.WriteLine("no operator runs here (--no-operator): start one with this kubeconfig");
        }

        await NextSteps.Print(api, clusters, cancel);
        if (arguments.GetValue(Detach))
            return ExitCodes.Done;
        return await HoldInForeground(session, cancel);
    }

    private static async Task<Session> Playground(ParseResult arguments, CancellationToken cancel)
    {
        if (Session.Find() is not { } running)
            return await PlaygroundStart.Run(PlaygroundArguments.Read(arguments), cancel);
        if (PlaygroundArguments.Given(arguments) is { Length: > 0 } ignored)
            throw new CommandFailure(ExitCodes.Usage,
                $"a playground runs already and {string.Join(", ", ignored)} cannot change it; stop it first with: "
                    + $"tide down");
        return running;
    }

    private static async Task<int> HoldInForeground(Session session, CancellationToken cancel)
    {
        Console.WriteLine("\nPress Ctrl-C to stop the playground.");
        try
        {
            while (Session.Find() is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancel);
        }
        catch (OperationCanceledException)
        {
            await DownCommand.Stop(session, CancellationToken.None);
            Console.WriteLine("the playground has stopped");
        }

        return ExitCodes.Done;
    }
}
