using System.CommandLine;
using Tidekeeper.Cli.Playground;

namespace Tidekeeper.Cli.Commands;

/// <summary>The options that shape a new playground; shared by <c>up</c> and the process that it starts.</summary>
internal static class PlaygroundArguments
{
    private static readonly Option<int> Nodes = new("--nodes")
    {
        Description = "Number of simulated nodes",
        DefaultValueFactory = _ => 3,
        HelpName = "N",
    };
    private static readonly Option<int> Zones = new("--zones")
    {
        Description = "Zones that the nodes are spread over",
        DefaultValueFactory = _ => 3,
        HelpName = "Z",
    };
    private static readonly Option<int> Regions = new("--regions")
    {
        Description = "Regions that a new database begins with: the more, the longer evictions and moves take",
        DefaultValueFactory = _ => 60,
        HelpName = "R",
    };
    private static readonly Option<int> Port = new("--port")
    {
        Description = "Port of the Kubernetes API on 127.0.0.1; 0 takes a free one",
        HelpName = "P",
    };
    private static readonly Option<string?> DataDirectory = new("--data-dir")
    {
        Description = "Keep objects and volumes in this folder; without it they are in memory",
        HelpName = "D",
    };
    private static readonly Option<bool> NoOperator = new("--no-operator")
    {
        Description = "Only Kubernetes: run the operator yourself against the kubeconfig",
    };

    private static readonly Option[] All = [Nodes, Zones, Regions, Port, DataDirectory, NoOperator];

    static PlaygroundArguments()
    {
        Nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var nodes and (< 0 or > 1000))
                result.AddError($"--nodes {nodes}: give a number from 0 to 1000");
        });
        Zones.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var zones and (< 1 or > 100))
                result.AddError($"--zones {zones}: give a number from 1 to 100");
        });
        Regions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var regions and (< 1 or > 5000))
                result.AddError($"--regions {regions}: give a number from 1 to 5000");
        });
        Port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var port and (< 0 or > 65535))
                result.AddError($"--port {port}: give a number from 0 to 65535");
        });
    }

    public static void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    public static NewPlayground Read(ParseResult arguments) => new()
    {
        Nodes = arguments.GetValue(Nodes),
        Zones = Math.Min(arguments.GetValue(Zones), Math.Max(1, arguments.GetValue(Nodes))),
        Regions = arguments.GetValue(Regions),
        Port = arguments.GetValue(Port),
        DataDirectory = arguments.GetValue(DataDirectory),
        WithOperator = !arguments.GetValue(NoOperator),
    };

    /// <summary>Those that the user wrote.</summary>
    public static string[] Given(ParseResult arguments) =>
        [.. All.Where(o => arguments.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
}
