using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>The parts that all documents share.</summary>
internal static class Document
{
    /// <summary>
    /// apiVersion, kind and metadata with labels and the cluster as controller; the caller adds the rest.
    /// </summary>
    public static JsonObject Of(
        Component component, string apiVersion, string kind, string name,
        SortedDictionary<string, string>? more = null)
    {
        var labels = Map(component.Selector);
        foreach (var (key, value) in more ?? [])
            labels[key] = value;
        return new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = component.Cluster.Metadata.Namespace,
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(Owner(component.Cluster))
            }
        };
    }

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var map = new JsonObject();
        foreach (var (key, value) in entries)
            map[key] = value;
        return map;
    }

    /// <summary>A copy that has no parent, as a node may stand in one document only.</summary>
    public static T Copy<T>(T node) where T : JsonNode => (T)node.DeepClone();

    /// <summary>Sets a field when there is a value.</summary>
    public static void Set(this JsonObject target, string field, JsonNode? value)
    {
        if (value is not null)
            target[field] = value.Parent is null ? value : value.DeepClone();
    }

    /// <summary>Appends copies of the user's list.</summary>
    public static void AddCopies(this JsonArray target, JsonArray? items)
    {
        foreach (var item in items ?? [])
            target.Add(item?.DeepClone());
    }

    public static JsonObject Owner(TidbCluster cluster) => new()
    {
        ["apiVersion"] = cluster.ApiVersion,
        ["kind"] = cluster.Kind,
        ["name"] = cluster.Metadata.Name,
        ["uid"] = cluster.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true
    };
}
