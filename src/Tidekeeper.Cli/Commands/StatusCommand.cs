using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide status [CLUSTER]</c>: cluster → components → pods → members and stores.</summary>
internal static class StatusCommand
{
    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("status", "Show clusters as a tree: components, pods, members and stores");
        which.AddTo(command);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var clusters = await which.Find(api, arguments, cancel);
        List<ClusterView> views = [];
        foreach (var cluster in clusters)
            views.Add(await ClusterView.Read(api, cluster, cancel));
        if (which.WantsJson(arguments))
        {
            Console.WriteLine(new JsonArray([.. views.Select(v => v.ToJson())]).ToJsonString(JsonText.Indented));
            return ExitCodes.Done;
        }

        if (views.Count == 0)
            Console.WriteLine("there is no TidbCluster; apply one with: tide up -f FILE, or kubectl apply -f FILE");
        foreach (var view in views)
            StatusTree.Print(view);
        return ExitCodes.Done;
    }
}
