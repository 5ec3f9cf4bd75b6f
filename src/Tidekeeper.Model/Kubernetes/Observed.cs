using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>
/// What the operator remembers of any Kubernetes object: enough to decide whether to write it, delete it or wait.
/// Records of kinds whose state matters derive from it. There are many thousands of them, so each keeps only what a
/// decision needs.
/// </summary>
public record Observed
{
    private static readonly SortedList<string, string> NoLabels = new(0, StringComparer.Ordinal);

    public string ApiVersion { get; init; } = "";
    public string Kind { get; init; } = "";

    /// <summary>Empty for cluster-scoped kinds.</summary>
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string Uid { get; init; } = "";
    public string ResourceVersion { get; init; } = "";
    public long Generation { get; init; }

    /// <summary>
    /// Only those that <see cref="Kubernetes.Labels.IsOfInterest"/> chooses, in ordinal order; of nodes all.
    /// </summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>UID of the owner that is the controller, empty when there is none.</summary>
    public string OwnerUid { get; init; } = "";

    /// <summary>When somebody asked for its deletion; null when nobody did.</summary>
    public DateTimeOffset? Deleting { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Our hash of the document as we last applied it, empty when we never did.</summary>
    public string RenderedHash { get; init; } = "";

    /// <summary>
    /// Who besides us and Kubernetes itself owns fields of the object, and when they wrote last, for example
    /// <c>kubectl-edit 2026-01-02T03:04:05Z</c>; empty when nobody. A new value means that somebody else edited it.
    /// </summary>
    public string ForeignTouch { get; init; } = "";

    /// <summary>
    /// When v1 wrote the object last; empty when it never did, and when its fields have been taken over.
    /// </summary>
    public string WrittenByV1 { get; init; } = "";

    /// <summary>The component label, empty when there is none.</summary>
    public string Component => Labels.GetValueOrDefault(Kubernetes.Labels.Component, "");

    /// <summary>
    /// Reads the metadata of any object. Items of a list name neither their version nor their kind, so the caller,
    /// who asked for them, says them.
    /// </summary>
    public static Observed Read(JsonElement item, string apiVersion = "", string kind = "")
    {
        var metadata = item.At("metadata");
        return new Observed
        {
            ApiVersion = item.Text("apiVersion") is { Length: > 0 } own ? own : apiVersion,
            Kind = item.Text("kind") is { Length: > 0 } ownKind ? ownKind : kind,
            Namespace = metadata.Text("namespace"),
            Name = metadata.Text("name"),
            Uid = metadata.Text("uid"),
            ResourceVersion = metadata.Text("resourceVersion"),
            Generation = metadata.LongNumber("generation"),
            Labels = ReadLabels(metadata, Kubernetes.Labels.IsOfInterest),
            OwnerUid = ReadOwner(metadata),
            Deleting = metadata.Time("deletionTimestamp"),
            Created = metadata.Time("creationTimestamp") ?? default,
            RenderedHash = metadata.At("annotations").Text(Kubernetes.Labels.Rendered),
            ForeignTouch = ManagedFields.ForeignTouch(metadata),
            WrittenByV1 = ManagedFields.WrittenByV1(metadata),
        };
    }

    private protected static SortedList<string, string> ReadLabels(JsonElement metadata, Func<string, bool> isWanted)
    {
        SortedList<string, string>? labels = null;
        foreach (var label in metadata.Entries("labels"))
        {
            if (!isWanted(label.Name)) continue;
            labels ??= new SortedList<string, string>(6, StringComparer.Ordinal);
            labels[SharedText.Of(label.Name)] = label.Value.AsText();
        }

        labels?.TrimExcess();
        return labels ?? NoLabels;
    }

    private static string ReadOwner(JsonElement metadata)
    {
        foreach (var owner in metadata.Items("ownerReferences"))
        {
            if (owner.Flag("controller")) return owner.Text("uid");
        }

        return "";
    }
}
