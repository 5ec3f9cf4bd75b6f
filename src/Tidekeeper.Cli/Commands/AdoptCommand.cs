using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide adopt CLUSTER [--dry-run|--commit|--abort]</c>: takes over a cluster that tidb-operator v1 made, stage by
/// stage.
/// </summary>
internal static class AdoptCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Tell object by object what would be done, and what is in the way; nothing is touched",
    };
    private static readonly Option<bool> Commit = new("--commit")
    {
        Description = "After the trial: the cluster is this operator's, and there is no way back",
    };
    private static readonly Option<bool> Abort = new("--abort")
    {
        Description = "Take back what the trial changed, so that tidb-operator v1 can go on",
    };

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("adopt", "Take over a cluster that tidb-operator v1 made, without a restart")
        {
            DryRun, Commit, Abort,
        };
        which.AddForOne(command);
        command.Validators.Add(result =>
        {
            Option<bool>[] stages = [DryRun, Commit, Abort];
            if (stages.Count(option => result.GetValue(option)) > 1)
                result.AddError("--dry-run, --commit and --abort exclude each other");
        });
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        var seen = await LiveCluster.ReadWhole(api, cluster, cancel);
        var (mark, report) = (AdoptionMark.Of(seen.Cluster), AdoptionReport.Of(seen));
        var name = Words.FullName(cluster);
        if (!report.IsOfV1 && mark.Stage == AdoptionStage.None)
            throw Refused($"{name} was not made by tidb-operator v1: nothing is to be adopted");
        if (arguments.GetValue(Abort))
            return await GiveBack(api, cluster, mark, cancel);
        var (obstacles, unseen) = await GoOperator.Look(api, cancel);
        if (arguments.GetValue(DryRun) || obstacles.Count + report.Obstacles.Count > 0)
        {
            Console.WriteLine(name);
            Console.Write(report.Print(obstacles));
            foreach (var note in unseen)
                Console.WriteLine($"mind: {note}");
            return obstacles.Count + report.Obstacles.Count > 0 ? ExitCodes.Refused : ExitCodes.Done;
        }

        foreach (var note in unseen)
            Console.WriteLine($"mind: {note}");
        var since = report.LastWritten.Length > 0 ? report.LastWritten : mark.Since;
        if (!arguments.GetValue(Commit))
        {
            if (mark.Stage == AdoptionStage.Committed && !report.IsOfV1)
                throw Refused($"{name} is taken over already");
            return await Move(api, cluster, new(AdoptionStage.Trial, since), [TidbReasons.OnTrial], cancel);
        }

        if (mark.Stage is not (AdoptionStage.Trial or AdoptionStage.Committed))
            throw Refused($"{name} is not on trial: tide adopt {name} comes before --commit");
        return await Move(api, cluster, new(AdoptionStage.Committed, since), [TidbReasons.TakenOver], cancel);
    }

    private static async Task<int> GiveBack(
        ClusterApi api, JsonObject cluster, AdoptionMark mark, CancellationToken cancel)
    {
        var name = Words.FullName(cluster);
        switch (mark.Stage)
        {
            case AdoptionStage.None:
                throw Refused($"{name} is not on trial: there is nothing to take back");
            case AdoptionStage.Committed:
                throw Refused($"the take-over of {name} is committed: there is no way back");
        }

        var code = await Move(
            api, cluster, mark with { Stage = AdoptionStage.Aborted }, [TidbReasons.GivenBack], cancel);
        if (code == ExitCodes.Done)
        {
            Console.WriteLine("next: put v1's CustomResourceDefinitions back (kubectl replace -f), then start "
                + "tidb-operator v1 again (kubectl scale deployment)");
        }

        return code;
    }

    private static CommandFailure Refused(string why) => new(ExitCodes.Refused, why);

    /// <summary>Writes the stage, and waits until the operator says that it is reached.</summary>
    private static async Task<int> Move(
        ClusterApi api, JsonObject cluster, AdoptionMark mark, IReadOnlyList<string> reached, CancellationToken cancel)
    {
        cluster = await api.Annotate(ClusterApi.TidbClusters, cluster, cancel, (Labels.Adoption, mark.ToString()));
        var (ns, name) = ((string)cluster["metadata"]!["namespace"]!, (string)cluster["metadata"]!["name"]!);
        var told = "";
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            var now = await api.Get(ClusterApi.TidbClusters, ns, name, cancel)
                ?? throw new CommandFailure(ExitCodes.NotFound, $"{ns}/{name} has been deleted");
            var condition = (now["status"]?["conditions"] as JsonArray ?? [])
                .FirstOrDefault(one => (string?)one?["type"] == TidbConditions.Adopted);
            var message = $"{(string?)condition?["reason"]}: {(string?)condition?["message"]}";
            if (condition is not null && message != told)
                Console.WriteLine(told = message);
            if (reached.Contains((string?)condition?["reason"]))
                return ExitCodes.Done;
            await Task.Delay(Interval, TimeProvider.System, cancel);
        }

        throw new CommandFailure(ExitCodes.TimedOut, $"{ns}/{name}: the operator has not got there within "
            + $"{Patience.TotalSeconds:0} s; it goes on by itself: tide why {name} -n {ns}");
    }
}
