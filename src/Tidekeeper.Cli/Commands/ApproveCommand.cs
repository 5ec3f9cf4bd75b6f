using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Engines.TiDB.Control;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide approve CLUSTER [UNDERTAKING…]</c>: lets undertakings of <c>status.plan</c> go on.</summary>
internal static class ApproveCommand
{
    private static readonly Argument<string[]> Names = new("UNDERTAKING")
    {
        Description = "Names from the plan that tide status shows; without any, all that wait for approval",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<bool> Withdraw = new("--withdraw")
    {
        Description = "Take approvals back instead; what is under way goes on to its next safe point",
    };

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("approve", "Approve what waits for it under spec.approval: Manual") { Withdraw };
        which.AddForOne(command);
        command.Arguments.Add(Names);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        var plan = UndertakingView.Of(cluster);
        var names = arguments.GetValue(Names) ?? [];
        var withdraws = arguments.GetValue(Withdraw);
        var old = Approvals.Entries(
            (string?)cluster["metadata"]!["annotations"]?[Labels.Approved]);
        if (withdraws)
        {
            var left = names.Length == 0 ? [] : old.Where(entry => !names.Contains(entry.Split('@')[0])).ToArray();
            await Write(api, cluster, left, cancel);
            Console.WriteLine(left.Length == 0
                ? "nothing is approved any more"
                : $"still approved: {string.Join(", ", left)}");
            return ExitCodes.Done;
        }

        foreach (var unknown in names.Where(name => plan.All(one => one.Name != name)))
        {
            throw new CommandFailure(ExitCodes.NotFound, plan.Count == 0
                ? $"{unknown}: nothing is planned for {Words.FullName(cluster)} now"
                : $"{unknown}: there is no such undertaking; planned are: "
                    + string.Join(", ", plan.Select(one => one.Name)));
        }

        var approved = plan
            .Where(one => names.Length > 0 ? names.Contains(one.Name) : one.State == "NeedsApproval").ToArray();
        if (approved.Length == 0)
        {
            Console.WriteLine("nothing waits for approval");
            return ExitCodes.Done;
        }

        // What is not planned any more is dropped: an approval is for one wish.
        var kept = old.Where(entry => plan.Any(one => one.Name == entry.Split('@')[0]));
        await Write(api, cluster, [.. kept.Concat(approved.Select(Entry)).Distinct(StringComparer.Ordinal)], cancel);
        foreach (var one in approved)
            Console.WriteLine($"approved {one.Name}: {one.What}");
        return ExitCodes.Done;
    }

    private static string Entry(UndertakingView one) =>
        DateTimeOffset.TryParse(one.Since, CultureInfo.InvariantCulture, out var since)
            ? Approvals.Entry(one.Name, since)
            : one.Name;

    private static Task<JsonObject> Write(
        ClusterApi api, JsonObject cluster, IReadOnlyList<string> entries, CancellationToken cancel) =>
        api.Annotate(ClusterApi.TidbClusters, cluster, cancel,
            (Labels.Approved, entries.Count == 0 ? null : string.Join(",", entries)));
}
