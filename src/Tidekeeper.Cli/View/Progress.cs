using System.Text.Json.Nodes;
using Spectre.Console;
using Tidekeeper.Cli.Cluster;

namespace Tidekeeper.Cli.View;

/// <summary>
/// Waits until clusters are ready and says meanwhile what the operator does, in the operator's own words.
/// </summary>
internal sealed class Progress(ClusterApi api, OperatorAtWork atWork)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public async Task Follow(IReadOnlyList<(string Namespace, string Name)> clusters,
        long started, TimeSpan limit, CancellationToken cancel)
    {
        if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
        {
            await AnsiConsole.Status().StartAsync("starting", status => FollowAll(
                clusters, started, limit, s => status.Status = Markup.Escape(s), cancel));
        }
        else
        {
            await FollowAll(clusters, started, limit, Console.WriteLine, cancel);
        }
    }

    private async Task FollowAll(IReadOnlyList<(string Namespace, string Name)> clusters,
        long started, TimeSpan limit, Action<string> say, CancellationToken cancel)
    {
        var said = new string[clusters.Count];
        var ready = new bool[clusters.Count];
        while (ready.Contains(false))
        {
            for (var i = 0; i < clusters.Count; i++)
            {
                if (ready[i])
                    continue;
                var (ns, name) = clusters[i];
                var cluster = await api.Get(ClusterApi.TidbClusters, ns, name, cancel)
                    ?? throw new CommandFailure(ExitCodes.NotFound, $"TidbCluster {ns}/{name} has been deleted");
                var elapsed = TimeProvider.System.GetElapsedTime(started);
                var saysReady = Words.Is(cluster, "Ready") && IsCurrent(cluster);
                ready[i] = saysReady && await atWork.FindsReady(ns, name, cancel);
                if (ready[i])
                {
                    AnsiConsole.MarkupLineInterpolated(
                        $"[green]✔[/] {ns}/{name} is ready after {elapsed.TotalSeconds:0.0} s");
                    continue;
                }

                FailWhenRefused(cluster);
                var sentence = saysReady
                    ? "its status is of an earlier time; the operator has not looked at it again yet"
                    : Sentence(cluster);
                if (said[i] != sentence)
                    say($"{ns}/{name}: {said[i] = sentence}");
                if (elapsed > limit)
                    throw new CommandFailure(ExitCodes.TimedOut,
                        $"{ns}/{name} is not ready after {limit.TotalSeconds:0} s: {sentence}\nIt may still become "
                            + $"ready; see: tide why {name} -n {ns}");
            }

            await Task.Delay(Interval, TimeProvider.System, cancel);
        }
    }

    // A condition that was computed for an older generation says nothing about what was just applied.
    private static bool IsCurrent(JsonObject cluster) =>
        (long?)cluster["status"]?["observedGeneration"] == (long?)cluster["metadata"]?["generation"];

    private static string Sentence(JsonObject cluster) =>
        cluster["status"] is null ? "the operator has not looked at it yet"
        : (string?)cluster["status"]?["waiting"]?["why"]
            ?? (string?)Words.Condition(cluster, "Ready")?["message"] ?? "no condition yet";

    private static void FailWhenRefused(JsonObject cluster)
    {
        if (IsCurrent(cluster) && Words.Condition(cluster, "Accepted") is { } accepted
            && (string?)accepted["status"] == "False")
            throw new CommandFailure(ExitCodes.Refused, $"{Words.FullName(cluster)} is refused: {accepted["message"]}");
    }
}
