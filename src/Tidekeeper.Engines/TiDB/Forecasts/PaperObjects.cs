using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Forecasts;

/// <summary>Kubernetes on paper.</summary>
internal static class PaperObjects
{
    /// <summary>The document is as applied.</summary>
    public static TidbSeen Store(TidbSeen seen, JsonObject document)
    {
        var name = (string)document["metadata"]!["name"]!;
        var kind = (string)document["kind"]!;
        switch (kind)
        {
            case "StatefulSet":
                var old = seen.StatefulSets.FirstOrDefault(one => one.Name == name);
                var read = ObservedStatefulSet.Read(Element(document));
                var generation = (old?.Generation ?? 0) + 1;
                var set = read with
                {
                    Uid = old?.Uid ?? $"paper-{name}",
                    OwnerUid = seen.Cluster.Metadata.Uid,
                    Generation = generation,
                    ObservedGeneration = generation,
                    StatusReplicas = read.Replicas,
                    ReadyReplicas = Math.Min(read.Replicas, old?.ReadyReplicas ?? 0)
                };
                return seen with
                {
                    StatefulSets =
                    [
                        .. seen.StatefulSets.Where(one => one.Name != name).Append(set)
                            .OrderBy(one => one.Name, StringComparer.Ordinal)
                    ]
                };
            case "Deployment":
                var deployment = ObservedDeployment.Read(Element(document)) with
                {
                    Uid = $"paper-{name}",
                    OwnerUid = seen.Cluster.Metadata.Uid
                };
                return seen with
                {
                    Deployments = [.. seen.Deployments.Where(one => one.Name != name), deployment]
                };
            case "PersistentVolumeClaim":
                return seen with
                {
                    Claims =
                    [
                        .. seen.Claims.Select(claim => claim.Name == name
                            ? claim with { DeferDeleting = ObservedClaim.Read(Element(document)).DeferDeleting }
                            : claim)
                    ]
                };
            default:
                var one = Observed.Read(Element(document)) with
                {
                    Uid = $"paper-{kind}-{name}",
                    OwnerUid = seen.Cluster.Metadata.Uid
                };
                return seen with
                {
                    Objects = [.. seen.Objects.Where(other => other.Name != name || other.Kind != kind), one]
                };
        }
    }

    /// <summary>The object is gone.</summary>
    public static TidbSeen Drop(TidbSeen seen, Act.Delete delete) => delete.Kind switch
    {
        "Pod" => seen with { Pods = [.. seen.Pods.Where(pod => pod.Name != delete.Name)] },
        "PersistentVolumeClaim" => seen with { Claims = [.. seen.Claims.Where(claim => claim.Name != delete.Name)] },
        "StatefulSet" => seen with { StatefulSets = [.. seen.StatefulSets.Where(set => set.Name != delete.Name)] },
        _ => seen with
        {
            Objects = [.. seen.Objects.Where(one => one.Name != delete.Name || one.Kind != delete.Kind)]
        }
    };

    /// <summary>The set has the pods that it asks for. Those made on paper come up.</summary>
    public static TidbSeen Pods(TidbSeen seen, ObservedStatefulSet set, DateTimeOffset now)
    {
        var kept = seen.Pods.Where(pod => pod.Component == set.Component && pod.Ordinal < set.Replicas).ToList();
        foreach (var ordinal in Enumerable.Range(0, set.Replicas).Where(one => kept.All(pod => pod.Ordinal != one)))
            kept.Add(Made(set, ordinal, now));
        var settled = set with { StatusReplicas = set.Replicas, ReadyReplicas = kept.Count(pod => pod.Ready) };
        return seen with
        {
            Pods = [.. seen.Pods.Where(pod => pod.Component != set.Component), .. kept.OrderBy(pod => pod.Ordinal)],
            StatefulSets = [.. seen.StatefulSets.Select(one => one.Name == set.Name ? settled : one)]
        };
    }

    private static ObservedPod Made(ObservedStatefulSet set, int ordinal, DateTimeOffset now) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Namespace = set.Namespace,
        Name = $"{set.Name}-{ordinal}",
        Uid = $"paper-{set.Name}-{ordinal}-{now:HHmmss}",
        Labels = set.Labels,
        Created = now,
        Phase = "Running",
        Ready = true,
        ReadySince = now,
        Node = "paper",
        Intent = set.TemplateIntent,
        TemplateVersion = set.TemplateVersion,
        ConfigMaps = set.ConfigMaps,
        Images = [new ContainerImage(set.Component, set.Image)]
    };

    private static JsonElement Element(JsonObject document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return parsed.RootElement.Clone();
    }
}
