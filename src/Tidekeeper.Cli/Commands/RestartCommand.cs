using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Kube;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide restart CLUSTER [COMPONENT|POD]</c>: writes the wish; the operator carries it out, pod by pod, behind its
/// gate.
/// </summary>
internal static class RestartCommand
{
    private static readonly string[] Components = ["pd", "tiflash", "tikv", "tidb"];
    private static readonly Argument<string?> What = new("COMPONENT|POD")
    {
        Description = "pd, tikv, tidb, tiflash, or the name of one pod; without it all components",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Build()
    {
        var which = new ClusterArguments();
        var command = new Command("restart", "Have pods restarted one after another, as safely as for any change");
        which.AddForOne(command);
        command.Arguments.Add(What);
        command.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return command;
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        var what = arguments.GetValue(What);
        var now = Words.Timestamp(TimeProvider.System.GetUtcNow());
        if (what is not null && !Components.Contains(what))
            await Pod(api, cluster, what, now, cancel);
        else
            await Component(api, cluster, what, now, cancel);
        Console.WriteLine($"  Follow it with: tide watch {Words.FullName(cluster)}");
        if ((string?)cluster["spec"]?["approval"] == "Manual")
            Console.WriteLine($"  It waits for approval: tide approve {Words.FullName(cluster)}");
        return ExitCodes.Done;
    }

    private static async Task Pod(
        ClusterApi api, JsonObject cluster, string name, string now, CancellationToken cancel)
    {
        var pod = await ClusterPods.Find(api, cluster, name, cancel);
        await api.Annotate(Resource.Pods, pod, cancel, (Labels.Restart, now));
        Console.WriteLine($"asked for a restart of pod {name}");
    }

    private static async Task Component(
        ClusterApi api, JsonObject cluster, string? only, string now, CancellationToken cancel)
    {
        var declared = Components.Where(one => cluster["spec"]?[one] is JsonObject).ToArray();
        if (only is not null && !declared.Contains(only))
            throw new CommandFailure(ExitCodes.NotFound, $"{only}: {Words.FullName(cluster)} has no spec.{only}");
        var chosen = only is null ? declared : [only];
        var spec = new JsonObject();
        foreach (var component in chosen)
        {
            spec[component] = new JsonObject
            {
                ["annotations"] = new JsonObject { [Labels.RestartedAt] = now },
            };
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = (string?)cluster["metadata"]!["uid"] },
            ["spec"] = spec,
        };
        await api.Patch(ClusterApi.TidbClusters, (string)cluster["metadata"]!["namespace"]!,
            (string)cluster["metadata"]!["name"]!, patch, cancel);
        Console.WriteLine($"asked for a restart of {string.Join(", ", chosen)}: set spec.*.annotations["
            + $"{Labels.RestartedAt}] to {now}");
    }
}
