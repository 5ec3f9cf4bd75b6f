using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>The ancestor of ReplicaSets: its selector is a plain map, taken from the template when there is none.
/// </summary>
internal sealed class ReplicationControllerRules : IKindRules
{
    public string GroupKind => "ReplicationController";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.FillTemplate(item, "spec", "template");
        PodSpecDefaults.Set(spec, "replicas", 1L);
        if (item.ObjectAt("spec", "template", "metadata", "labels") is not { Count: > 0 } labels)
            return;
        if (spec["selector"] is not JsonObject { Count: > 0 })
            spec["selector"] = labels.DeepClone();
        if (item.ObjectAt("metadata", "labels") is not { Count: > 0 })
            item.Metadata()["labels"] = labels.DeepClone();
    }

    public void PrepareCreate(JsonObject item, KindContext context) =>
        item["status"] = new JsonObject { ["replicas"] = 0L };

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        errors.NotNegative(item["spec"], "spec", "minReadySeconds");
        if (item.ObjectAt("spec", "selector") is not { Count: > 0 } selector)
            errors.Required("spec.selector");
        else if (!selector.All(each => item.Text("spec", "template", "metadata", "labels", each.Key)
                     == each.Value.Text()))
        {
            errors.Invalid("spec.template.metadata.labels",
                item.At("spec", "template", "metadata", "labels")?.DeepClone(),
                "`selector` does not match template `labels`");
        }

        errors.NotNegative(item["spec"], "spec", "replicas");
        if (item.ObjectAt("spec", "template") is null)
            errors.Required("spec.template");
        else
            PodSpecValidation.ValidateTemplate(item, errors, "Always");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);
}

internal sealed class PodTemplateRules : IKindRules
{
    public string GroupKind => "PodTemplate";

    public void Default(JsonObject item) => PodSpecDefaults.FillTemplate(item, "template");

    public void ValidateCreate(JsonObject item, FieldErrors errors) =>
        PodSpecValidation.CheckTemplate(item.ObjectAt("template") ?? [], "template", errors);

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);
}

/// <summary>A revision is written once and never changed.</summary>
internal sealed class ControllerRevisionRules : IKindRules
{
    public string GroupKind => "ControllerRevision.apps";

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item["data"] is null)
            errors.Required("data", "data is mandatory");
        if (item.Number("revision") is < 0 and var revision)
            errors.Invalid("revision", revision, "must be greater than or equal to 0");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        if (!ObjectFields.Same(item["data"], old["data"]))
            errors.Invalid("data", item["data"]?.DeepClone(), "field is immutable");
    }
}
