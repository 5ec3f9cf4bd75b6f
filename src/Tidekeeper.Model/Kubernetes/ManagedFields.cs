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
            if (entry.Text("subresource") == "status" || IsOurs(manager) || IsKubernetes(manager)) continue;
            (touches ??= []).Add($"{manager} {entry.Text("time")}".TrimEnd());
        }

        if (touches is null) return "";
        touches.Sort(StringComparer.Ordinal);
        return string.Join(", ", touches);
    }

    private static bool IsOurs(string manager) => manager == Labels.FieldManager;

    // Their writes of metadata and scale (owner references, finalizers, bindings) are the system at work, not an edit.
    private static bool IsKubernetes(string manager) =>
        manager is "kube-controller-manager" or "kube-scheduler" or "kubelet" or "kube-apiserver";
}
