using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Kube;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide node stop|start NAME</c> and <c>tide disk lose CLAIM</c>: breaks machines and disks of the playground. Not
/// shown in the help, because nothing of it works on a real cluster.
/// </summary>
internal static class NodeCommand
{
    private static readonly Resource Nodes = new("", "v1", "nodes", "Node", Namespaced: false);
    private static readonly Resource Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    public static Command Build() => new Command("node", "Machines of the playground")
    {
        Switch("stop", "Switch a machine off: what runs on it dies at once", "off"),
        Switch("start", "Switch a machine on, or register one whose Node was deleted", "on"),
    }.Hide();

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
        return new Command("disk", "Disks of the playground") { lose }.Hide();
    }

    private static Command Switch(string name, string what, string wish)
    {
        var node = new Argument<string>("NAME") { Description = "Name of a node" };
        var command = new Command(name, what) { node };
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

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
