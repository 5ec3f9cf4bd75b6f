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
        var isIndexed = spec["backoffLimitPerIndex"] is not null;
        PodSpecDefaults.Set(spec, "backoffLimit", isIndexed ? int.MaxValue : 6L);
        PodSpecDefaults.Set(spec, "completionMode", "NonIndexed");
        PodSpecDefaults.Set(spec, "suspend", false);
        PodSpecDefaults.Set(spec, "manualSelector", false);
        PodSpecDefaults.Set(spec, "podReplacementPolicy",
            spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        if (item.ObjectAt("metadata", "labels") is not { Count: > 0 }
            && item.ObjectAt("spec", "template", "metadata", "labels") is { Count: > 0 } labels)
            item.Metadata()["labels"] = labels.DeepClone();
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

        spec.Section("selector").Section("matchLabels")[Prefix + "controller-uid"] = item.Uid();
        if (item.ObjectAt("metadata", "labels") is not { Count: > 0 })
            item.Metadata()["labels"] = labels.DeepClone();
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        CheckSelector(item, errors);
        var spec = item.ObjectAt("spec") ?? [];
        JobValidation.Check(spec, "spec", errors);
        if (spec["selector"] is null)
            errors.Required("spec.selector");
        else
            LabelSelectorValidation.Check(spec.ObjectAt("selector"), "spec.selector", errors);
        var labels = spec.ObjectAt("template", "metadata", "labels");
        if (Reads.LabelSelector.From(spec.ObjectAt("selector"))?.MatchesLabels(labels) == true)
            return;
        const string Mismatch = "`selector` does not match template `labels`";
        if (labels is null)
            errors.InvalidNull("spec.template.metadata.labels", Mismatch);
        else
            errors.Invalid("spec.template.metadata.labels", labels.DeepClone(), Mismatch);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        var isElastic = item.Text("spec", "completionMode") == "Indexed"
            && item.Number("spec", "completions") == item.Number("spec", "parallelism");
        if (!isElastic && item.Number("spec", "completions") != old.Number("spec", "completions"))
            Immutable("completions");
        foreach (var field in (ReadOnlySpan<string>)["selector", "template", "completionMode", "podFailurePolicy",
                     "backoffLimitPerIndex", "managedBy", "successPolicy"])
        {
            var isStopped = field == "template" && old.Flag("spec", "suspend") == true
                && old.At("status", "startTime") is null;
            if (isStopped ? !SameButPlacement(item, old) : !ObjectFields.Same(item.At("spec", field),
                    old.At("spec", field)))
                Immutable(field);
        }

        void Immutable(string field)
        {
            if (item.At("spec", field) is { } value)
                errors.Invalid("spec." + field, value.DeepClone(), "field is immutable");
            else
                errors.InvalidNull("spec." + field, "field is immutable");
        }
    }

    /// <summary>A Job that never ran may still be told where its pods go.</summary>
    private static bool SameButPlacement(JsonObject item, JsonObject old)
    {
        var (now, before) = (item.ObjectAt("spec", "template")!.Copy(), old.ObjectAt("spec", "template")!.Copy());
        foreach (var template in (ReadOnlySpan<JsonObject>)[now, before])
        {
            foreach (var field in (ReadOnlySpan<string>)["affinity", "nodeSelector", "tolerations", "schedulingGates"])
                template.Section("spec").Remove(field);
            template.Section("metadata").Remove("labels");
            template.Section("metadata").Remove("annotations");
        }

        return ObjectFields.Same(now, before);
    }

    private static void CheckSelector(JsonObject item, FieldErrors errors)
    {
        if (item.Flag("spec", "manualSelector") == true || item.ObjectAt("spec", "selector") is not { } selector)
            return;
        var labels = new JsonObject { [Prefix + "controller-uid"] = item.Uid(), [Prefix + "job-name"] = item.Name() };
        if (Reads.LabelSelector.From(selector)?.MatchesLabels(labels) != true)
            errors.Invalid("spec.selector", selector.DeepClone(), "`selector` not auto-generated");
    }
}
