using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using static Tidekeeper.Playground.Api.Tables.TableColumn;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Nodes, namespaces, events, storage, settings and permissions.</summary>
internal static class ClusterColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static readonly IReadOnlyList<TableColumn> Namespace =
        [NameColumn, Text("Status", o => o.Text("status", "phase")), Age];

    public static readonly IReadOnlyList<TableColumn> Node =
    [
        NameColumn,
        Text("Status", NodeStatus),
        Text("Roles", o => Cells.Join((o.ObjectAt("metadata", "labels") ?? []).Select(l => l.Key)
            .Where(k => k.StartsWith(RolePrefix, StringComparison.Ordinal)).Select(k => k[RolePrefix.Length..])
            .Order(StringComparer.Ordinal), Cells.None)),
        Age,
        Text("Version", o => o.Text("status", "nodeInfo", "kubeletVersion")),
        Wide("Internal-IP", o => Address(o, "InternalIP")),
        Wide("External-IP", o => Address(o, "ExternalIP")),
        Wide("OS-Image", o => Known(o.Text("status", "nodeInfo", "osImage"))),
        Wide("Kernel-Version", o => Known(o.Text("status", "nodeInfo", "kernelVersion"))),
        Wide("Container-Runtime", o => Known(o.Text("status", "nodeInfo", "containerRuntimeVersion"))),
    ];

    public static readonly IReadOnlyList<TableColumn> Event =
    [
        new("Last Seen", (o, now) => Ages.Since(o.Text("series", "lastObservedTime") ?? o.Text("lastTimestamp")
            ?? o.Text("eventTime") ?? o.Text("firstTimestamp"), now)),
        Text("Type", o => o.Text("type")),
        Text("Reason", o => o.Text("reason")),
        Text("Object", o => $"{Involved(o).Text("kind")?.ToLowerInvariant()}/{Involved(o).Text("name")}"),
        Wide("Subobject", o => Involved(o).Text("fieldPath")),
        Wide("Source", Source),
        Text("Message", o => (o.Text("message") ?? o.Text("note"))?.Trim()),
        new("First Seen", (o, now) => Ages.Since(o.Text("firstTimestamp") ?? o.Text("eventTime"), now), Priority: 1),
        new("Count", (o, _) => o.Number("series", "count") ?? o.Number("count") ?? 1, Priority: 1),
        new("Name", (o, _) => o.Name(), Priority: 1) { Format = "name" },
    ];

    public static readonly IReadOnlyList<TableColumn> ConfigMap =
    [
        NameColumn,
        Count("Data", o => Size(o, "data") + Size(o, "binaryData"), "string"),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> Secret =
        [NameColumn, Text("Type", o => o.Text("type")), Count("Data", o => Size(o, "data"), "string"), Age];

    public static readonly IReadOnlyList<TableColumn> ServiceAccount =
        [NameColumn, Count("Secrets", o => o.ArrayAt("secrets")?.Count ?? 0, "string"), Age];

    public static readonly IReadOnlyList<TableColumn> Claim =
    [
        NameColumn,
        Text("Status", o => o.IsBeingDeleted() ? "Terminating" : o.Text("status", "phase")),
        Text("Volume", o => o.Text("spec", "volumeName")),
        Text("Capacity", o => o.Text("spec", "volumeName") is { Length: > 0 }
            ? Cells.Either(o.At("status", "capacity", "storage")) : ""),
        Text("Access Modes", o =>
            o.Text("spec", "volumeName") is { Length: > 0 } ? Cells.AccessModes(o["status"]) : ""),
        Text("StorageClass", o => o.Text("metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
            ?? o.Text("spec", "storageClassName")),
        Text("VolumeAttributesClass", o => o.Text("spec", "volumeAttributesClassName") ?? "<unset>"),
        Age,
        Wide("VolumeMode", o => o.Text("spec", "volumeMode") ?? "<unset>"),
    ];

    public static readonly IReadOnlyList<TableColumn> Volume =
    [
        NameColumn,
        Text("Capacity", o => Cells.Either(o.At("spec", "capacity", "storage"))),
        Text("Access Modes", o => Cells.AccessModes(o["spec"])),
        Text("Reclaim Policy", o => o.Text("spec", "persistentVolumeReclaimPolicy")),
        Text("Status", o => o.IsBeingDeleted() ? "Terminating" : o.Text("status", "phase")),
        Text("Claim", o => o.ObjectAt("spec", "claimRef") is { } c ? $"{c.Text("namespace")}/{c.Text("name")}" : ""),
        Text("StorageClass", o => o.Text("spec", "storageClassName")),
        Text("VolumeAttributesClass", o => o.Text("spec", "volumeAttributesClassName") ?? "<unset>"),
        Text("Reason", o => o.Text("status", "reason")),
        Age,
        Wide("VolumeMode", o => o.Text("spec", "volumeMode") ?? "<unset>"),
    ];

    public static readonly IReadOnlyList<TableColumn> StorageClass =
    [
        NameColumn with { Cell = (o, _) => o.Name()
            + (o.Text("metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true"
                ? " (default)" : "") },
        Text("Provisioner", o => o.Text("provisioner")),
        Text("ReclaimPolicy", o => o.Text("reclaimPolicy") ?? "Delete"),
        Text("VolumeBindingMode", o => o.Text("volumeBindingMode") ?? "<unset>"),
        new("AllowVolumeExpansion", (o, _) => o.Flag("allowVolumeExpansion") == true),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> Lease =
        [NameColumn, Text("Holder", o => o.Text("spec", "holderIdentity")), Age];

    public static readonly IReadOnlyList<TableColumn> Binding =
    [
        NameColumn,
        Text("Role", o => $"{o.Text("roleRef", "kind")}/{o.Text("roleRef", "name")}"),
        Age,
        Wide("Users", o => Subjects(o, "User")),
        Wide("Groups", o => Subjects(o, "Group")),
        Wide("ServiceAccounts", o => Subjects(o, "ServiceAccount")),
    ];

    public static readonly IReadOnlyList<TableColumn> PriorityClass =
    [
        NameColumn,
        Count("Value", o => o.Number("value") ?? 0),
        new("Global-Default", (o, _) => o.Flag("globalDefault") == true, "boolean"),
        Age,
        Text("PreemptionPolicy", o => o.Text("preemptionPolicy") ?? "PreemptLowerPriority"),
    ];

    public static readonly IReadOnlyList<TableColumn> Quota =
    [
        NameColumn,
        Text("Request", o => Used(o, false)),
        Text("Limit", o => Used(o, true)),
        Age,
    ];

    /// <summary>Kinds without columns of their own.</summary>
    public static readonly IReadOnlyList<TableColumn> Plain =
        [NameColumn, new("Created At", (o, _) => o.Text("metadata", "creationTimestamp"), "date")];

    private static string NodeStatus(JsonObject node)
    {
        var ready = node.ObjectsAt("status", "conditions").FirstOrDefault(c => c.Text("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return node.Flag("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    private static string Address(JsonObject node, string type) =>
        node.ObjectsAt("status", "addresses").FirstOrDefault(a => a.Text("type") == type).Text("address") ?? Cells.None;

    private static string Known(string? text) => text is { Length: > 0 } ? text : "<unknown>";

    private static JsonObject Involved(JsonObject e) => e.ObjectAt("involvedObject") ?? e.ObjectAt("regarding") ?? [];

    private static string Source(JsonObject e)
    {
        var component = e.Text("source", "component") is { Length: > 0 } c ? c : e.Text("reportingComponent")
            ?? e.Text("reportingController") ?? "";
        var instance = e.Text("source", "component") is { Length: > 0 } ? e.Text("source", "host")
            : e.Text("reportingInstance");
        return instance is { Length: > 0 } ? $"{component}, {instance}" : component;
    }

    private static int Size(JsonObject item, string field) => item.ObjectAt(field)?.Count ?? 0;

    private static string Subjects(JsonObject binding, string kind) => Cells.Join(binding.ObjectsAt("subjects")
        .Where(s => s.Text("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name") ?? ""));

    private static string Used(JsonObject quota, bool limits) =>
        string.Join(", ", (quota.ObjectAt("spec", "hard") ?? [])
        .Where(h => h.Key.StartsWith("limits.", StringComparison.Ordinal) == limits)
        .OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => string.Create(CultureInfo.InvariantCulture,
            $"{h.Key}: {Cells.Either(quota.ObjectAt("status", "used")?[h.Key]) ?? "0"}/{Cells.Either(h.Value)}")));
}
