using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>A TidbCluster as it is stored, readable or not.</summary>
public sealed record StoredCluster : Observed
{
    private StoredCluster(Observed metadata) : base(metadata) { }

    /// <summary>With only its metadata when the rest cannot be read; <see cref="Problems"/> then says why.</summary>
    public required TidbCluster Cluster { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }

    public bool IsReadable => Problems.Count == 0;

    /// <summary>JSON of the status in UTF-8; empty for none.</summary>
    public required byte[] StatusJson { get; init; }

    /// <summary>Changes with everything that a user changes, and not with the status.</summary>
    public required string Mark { get; init; }

    public static StoredCluster ReadCluster(JsonElement item)
    {
        var metadata = Read(item, $"{TidbCluster.Group}/{TidbCluster.Version}", TidbCluster.KindName);
        var (cluster, problems) = TidbClusterReader.Read(item);
        return new StoredCluster(metadata)
        {
            Cluster = cluster ?? OnlyMetadata(metadata),
            Problems = problems,
            StatusJson = item.TryGetProperty("status", out var status)
                ? JsonMarshal.GetRawUtf8Value(status).ToArray()
                : [],
            Mark = MarkOf(item, metadata),
        };
    }

    private static TidbCluster OnlyMetadata(Observed metadata) => new()
    {
        Metadata = new()
        {
            Name = metadata.Name,
            Namespace = metadata.Namespace,
            Uid = metadata.Uid,
            ResourceVersion = metadata.ResourceVersion,
            Generation = metadata.Generation,
            CreationTimestamp = metadata.Created,
            DeletionTimestamp = metadata.Deleting,
        },
    };

    private static string MarkOf(JsonElement item, Observed metadata)
    {
        var mark = new StringBuilder($"{metadata.Uid} {metadata.Generation} {metadata.Deleting:O}");
        foreach (var part in (string[])["labels", "annotations"])
            if (item.GetProperty("metadata").TryGetProperty(part, out var map))
                mark.Append(' ').Append(map.GetRawText());
        return mark.ToString();
    }
}
