using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Engines.TiDB.Forecasts;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide plan -f FILE [CLUSTER]</c>: what would happen with that manifest; nothing is touched.</summary>
internal static class PlanCommand
{
    private static readonly Option<string[]> Files = new("--file", "-f")
    {
        Description = "Manifest, YAML or JSON, a folder of them, or '-' for standard input; may be repeated",
        HelpName = "FILE",
        Required = true,
    };

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("plan", "Foretell what a manifest would change, in which order, and for how long")
        {
            Files,
        };
        command.Arguments.Add(which.Name);
        which.AddScope(command);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var name = arguments.GetValue(which.Name)?.Split('/')[^1];
        var clusters = arguments.GetRequiredValue(Files).SelectMany(Manifest.Read)
            .Where(one => (string?)one["kind"] == "TidbCluster")
            .Where(one => name is null || (string?)one["metadata"]!["name"] == name).ToArray();
        if (clusters.Length == 0)
        {
            throw new CommandFailure(ExitCodes.Usage,
                $"there is no TidbCluster{(name is null ? "" : $" {name}")} in the manifest");
        }

        var api = which.Connect(arguments);
        var refused = false;
        foreach (var cluster in clusters)
        {
            cluster["metadata"]!["namespace"] ??= which.Namespace(arguments) ?? "default";
            refused |= !await Foretell(api, cluster, cancel);
        }

        return refused ? ExitCodes.Refused : ExitCodes.Done;
    }

    /// <summary>False when the manifest is refused.</summary>
    private static async Task<bool> Foretell(ClusterApi api, JsonObject manifest, CancellationToken cancel)
    {
        var (ns, name) = ((string)manifest["metadata"]!["namespace"]!, (string)manifest["metadata"]!["name"]!);
        var live = await api.Get(ClusterApi.TidbClusters, ns, name, cancel);
        Console.WriteLine(Words.FullName(manifest) + (live is null ? ", which does not exist yet" : ""));
        var (applied, refusal) = await api.TryApply(manifest, cancel);
        if (refusal is not null)
        {
            Console.WriteLine($"refused: {refusal}");
            return false;
        }

        var (wanted, problems) = LiveCluster.Parse(applied!);
        foreach (var problem in problems)
            Console.WriteLine($"refused: {problem}");
        if (problems.Count > 0)
            return false;
        var seen = live is null
            ? await LiveCluster.NotYet(api, wanted, cancel)
            : await LiveCluster.Read(api, live, cancel);
        var forecast = Forecast.Of(seen, wanted);
        Console.WriteLine(forecast.Print());
        return !forecast.IsRefused;
    }
}
