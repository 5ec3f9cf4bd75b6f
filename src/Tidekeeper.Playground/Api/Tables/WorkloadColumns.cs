using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using static Tidekeeper.Playground.Api.Tables.TableColumn;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>What makes pods: deployments, stateful sets, jobs and their like.</summary>
internal static class WorkloadColumns
{
    private static readonly TableColumn Containers = Wide("Containers", o => Cells.ContainerNames(PodOf(o)));
    private static readonly TableColumn Images = Wide("Images", o => Cells.Images(PodOf(o)));
    private static readonly TableColumn Selector = Wide("Selector", o =>
        Cells.Selector(o.ObjectAt("spec", "selector")));

    public static readonly IReadOnlyList<TableColumn> Deployment =
    [
        NameColumn,
        Text("Ready", o => $"{Status(o, "readyReplicas")}/{o.Number("spec", "replicas") ?? 0}"),
        Count("Up-to-date", o => Status(o, "updatedReplicas"), "string"),
        Count("Available", o => Status(o, "availableReplicas"), "string"),
        Age, Containers, Images, Selector,
    ];

    public static readonly IReadOnlyList<TableColumn> StatefulSet =
    [
        NameColumn,
        Text("Ready", o => $"{Status(o, "readyReplicas")}/{o.Number("spec", "replicas") ?? 0}"),
        Age, Containers, Images,
    ];

    public static readonly IReadOnlyList<TableColumn> ReplicaSet =
    [
        NameColumn,
        Count("Desired", o => o.Number("spec", "replicas") ?? 0),
        Count("Current", o => Status(o, "replicas")),
        Count("Ready", o => Status(o, "readyReplicas")),
        Age, Containers, Images, Selector,
    ];

    public static readonly IReadOnlyList<TableColumn> ReplicationController =
    [
        NameColumn,
        Count("Desired", o => o.Number("spec", "replicas") ?? 0),
        Count("Current", o => Status(o, "replicas")),
        Count("Ready", o => Status(o, "readyReplicas")),
        Age, Containers, Images,
        Wide("Selector", o => Cells.Labels(o.ObjectAt("spec", "selector"))),
    ];

    public static readonly IReadOnlyList<TableColumn> DaemonSet =
    [
        NameColumn,
        Count("Desired", o => Status(o, "desiredNumberScheduled")),
        Count("Current", o => Status(o, "currentNumberScheduled")),
        Count("Ready", o => Status(o, "numberReady")),
        Count("Up-to-date", o => Status(o, "updatedNumberScheduled")),
        Count("Available", o => Status(o, "numberAvailable")),
        Text("Node Selector", o => Cells.Labels(PodOf(o).ObjectAt("nodeSelector"))),
        Age, Containers, Images, Selector,
    ];

    public static readonly IReadOnlyList<TableColumn> Job =
    [
        NameColumn,
        Text("Status", JobStatus),
        Text("Completions", Completions),
        new("Duration", JobDuration),
        Age, Containers, Images, Selector,
    ];

    public static readonly IReadOnlyList<TableColumn> CronJob =
    [
        NameColumn,
        Text("Schedule", o => o.Text("spec", "schedule")),
        Text("Timezone", o => o.Text("spec", "timeZone") ?? Cells.None),
        Text("Suspend", o => o.Flag("spec", "suspend") == true ? "True" : "False"),
        Count("Active", o => o.ArrayAt("status", "active")?.Count ?? 0),
        new("Last Schedule", (o, now) =>
            o.Text("status", "lastScheduleTime") is { } last ? Ages.Since(last, now) : Cells.None),
        Age,
        Wide("Containers", o => Cells.ContainerNames(CronPod(o))),
        Wide("Images", o => Cells.Images(CronPod(o))),
        Wide("Selector", o => Cells.Selector(o.ObjectAt("spec", "jobTemplate", "spec", "selector"))),
    ];

