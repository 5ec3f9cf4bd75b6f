using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Cli.View;
using Tidekeeper.Operator.Databases;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide up</c>: a playground, a cluster in it, and what to try next.</summary>
internal static class UpCommand
{
    private static readonly Option<string[]> Files = new("--file", "-f")
    {
        Description = "Manifest to apply, YAML or JSON, a folder of them, or '-' for standard input; may be "
            + "repeated. Without it an example is applied, unless there is a cluster already",
        HelpName = "FILE",
    };
    private static readonly Option<bool> Detach = new("--detach", "-d")
    {
        Description = "Return when the clusters are ready and leave the playground running",
    };
    private static readonly Option<int> TimeoutSeconds = WholeNumber.Option(
        "--timeout", "SECONDS", "Seconds to wait until everything is ready", 180, 1, 86400);

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
        var files = arguments.GetValue(Files) ?? [];
        // Read before anything starts: a typing error in the file should cost nothing.
        var objects = files.SelectMany(Manifest.Read).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        var (session, isNew) = await Playground(arguments, cancel);
        var isDetached = arguments.GetValue(Detach);
        try
        {
            await BringUp(session, arguments, objects, started, cancel);
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure(
                failure.Code, $"{failure.Message}\nThe playground keeps running; stop it with: tide down");
        }
        catch (OperationCanceledException) when (isNew && !isDetached)
        {
            await DownCommand.Stop(session, CancellationToken.None);
            Console.WriteLine("interrupted; the playground has stopped");
            return ExitCodes.Interrupted;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("interrupted; the playground keeps running; stop it with: tide down");
            return ExitCodes.Interrupted;
        }

        return isDetached ? ExitCodes.Done : await Foreground.Hold(session, cancel);
    }

    private static async Task BringUp(
        Session session, ParseResult arguments, IReadOnlyList<JsonObject> given, long started, CancellationToken cancel)
    {
        var api = Connection.Open(Session.KubeconfigPath);
        var clusters = await Apply(api, given, cancel);
        if (session.HasOperator)
        {
            using var wire = new HttpDatabaseWire(TimeProvider.System);
            var limit = TimeSpan.FromSeconds(arguments.GetValue(TimeoutSeconds));
            await new Progress(api, new OperatorAtWork(api, wire)).Follow(clusters, started, limit, cancel);
        }
        else if (clusters.Count > 0)
        {
            Console.WriteLine("no operator runs here (--no-operator): start one with this kubeconfig");
        }

        await NextSteps.Print(api, clusters, cancel);
    }

    /// <summary>The clusters to wait for: those given, else those that are there, else the example.</summary>
    private static async Task<IReadOnlyList<(string Namespace, string Name)>> Apply(
        ClusterApi api, IReadOnlyList<JsonObject> given, CancellationToken cancel)
    {
        if (given.Count == 0)
        {
            var there = await api.List(ClusterApi.TidbClusters, null, null, cancel);
            if (there.Count > 0)
                return [.. there.Select(NameOf)];
            given = Manifest.Read(Example.Path);
        }

        foreach (var item in given)
        {
            var (applied, warnings) = await api.Apply(item, cancel);
            Console.WriteLine($"applied {applied["kind"]} {Words.FullName(applied)}");
            foreach (var warning in warnings)
                Console.WriteLine($"  warning: {warning}");
        }

        return [.. given.Where(o => (string?)o["kind"] == "TidbCluster").Select(NameOf)];
    }

    private static (string Namespace, string Name) NameOf(JsonObject cluster) =>
        ((string?)cluster["metadata"]!["namespace"] ?? "default", (string)cluster["metadata"]!["name"]!);

    private static async Task<(Session Session, bool IsNew)> Playground(
        ParseResult arguments, CancellationToken cancel)
    {
        if (Session.Find() is not { } running)
            return (await PlaygroundStart.Run(PlaygroundArguments.Read(arguments), cancel), true);
        if (PlaygroundArguments.Given(arguments) is { Length: > 0 } ignored)
            throw new CommandFailure(ExitCodes.Usage,
                $"a playground runs already and {string.Join(", ", ignored)} cannot change it; stop it first with: "
                    + $"tide down");
        return (running, false);
    }
}
