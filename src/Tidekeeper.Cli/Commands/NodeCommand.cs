using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.Nodes;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide node</c> joins simulated machines to a real cluster; <c>tide node stop|start NAME</c> and
/// <c>tide disk lose CLAIM</c> break simulated machines and disks. The last are not shown in the help, because nothing
/// of it works on real ones.
/// </summary>
internal static class NodeCommand
{
    private static readonly Resource Nodes = new("", "v1", "nodes", "Node", Namespaced: false);
    private static readonly Resource Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    private static readonly Option<string?> Target = new("--kubeconfig")
    {
        Description = "Cluster to join, as its administrator; else $KUBECONFIG, else ~/.kube/config",
        HelpName = "FILE",
    };
    private static readonly Option<int> Count = WholeNumber.Option(
        "--nodes", "N", "Number of simulated nodes", 3, 1, PodAddresses.Nodes);
    private static readonly Option<int> Zones = WholeNumber.Option(
        "--zones", "Z", "Zones that the nodes are spread over", 3, 1, PodAddresses.Nodes);
    private static readonly Option<int> Regions = WholeNumber.Option(
        "--regions", "R", "Regions that a new database begins with", 60, 1, 5000);
    private static readonly Option<string> Kubelet = new("--kubelet")
    {
        Description = "simulated, or real: then nothing joins, and the nodes of eng/node.sh on this machine are served",
        DefaultValueFactory = _ => "simulated",
        HelpName = "simulated|real",
    };
    private static readonly Option<bool> Detach = new("--detach", "-d")
    {
        Description = "Return when the nodes have joined and leave them running; stop them with: tide down",
    };

    public static Command Build()
    {
        var command = new Command("node",
            "Join simulated nodes, on which simulated databases run, to a real Kubernetes control plane")
        {
            Target, Count, Zones, Regions, Kubelet, Detach,
            Switch("stop", "Switch a machine off: what runs on it dies at once", "off"),
            Switch("start", "Switch a machine on, or register one whose Node was deleted", "on"),
        };
        Kubelet.AcceptOnlyFromAmong("simulated", "real");
        command.SetAction(Join);
        return command;
    }

    private static async Task<int> Join(ParseResult arguments, CancellationToken cancel)
    {
        if (Session.Find() is not null)
            throw new CommandFailure(ExitCodes.Usage, $"something runs already in {Session.Home}; stop it with: "
                + "tide down, or set TIDE_HOME to another folder");
        var count = arguments.GetValue(Count);
        var options = new NewNodes(
            ConfigFile(arguments.GetValue(Target)), count, Math.Min(count, arguments.GetValue(Zones)),
            arguments.GetValue(Regions));
        if (arguments.GetValue(Detach))
        {
            var session = await PlaygroundStart.Run(
                [
                    "node", $"--kubeconfig={options.Kubeconfig}", $"--nodes={options.Nodes}",
                    $"--zones={options.Zones}", $"--regions={options.Regions}",
                    $"--kubelet={arguments.GetValue(Kubelet)}",
                ], cancel);
            Console.WriteLine(IsReal(arguments) ? $"the nodes of {session.Server} are served"
                : $"{options.Nodes} nodes joined {session.Server}");
            return ExitCodes.Done;
        }

        try
        {
            if (IsReal(arguments))
                await new ContainerServer(options, Path.Combine(Session.Home, "disks")).Run(cancel);
            else
                await new NodeServer(options).Run(cancel);
        }
        catch (Exception e) when (e is ConfigException or KubeException or ApiFault or IOException)
        {
            throw new CommandFailure(ExitCodes.Environment, e.Message);
        }

        Session.Forget();
        return ExitCodes.Done;
    }

    private static bool IsReal(ParseResult arguments) => arguments.GetValue(Kubelet) == "real";

    /// <summary>One file: what is merged of several has no file that other commands could read.</summary>
    private static string ConfigFile(string? named)
    {
        var variable = System.Environment.GetEnvironmentVariable("KUBECONFIG");
        var file = named ?? (string.IsNullOrEmpty(variable)
            ? Path.Combine(
                System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".kube", "config")
            : variable);
        return File.Exists(file)
            ? Path.GetFullPath(file)
            : throw new CommandFailure(ExitCodes.NotFound, $"--kubeconfig: there is no file {file}");
    }

    public static Command BuildDisk()
    {
        var claim = new Argument<string>("CLAIM") { Description = "Name of a PersistentVolumeClaim" };
        var ns = new Option<string>("--namespace", "-n")
        {
            Description = "Its namespace",
            DefaultValueFactory = _ => "default",
            HelpName = "NAMESPACE",
        };
        var lose = new Command("lose", "Lose everything that is on the disk of a claim") { claim, ns };
        lose.SetAction((arguments, cancel) =>
            // The text changes each time, for a disk can be lost twice.
            Annotate(Claims, arguments.GetValue(ns), arguments.GetValue(claim)!, PowerSwitch.Disk,
                $"lost at {TimeProvider.System.GetUtcNow():HH:mm:ss.fff}", cancel));
        return new Command("disk", "Disks of the playground") { Subcommands = { lose }, Hidden = true };
    }

    private static Command Switch(string name, string what, string wish)
    {
        var node = new Argument<string>("NAME") { Description = "Name of a node" };
        var command = new Command(name, what) { Arguments = { node }, Hidden = true };
        command.SetAction((arguments, cancel) =>
            Annotate(Nodes, null, arguments.GetValue(node)!, PowerSwitch.Power,
                wish == "off" ? wish : $"on since {TimeProvider.System.GetUtcNow():HH:mm:ss.fff}", cancel));
        return command;
    }

    private static async Task<int> Annotate(
        Resource resource, string? ns, string name, string annotation, string value, CancellationToken cancel)
    {
        Session.Require();
        var api = Connection.Open(Session.KubeconfigPath);
        // A machine whose Node was deleted registers again when somebody makes the object; a claim must be there.
        if (ns is not null && await api.Get(resource, ns, name, cancel) is null)
            throw new CommandFailure(ExitCodes.NotFound, $"no {resource.Kind} '{name}' in namespace {ns}");
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["annotations"] = new JsonObject { [annotation] = value },
        };
        if (ns is not null)
            metadata["namespace"] = ns;
        await api.Apply(new JsonObject
        {
            ["apiVersion"] = resource.Version,
            ["kind"] = resource.Kind,
            ["metadata"] = metadata,
        }, cancel);
        Console.WriteLine($"{resource.Kind} {name}: {annotation} is '{value}'");
        return ExitCodes.Done;
    }
}
