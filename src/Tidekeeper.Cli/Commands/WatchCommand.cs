using System.CommandLine;
using Spectre.Console;
using Spectre.Console.Rendering;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide watch [CLUSTER]</c>: clusters as they are, until Ctrl-C; in a pipe a line for each change.
/// </summary>
internal static class WatchCommand
{
    private const int EventsShown = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly Option<int> TimeoutSeconds = WholeNumber.Option(
        "--timeout", "SECONDS", "End after so many seconds; 0: only with Ctrl-C", 0, 0, 86400);

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("watch", "Follow clusters: members, what is under way, what it waits for, Events")
        {
            TimeoutSeconds,
        };
        command.Arguments.Add(which.Name);
        which.AddScope(command);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var seconds = arguments.GetValue(TimeoutSeconds);
        using var timeout = new CancellationTokenSource(
            seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds), TimeProvider.System);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
            {
                await AnsiConsole.Live(new Text(""))
                    .StartAsync(screen => Draw(which, arguments, api, screen, ends.Token));
            }
            else
            {
                await Tell(which, arguments, api, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // Watching ends when whoever watches has seen enough: that is no failure.
        }

        return ExitCodes.Done;
    }

    private static async Task Draw(
        ClusterArguments which, ParseResult arguments, ClusterApi api, LiveDisplayContext screen,
        CancellationToken cancel)
    {
        while (true)
        {
            List<IRenderable> rows = [];
            foreach (var cluster in await which.Find(api, arguments, cancel))
            {
                var view = await ClusterView.Read(api, cluster, cancel);
                rows.Add(StatusTree.Of(view));
                foreach (var one in await ClusterEvent.Lately(api, cluster, EventsShown, cancel))
                    rows.Add(new Text(one.Line(view.Sentence), new Style(Color.Grey)));
            }

            screen.UpdateTarget(rows.Count > 0 ? new Rows(rows) : new Text("there is no TidbCluster"));
            await Task.Delay(Interval, TimeProvider.System, cancel);
        }
    }

    private static async Task Tell(
        ClusterArguments which, ParseResult arguments, ClusterApi api, CancellationToken cancel)
    {
        var said = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var told = new SortedSet<string>(StringComparer.Ordinal);
        while (true)
        {
            foreach (var cluster in await which.Find(api, arguments, cancel))
            {
                var name = Words.FullName(cluster);
                foreach (var one in await ClusterEvent.Lately(api, cluster, EventsShown, cancel))
                {
                    if (told.Add(one.Key))
                        Say($"{name}: {one.Type} {one.Reason}: {one.Message}");
                }

                var plan = string.Join(
                    "; ", UndertakingView.Of(cluster).Select(one => $"{one.StateInWords} {one.Name}"));
                var sentence = (string?)cluster["status"]?["waiting"]?["why"]
                    ?? (string?)Words.Condition(cluster, "Ready")?["message"]
                    ?? "the operator has not looked at it yet";
                var line = plan.Length == 0 ? sentence : $"{sentence} [{plan}]";
                if (said.GetValueOrDefault(name) != line)
                    Say($"{name}: {said[name] = line}");
            }

            await Task.Delay(Interval, TimeProvider.System, cancel);
        }
    }

    private static void Say(string line) =>
        Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss}  {line}");
}
