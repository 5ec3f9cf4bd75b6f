using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Storage classes, and what the playground makes of them. It stands in for every provisioner but
/// <c>kubernetes.io/no-provisioner</c>; the parameter <c>locality</c> says how far a disk reaches.
/// </summary>
internal static class StorageClasses
{
    public const string Default = "standard";
    public const string Local = "local-storage";
    public const string Provisioner = "playground/disk";
    private const string Zone = "topology.kubernetes.io/zone";
    private const string Host = "kubernetes.io/hostname";

    /// <summary>A disk that any node of its zone can attach, as cloud disks are.</summary>
    public static JsonObject Standard() => Class(Default, "zone", expandable: true, isDefault: true);

    /// <summary>A disk inside one machine.</summary>
    public static JsonObject LocalStorage() => Class(Local, "node", expandable: false, isDefault: false);

    public static JsonObject? Of(Cluster cluster, JsonObject claim)
    {
        var classes = cluster.Feed(Resources.StorageClasses);
        classes.Refresh();
        return claim.Text("spec", "storageClassName") switch
        {
            null => TheDefault(classes),
            "" => null,
            var name => classes.Get("", name),
        };
    }

    /// <summary>
    /// Gives the default class to a claim that names none. That happens when the claim is about to get a volume, as
    /// real clusters do when the default appears after the claim; an empty name means "no class" and stays.
    /// </summary>
    public static bool Settle(Cluster cluster, JsonObject claim)
    {
        if (claim.At("spec", "storageClassName") is not null || Of(cluster, claim) is not { } kind)
            return false;
        claim.Ensure("spec")["storageClassName"] = kind.Name();
        return true;
    }

    /// <summary>Of several defaults the newest.</summary>
    private static JsonObject? TheDefault(Feed classes) => classes.All
        .Where(c => c.Annotation("storageclass.kubernetes.io/is-default-class") == "true")
        .OrderByDescending(c => c.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
        .ThenBy(c => c.Name(), StringComparer.Ordinal).FirstOrDefault();

    public static bool WaitsForPod(Cluster cluster, JsonObject claim) =>
        Of(cluster, claim).Text("volumeBindingMode") == "WaitForFirstConsumer";

    public static bool Allows(JsonObject kind, JsonObject node)
    {
        var terms = kind.ObjectsAt("allowedTopologies").ToList();
        return terms.Count == 0 || terms.Exists(term => term.ObjectsAt("matchLabelExpressions")
            .All(e => e.TextsAt("values").Contains(node.Label(e.Text("key") ?? ""), StringComparer.Ordinal)));
    }

    /// <summary>
    /// The node affinity of a disk that is made for a pod on that node; null for a disk that is everywhere.
    /// </summary>
    public static JsonObject? AffinityFor(JsonObject kind, JsonObject? node)
    {
        if (node is null)
            return null;
        var key = kind.Text("parameters", "locality") switch
        {
            "node" => Host,
            "everywhere" => null,
            _ => Zone,
        };
        if (key is null || node.Label(key) is not { } place)
            return null;
        return new JsonObject
        {
            ["required"] = new JsonObject
            {
                ["nodeSelectorTerms"] = new JsonArray(new JsonObject
                {
                    ["matchExpressions"] = new JsonArray(new JsonObject
                    {
                        ["key"] = key,
                        ["operator"] = "In",
                        ["values"] = new JsonArray(place),
                    }),
                }),
            },
        };
    }

    private static JsonObject Class(string name, string locality, bool expandable, bool isDefault)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (isDefault)
        {
            metadata["annotations"] = new JsonObject
            {
                ["storageclass.kubernetes.io/is-default-class"] = "true",
            };
        }

        return new JsonObject
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = metadata,
            ["provisioner"] = Provisioner,
            ["parameters"] = new JsonObject { ["locality"] = locality },
            ["reclaimPolicy"] = "Delete",
            ["volumeBindingMode"] = "WaitForFirstConsumer",
            ["allowVolumeExpansion"] = expandable,
        };
    }
}
