using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Jobs: the labels and the selector that tie pods to one Job are made at creation.</summary>
internal sealed class JobRules : IKindRules
{
    private const string Prefix = "batch.kubernetes.io/";

    public string GroupKind => "Job.batch";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.FillTemplate(item, "spec", "template");
        if (spec["completions"] is null && spec["parallelism"] is null)
            spec["completions"] = 1L;
        PodSpecDefaults.Set(spec, "parallelism", 1L);
        PodSpecDefaults.Set(spec, "backoffLimit", 6L);
        PodSpecDefaults.Set(spec, "completionMode", "NonIndexed");
        PodSpecDefaults.Set(spec, "suspend", false);
        PodSpecDefaults.Set(spec, "manualSelector", false);
        PodSpecDefaults.Set(spec, "podReplacementPolicy", "TerminatingOrFailed");
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        item["status"] = new JsonObject();
        var spec = item.Section("spec");
        if (spec.Flag("manualSelector") == true)
            return;
        var labels = spec.Section("template").Section("metadata").Section("labels");
        foreach (var prefix in (ReadOnlySpan<string>)[Prefix, ""])
        {
            labels[prefix + "controller-uid"] = item.Uid();
            labels[prefix + "job-name"] = item.Name();
        }

        spec["selector"] = new JsonObject
        {
            ["matchLabels"] = new JsonObject { [Prefix + "controller-uid"] = item.Uid() },
        };
        if (item.ObjectAt("metadata", "labels") is not { Count: > 0 })
            item.Metadata()["labels"] = labels.DeepClone();
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors) =>
        PodSpecValidation.ValidateTemplate(item, errors, "OnFailure", "Never");

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["selector", "template", "completionMode"])
        {
            if (!ObjectFields.Same(item.At("spec", field), old.At("spec", field)))
                errors.Invalid("spec." + field, item.At("spec", field)?.DeepClone(), "field is immutable");
        }
    }
}
