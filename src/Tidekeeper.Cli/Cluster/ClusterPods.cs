using System.Text.Json.Nodes;
using Tidekeeper.Cli.View;
using Tidekeeper.Kube;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Cli.Cluster;

/// <summary>The pods of clusters, found by their labels.</summary>
internal static class ClusterPods
{
    /// <summary>All pods of a cluster.</summary>
    public static Task<IReadOnlyList<JsonObject>> Of(ClusterApi api, JsonObject cluster, CancellationToken cancel)
    {
        var metadata = cluster["metadata"]!;
        var instance = (string?)metadata["labels"]?[Labels.Instance] ?? (string)metadata["name"]!;
        return api.List(Resource.Pods, (string)metadata["namespace"]!,
            $"{Labels.Instance}={instance},{Labels.ManagedBy}={Labels.ManagedByValue}", cancel);
    }

    /// <summary>A pod of a cluster by its name; those that exist are listed when there is none.</summary>
    public static async Task<JsonObject> Find(
        ClusterApi api, JsonObject cluster, string name, CancellationToken cancel)
    {
        var pods = await Of(api, cluster, cancel);
        return pods.FirstOrDefault(pod => (string?)pod["metadata"]!["name"] == name)
            ?? throw new CommandFailure(ExitCodes.NotFound,
                $"{name}: {Words.FullName(cluster)} has neither a component nor a pod of that name; its pods are "
                    + string.Join(", ", pods.Select(pod => (string?)pod["metadata"]!["name"])));
    }

    /// <summary>A pod of any cluster, by its name or by namespace/name.</summary>
    public static async Task<JsonObject> FindAnywhere(
        ClusterApi api, string? ns, string name, string component, CancellationToken cancel)
    {
        if (name.Split('/') is [var before, var after])
            (ns, name) = (before, after);
        var pods = await api.List(Resource.Pods, ns,
            $"{Labels.Component}={component},{Labels.ManagedBy}={Labels.ManagedByValue}", cancel);
        var found = pods.Where(pod => (string?)pod["metadata"]!["name"] == name).ToArray();
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CommandFailure(ExitCodes.NotFound, pods.Count == 0
                ? $"{name}: there is no pod of {component}"
                : $"{name}: there is no such pod of {component}; there are "
                    + string.Join(", ", pods.Select(Words.FullName))),
            _ => throw new CommandFailure(ExitCodes.Usage,
                $"{name}: there are several: {string.Join(", ", found.Select(Words.FullName))}; say which with -n"),
        };
    }
}