    public static readonly IReadOnlyList<TableColumn> ControllerRevision =
    [
        NameColumn,
        Text("Controller", Controller),
        Count("Revision", o => o.Number("revision") ?? 0, "string"),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> Budget =
    [
        NameColumn,
        Text("Min Available", o => Cells.Either(o.At("spec", "minAvailable")) ?? "N/A"),
        Text("Max Unavailable", o => Cells.Either(o.At("spec", "maxUnavailable")) ?? "N/A"),
        Count("Allowed Disruptions", o => Status(o, "disruptionsAllowed"), "string"),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> PodTemplate =
    [
        NameColumn,
        Text("Containers", o => Cells.ContainerNames(o.ObjectAt("template", "spec"))),
        Text("Images", o => Cells.Images(o.ObjectAt("template", "spec"))),
        Text("Pod Labels", o => Cells.Labels(o.ObjectAt("template", "metadata", "labels"))),
    ];

    public static readonly IReadOnlyList<TableColumn> Autoscaler =
    [
        NameColumn,
        Text("Reference", o =>
            $"{o.Text("spec", "scaleTargetRef", "kind")}/{o.Text("spec", "scaleTargetRef", "name")}"),
        Text("Targets", Targets),
        Text("MinPods", o => $"{o.Number("spec", "minReplicas") ?? 1}"),
        Text("MaxPods", o => $"{o.Number("spec", "maxReplicas")}"),
        Text("Replicas", o => $"{Status(o, "currentReplicas")}"),
        Age,
    ];

    private static string Targets(JsonObject autoscaler)
    {
        var wanted = autoscaler.ObjectsAt("spec", "metrics").ToList();
        if (wanted.Count == 0)
            return Cells.None;
        var shown = wanted.Take(2).Select((metric, at) => Target(metric, autoscaler, at));
        var more = wanted.Count > 2 ? $" + {wanted.Count - 2} more..." : "";
        return string.Join(", ", shown) + more;
    }

    private static string Target(JsonObject metric, JsonObject autoscaler, int at)
    {
        var kind = metric.Text("type") is { Length: > 0 } type ? char.ToLowerInvariant(type[0]) + type[1..] : "";
        var target = metric.ObjectAt(kind, "target");
        var current = autoscaler.ObjectsAt("status", "currentMetrics").ElementAtOrDefault(at)
            .ObjectAt(kind, "current");
        var now = current.Number("averageUtilization") is { } share
            ? $"{share}%" : Cells.Either(current?["averageValue"]) ?? "<unknown>";
        var text = target.Number("averageUtilization") is { } wanted
            ? $"{now}/{wanted}%"
            : $"{now}/{Cells.Either(target?["averageValue"]) ?? Cells.Either(target?["value"]) ?? "<auto>"}"
                + (kind == "resource" || target?["averageValue"] is null ? "" : " (avg)");
        return kind == "resource" ? $"{metric.Text(kind, "name")}: {text}" : text;
    }

    private static JsonObject? PodOf(JsonObject item) => item.ObjectAt("spec", "template", "spec");

    private static JsonObject? CronPod(JsonObject item) => PodOf(item.ObjectAt("spec", "jobTemplate") ?? []);

    private static long Status(JsonObject item, string field) => item.Number("status", field) ?? 0;

    private static string JobStatus(JsonObject job)
    {
        bool Has(string type) => job.ObjectsAt("status", "conditions")
            .Any(c => c.Text("type") == type && c.Text("status") == "True");
        return Has("Complete") ? "Complete" : Has("Failed") ? "Failed"
            : job.IsBeingDeleted() ? "Terminating" : Has("Suspended") ? "Suspended"
            : Has("FailureTarget") ? "FailureTarget" : Has("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
    }

    private static string Completions(JsonObject job)
    {
        var done = Status(job, "succeeded");
        if (job.Number("spec", "completions") is { } wanted)
            return $"{done}/{wanted}";
        return job.Number("spec", "parallelism") is > 1 and var parallel ? $"{done}/1 of {parallel}" : $"{done}/1";
    }

    private static JsonNode? JobDuration(JsonObject job, DateTimeOffset now)
    {
        if (JsonText.ReadMoment(job.Text("status", "startTime")) is not { } start)
            return "";
        return Ages.Show((JsonText.ReadMoment(job.Text("status", "completionTime")) ?? now) - start);
    }

    private static string Controller(JsonObject item)
    {
        var owner = item.ObjectsAt("metadata", "ownerReferences").FirstOrDefault(o => o.Flag("controller") == true);
        if (owner is null)
            return Cells.None;
        var group = owner.Text("apiVersion")?.Split('/') is [var name, _] ? "." + name : "";
        return $"{owner.Text("kind")?.ToLowerInvariant()}{group}/{owner.Text("name")}";
    }
}
