using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide transfer-leader CLUSTER [MEMBER]</c>: another member of PD leads.</summary>
internal static class TransferLeaderCommand
{
    private static readonly Argument<string?> Member = new("MEMBER")
    {
        Description = "Who shall lead PD; without it a healthy member other than the leader",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("transfer-leader", "Have PD's leader hand over to another member");
        which.AddForOne(command);
        command.Arguments.Add(Member);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        var pd = cluster["status"]?["pd"];
        var members = pd?["members"] as JsonObject ?? [];
        var leader = (string?)pd?["leader"]?["name"];
        var wanted = arguments.GetValue(Member) ?? members
            .Where(one => one.Key != leader && one.Value?["health"] is JsonValue health && (bool)health)
            .Select(one => one.Key).FirstOrDefault();
        if (wanted is null)
        {
            throw new CommandFailure(ExitCodes.Refused,
                $"{Words.FullName(cluster)}: no other member of PD is healthy, so nobody can take over");
        }

        if (members.All(one => one.Key != wanted && one.Key.Split('.')[0] != wanted))
        {
            throw new CommandFailure(ExitCodes.NotFound,
                $"{wanted}: PD has no such member; there are {string.Join(", ", members.Select(one => one.Key))}");
        }

        var now = Words.Timestamp(TimeProvider.System.GetUtcNow());
        await api.Annotate(ClusterApi.TidbClusters, cluster, cancel, (Labels.PdLeader, $"{wanted}@{now}"));
        Console.WriteLine(wanted == leader
            ? $"{wanted} leads PD already"
            : $"asked for {wanted} to lead PD instead of {leader}; follow it with: tide watch "
                + Words.FullName(cluster));
        return ExitCodes.Done;
    }
}
