using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide why CLUSTER</c>: what the operator is doing, what it waits for, and since when.</summary>
internal static class WhyCommand
{
    private const int EventsShown = 8;

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command =
            new Command("why", "Explain what the operator does for a cluster, what it waits for, and since when");
        which.AddTo(command);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var clusters = await which.Find(api, arguments, cancel);
        if (which.WantsJson(arguments))
        {
            Console.WriteLine(new JsonArray([.. clusters.Select(Explanation)]).ToJsonString(JsonText.Indented));
            return ExitCodes.Done;
        }

        foreach (var cluster in clusters)
            await Print(api, cluster, cancel);
        return ExitCodes.Done;
    }

    private static JsonObject Explanation(JsonObject cluster) => new()
    {
        ["namespace"] = cluster["metadata"]!["namespace"]?.DeepClone(),
        ["name"] = cluster["metadata"]!["name"]?.DeepClone(),
        ["waiting"] = cluster["status"]?["waiting"]?.DeepClone(),
        ["plan"] = cluster["status"]?["plan"]?.DeepClone(),
        ["breaker"] = cluster["status"]?["breaker"]?.DeepClone(),
        ["override"] = cluster["status"]?["override"]?.DeepClone(),
        ["conditions"] = cluster["status"]?["conditions"]?.DeepClone(),
    };

    private static async Task Print(ClusterApi api, JsonObject cluster, CancellationToken cancel)
    {
        Console.WriteLine(Words.FullName(cluster));
        if (cluster["status"]?["conditions"] is not JsonArray conditions)
        {
            Console.WriteLine("  The operator has not looked at this cluster yet. Is it running?  kubectl get pods "
                + "-A | grep operator");
            return;
        }

        if ((long?)cluster["status"]!["observedGeneration"] != (long?)cluster["metadata"]!["generation"])
            Console.WriteLine("  The spec was changed and the operator has not looked at the change yet.");
        // The answer first; what says the same again is not repeated.
        var waiting = cluster["status"]!["waiting"] as JsonObject;
        Console.WriteLine(waiting is null
            ? "  Nothing is being waited for."
            : $"  Waiting, in step {waiting["step"]}, since {Words.Since((string?)waiting["since"])}: "
                + $"{waiting["why"]}");
        var said = (string?)waiting?["why"];
        foreach (var condition in conditions.OfType<JsonObject>())
        {
            var message = (string?)condition["message"] ?? "";
            Console.WriteLine($"  {condition["type"],-15} {condition["status"],-8} "
                + $"{Words.Since((string?)condition["lastTransitionTime"]),5}  "
                + (message == said ? "(what is waited for)" : message));
        }

        var plan = UndertakingView.Of(cluster);
        if (plan.Count > 0)
            Console.WriteLine("  Planned:");
        foreach (var one in plan)
            Console.WriteLine($"    {one.Line(said)}");
        await PrintEvents(api, cluster, said, cancel);
    }

    private static async Task PrintEvents(
        ClusterApi api, JsonObject cluster, string? said, CancellationToken cancel)
    {
        var events = await ClusterEvent.Lately(api, cluster, EventsShown, cancel);
        if (events.Count > 0)
            Console.WriteLine("  Lately:");
        foreach (var one in events)
            Console.WriteLine($"    {one.Line(said)}");
    }
}
