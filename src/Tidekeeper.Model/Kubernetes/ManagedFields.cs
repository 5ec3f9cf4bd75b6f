using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>What <c>metadata.managedFields</c> tells about who wrote an object.</summary>
internal static class ManagedFields
{
    public static string ForeignTouch(JsonElement metadata)
    {
        List<string>? touches = null;
        foreach (var entry in metadata.Items("managedFields"))
        {
            var manager = entry.Text("manager");
            if (entry.Text("subresource") == "status" || IsOurs(manager) || IsKubernetes(manager) || IsV1(entry))
                continue;
            (touches ??= []).Add($"{manager} {entry.Text("time")}".TrimEnd());
        }

        if (touches is null) return "";
        touches.Sort(StringComparer.Ordinal);
        return string.Join(", ", touches);
    }

    /// <summary>
    /// When v1 wrote the object last, told by its annotation or by the name of its program; empty when it never did,
    /// and when what it wrote belongs to us by now. Objects older than managed fields tell when they were made.
    /// </summary>
    public static string WrittenByV1(JsonElement metadata)
    {
        var marked = metadata.At("annotations").Text(Labels.LastAppliedByV1).Length > 0;
        var (last, isOurs) = ("", false);
        foreach (var entry in metadata.Items("managedFields"))
        {
            var manager = entry.Text("manager");
            if (!IsV1(entry)) continue;
            isOurs |= IsOurs(manager);
            var time = entry.Text("time");
            if (!IsOurs(manager) && string.CompareOrdinal(time, last) > 0) last = time;
        }

        return last.Length > 0 || isOurs || !marked ? last : metadata.Text("creationTimestamp");
    }

    /// <summary>By the name of its program, or by the mark that it puts on what it writes.</summary>
    private static bool IsV1(JsonElement entry) =>
        entry.Text("manager") == Labels.FieldManagerOfV1
        || entry.At("fieldsV1", "f:metadata").At("f:annotations").At($"f:{Labels.LastAppliedByV1}").ValueKind
            == JsonValueKind.Object;

    private static bool IsOurs(string manager) => manager == Labels.FieldManager;

    // Their writes of metadata and scale (owner references, finalizers, bindings) are the system at work, not an edit.
    private static bool IsKubernetes(string manager) =>
        manager is "kube-controller-manager" or "kube-scheduler" or "kubelet" or "kube-apiserver";
}
