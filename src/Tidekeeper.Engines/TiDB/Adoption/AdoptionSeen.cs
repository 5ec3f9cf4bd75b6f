using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// What a take-over is decided from, beside what every plan is: whole objects, read live. They are read only while one
/// is under way.
/// </summary>
/// <param name="Objects">StatefulSets and pods of the cluster, and the ConfigMaps that these name.</param>
public sealed record AdoptionSeen(IReadOnlyList<JsonObject> Objects)
{
    /// <summary>The object of that kind and name; null when there is none.</summary>
    public JsonObject? Find(string kind, string name) => Objects.FirstOrDefault(one =>
        (string?)one["kind"] == kind && (string?)one["metadata"]?["name"] == name);

    /// <summary>
    /// Whether whole objects are needed: while a StatefulSet is to be taken or given back, or a pod to be compared.
    /// </summary>
    public static bool IsNeeded(TidbSeen seen) => AdoptionMark.Of(seen.Cluster).Stage switch
    {
        AdoptionStage.Trial or AdoptionStage.Committed =>
            Preconditions.NotTaken(seen).Count > 0 || seen.Pods.Any(pod => pod.Intent.Length == 0),
        AdoptionStage.Aborted => seen.Objects.Any(one => one.Name == Keepsake.NameFor(seen.Cluster.Metadata.Name)),
        _ => false
    };

    /// <summary>The ConfigMaps that are to be read, in the order of their names.</summary>
    public static IReadOnlyList<string> ConfigMaps(TidbSeen seen) =>
    [
        .. seen.Pods.SelectMany(pod => pod.ConfigMaps).Append(Keepsake.NameFor(seen.Cluster.Metadata.Name))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
    ];
}
