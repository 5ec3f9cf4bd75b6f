using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>What the operator remembers of a PersistentVolumeClaim.</summary>
public sealed record ObservedClaim : Observed
{
    public ObservedClaim() { }

    private ObservedClaim(Observed metadata) : base(metadata) { }

    /// <summary><c>Pending</c>, <c>Bound</c> or <c>Lost</c>.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The storage class, empty when the claim names none or the empty one.</summary>
    public string StorageClass { get; init; } = "";
    public long RequestedBytes { get; init; }

    /// <summary>What the volume really has; 0 while the claim is not bound.</summary>
    public long CapacityBytes { get; init; }

    /// <summary>The PersistentVolume, empty while the claim is not bound.</summary>
    public string VolumeName { get; init; } = "";

    /// <summary>Since when its data is of no use; empty when nobody said so.</summary>
    public string DeferDeleting { get; init; } = "";

    /// <summary>The node for which its volume was made; empty when that is not said.</summary>
    public string SelectedNode { get; init; } = "";

    public static ObservedClaim Read(JsonElement item)
    {
        var spec = item.At("spec");
        var status = item.At("status");
        var annotations = item.At("metadata", "annotations");
        return new ObservedClaim(Read(item, "v1", "PersistentVolumeClaim"))
        {
            Phase = status.Text("phase"),
            StorageClass = spec.Text("storageClassName"),
            RequestedBytes = spec.At("resources", "requests").Bytes("storage"),
            CapacityBytes = status.At("capacity").Bytes("storage"),
            VolumeName = spec.Text("volumeName"),
            DeferDeleting = annotations.Text(Kubernetes.Labels.DeferDeleting),
            SelectedNode = annotations.Text(Kubernetes.Labels.SelectedNode),
        };
    }
}

/// <summary>What the operator remembers of a ConfigMap; the data only where somebody asked for it.</summary>
public sealed record ObservedConfigMap : Observed
{
    public ObservedConfigMap() { }

    private ObservedConfigMap(Observed metadata) : base(metadata) { }

    /// <summary>In ordinal order of the keys; null when it was not asked for.</summary>
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public static ObservedConfigMap Read(JsonElement item) => new(Read(item, "v1", "ConfigMap"));

    public static ObservedConfigMap ReadWithData(JsonElement item)
    {
        var data = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (var entry in item.Entries("data")) data[entry.Name] = entry.Value.AsText();
        return Read(item) with { Data = data };
    }
}

/// <summary>What the operator remembers of a node: its failure domains and whether pods can run there.</summary>
public sealed record ObservedNode : Observed
{
    public ObservedNode() { }

    private ObservedNode(Observed metadata) : base(metadata) { }

    public bool Ready { get; init; }

    /// <summary>Cordoned: no new pod is placed there.</summary>
    public bool Unschedulable { get; init; }

    public static ObservedNode Read(JsonElement item) => new(Read(item, "v1", "Node"))
    {
        // All of them: spec.tikv.storeLabels may name any, and nodes are few.
        Labels = ReadLabels(item.At("metadata"), _ => true),
        Ready = item.At("status").Condition("Ready").Text("status") == "True",
        Unschedulable = item.At("spec").Flag("unschedulable"),
    };
}
