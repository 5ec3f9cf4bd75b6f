using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Autoscalers: bounds, a target, and the metrics that decide.</summary>
internal sealed class AutoscalerRules : IKindRules
{
    private static readonly SortedDictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["ContainerResource"] = "containerResource",
        ["External"] = "external",
        ["Object"] = "object",
        ["Pods"] = "pods",
        ["Resource"] = "resource",
    };

    public string GroupKind => "HorizontalPodAutoscaler.autoscaling";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.Set(spec, "minReplicas", 1L);
        if (spec.ArrayAt("metrics") is { Count: > 0 })
            return;
        spec["metrics"] = new JsonArray(new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject
            {
                ["name"] = "cpu",
                ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80L },
            },
        });
    }

    public void PrepareCreate(JsonObject item, KindContext context) =>
        item["status"] = new JsonObject { ["desiredReplicas"] = 0L, ["currentMetrics"] = null };

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var spec = item.ObjectAt("spec") ?? [];
        var (least, most) = (spec.Number("minReplicas"), spec.Number("maxReplicas") ?? 0);
        if (least is < 1)
            errors.Invalid("spec.minReplicas", least, "must be greater than or equal to 1");
        if (most < 1)
            errors.Invalid("spec.maxReplicas", most, "must be greater than 0");
        if (least > most)
            errors.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        CheckReference(spec.ObjectAt("scaleTargetRef"), "spec.scaleTargetRef", errors);
        foreach (var (at, metric) in spec.ObjectsAt("metrics").Index())
            CheckMetric(metric, $"spec.metrics[{at}]", errors);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);

    private static void CheckReference(JsonObject? reference, string path, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["kind", "name"])
        {
            if (string.IsNullOrEmpty(reference.Text(field)))
                errors.Required($"{path}.{field}");
        }
    }

    private static void CheckMetric(JsonObject metric, string path, FieldErrors errors)
    {
        var type = metric.Text("type") ?? "";
        if (type.Length == 0)
            errors.Required(path + ".type", "must specify a metric source type");
        if (!Sources.TryGetValue(type, out var expected))
            errors.Unsupported(path + ".type", type, Sources.Keys);
        var present = Sources.Values.Where(each => metric[each] is not null).ToList();
        if (present.Count > 0)
            CheckSource(metric.ObjectAt(present[0]) ?? [], present[0], $"{path}.{present[0]}", errors);
        if (expected is not null && metric[expected] is null)
            errors.Required($"{path}.{expected}", "must populate information for the given metric source");
        if (present.Count == 1)
            return;
        foreach (var other in present.Where(each => each != expected))
            errors.Forbidden($"{path}.{other}", "must populate the given metric source only");
    }

    private static void CheckSource(JsonObject source, string kind, string path, FieldErrors errors)
    {
        if (kind is "resource" or "containerResource" && string.IsNullOrEmpty(source.Text("name")))
            errors.Required(path + ".name", "must specify a resource name");
        if (kind == "containerResource" && string.IsNullOrEmpty(source.Text("container")))
            errors.Required(path + ".container", "must specify a container");
        if (kind is "pods" or "object" or "external" && string.IsNullOrEmpty(source.Text("metric", "name")))
            errors.Required(path + ".metric.name", "must specify a metric name");
        if (kind == "object")
            CheckReference(source.ObjectAt("describedObject"), path + ".describedObject", errors);
        CheckTarget(source.ObjectAt("target") ?? [], path + ".target", errors);
        var hasShare = source.At("target", "averageUtilization") is not null;
        var hasAverage = source.At("target", "averageValue") is not null;
        if (kind is "resource" or "containerResource" && !hasShare && !hasAverage)
        {
            errors.Required(path + ".target.averageUtilization",
                "must set either a target raw value or a target utilization");
        }

        if (kind == "pods" && !hasAverage)
            errors.Required(path + ".target.averageValue", "must specify a positive target averageValue");
        if (kind is "object" or "external" && !hasAverage && source.At("target", "value") is null)
            errors.Required(path + ".target.averageValue", "must set either a target value or averageValue");
    }

    private static void CheckTarget(JsonObject target, string path, FieldErrors errors)
    {
        var type = target.Text("type") ?? "";
        if (type.Length == 0)
            errors.Required(path + ".type", "must specify a metric target type");
        if (type is not ("Utilization" or "Value" or "AverageValue"))
            errors.Invalid(path + ".type", type, "must be either Utilization, Value, or AverageValue");
        foreach (var field in (ReadOnlySpan<string>)["value", "averageValue"])
        {
            if (target[field] is { } amount && QuantityValidation.Read(amount) <= default(Model.Quantity))
                errors.Invalid($"{path}.{field}", QuantityValidation.Text(amount), "must be positive");
        }

        if (target.Number("averageUtilization") is < 1 and var share)
            errors.Invalid(path + ".averageUtilization", share, "must be greater than 0");
    }
}
