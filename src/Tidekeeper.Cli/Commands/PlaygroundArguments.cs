using System.CommandLine;
using Tidekeeper.Cli.Playground;

namespace Tidekeeper.Cli.Commands;

/// <summary>The options that shape a new playground; shared by <c>up</c> and the process that it starts.</summary>
internal static class PlaygroundArguments
{
    private static readonly Option<int> Nodes = WholeNumber.Option(
        "--nodes", "N", "Number of simulated nodes", 3, 0, 1000);
    private static readonly Option<int> Zones = WholeNumber.Option(
        "--zones", "Z", "Zones that the nodes are spread over", 3, 1, 100);
    private static readonly Option<int> Regions = WholeNumber.Option(
        "--regions", "R", "Regions that a new database begins with: the more, the longer evictions and moves take",
        60, 1, 5000);
    private static readonly Option<int> Port = WholeNumber.Option(
        "--port", "P", "Port of the Kubernetes API on 127.0.0.1; 0 takes a free one", 0, 0, 65535);
    private static readonly Option<string?> DataDirectory = new("--data-dir")
    {
        Description = "Keep objects and volumes in this folder; without it they are in memory",
        HelpName = "D",
    };
    private static readonly Option<bool> Tls = new("--tls")
    {
        Description = "Serve the Kubernetes API over HTTPS; the kubeconfig carries the certificate",
    };
    private static readonly Option<bool> NoOperator = new("--no-operator")
    {
        Description = "Only Kubernetes: run the operator yourself against the kubeconfig",
    };

    private static readonly Option[] All = [Nodes, Zones, Regions, Port, Tls, DataDirectory, NoOperator];

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
        Tls = arguments.GetValue(Tls),
        DataDirectory = arguments.GetValue(DataDirectory),
        WithOperator = !arguments.GetValue(NoOperator),
    };

    /// <summary>Those that the user wrote.</summary>
    public static string[] Given(ParseResult arguments) =>
        [.. All.Where(o => arguments.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
}
