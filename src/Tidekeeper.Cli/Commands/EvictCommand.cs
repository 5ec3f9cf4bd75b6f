using System.CommandLine;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Kube;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide evict POD [--stop]</c>: the leaders of a TiKV leave it and stay away.</summary>
internal static class EvictCommand
{
    private static readonly Argument<string> PodName = new("POD") { Description = "A pod of TiKV, or namespace/pod" };
    private static readonly Option<bool> Stop = new("--stop") { Description = "Let leaders come back" };

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("evict", "Have PD move the leaders away from a TiKV pod and keep them away")
        {
            PodName, Stop,
        };
        which.AddScope(command);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var pod = await ClusterPods.FindAnywhere(
            api, which.Namespace(arguments), arguments.GetRequiredValue(PodName), "tikv", cancel);
        var stops = arguments.GetValue(Stop);
        await api.Annotate(Resource.Pods, pod, cancel, (Labels.EvictLeader, stops ? null : "none"));
        var name = Words.FullName(pod);
        Console.WriteLine(stops
            ? $"{name}: leaders may come back"
            : $"{name}: leaders are asked to leave; until tide evict {name} --stop no other store is restarted");
        return ExitCodes.Done;
    }
}
