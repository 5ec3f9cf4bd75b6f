using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>DaemonSets: one pod for each node, replaced node by node.</summary>
internal sealed class DaemonSetRules : IKindRules
{
    private const string Generation = "deprecated.daemonset.template.generation";

    public string GroupKind => "DaemonSet.apps";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.FillTemplate(item, "spec", "template");
        PodSpecDefaults.Set(spec, "revisionHistoryLimit", 10L);
        var strategy = spec.Section("updateStrategy");
        PodSpecDefaults.Set(strategy, "type", "RollingUpdate");
        if (strategy.Text("type") != "RollingUpdate")
            return;
        PodSpecDefaults.Set(strategy.Section("rollingUpdate"), "maxUnavailable", 1L);
        PodSpecDefaults.Set(strategy.Section("rollingUpdate"), "maxSurge", 0L);
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        item.Metadata().Section("annotations")[Generation] = "1";
        item["status"] = new JsonObject
        {
            ["currentNumberScheduled"] = 0L,
            ["numberMisscheduled"] = 0L,
            ["desiredNumberScheduled"] = 0L,
            ["numberReady"] = 0L,
        };
    }

    /// <summary>The template's own generation is kept as an annotation, from the days before revisions.</summary>
    public void PrepareUpdate(JsonObject item, JsonObject old, KindContext context)
    {
        var before = long.TryParse(old.Text("metadata", "annotations", Generation), out var kept) ? kept : 1;
        var isSame = ObjectFields.Same(item.At("spec", "template"), old.At("spec", "template"));
        item.Metadata().Section("annotations")[Generation] = $"{(isSame ? before : before + 1)}";
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        PodSpecValidation.ValidateSelector(item, errors);
        PodSpecValidation.ValidateTemplate(item, errors, "Always");
        errors.NotNegative(item["spec"], "spec", "minReadySeconds");
        CheckStrategy(item.ObjectAt("spec", "updateStrategy") ?? [], errors);
        errors.NotNegative(item["spec"], "spec", "revisionHistoryLimit");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        ReplicaValidation.KeepsSelector(item, old, errors);
    }

    private static void CheckStrategy(JsonObject strategy, FieldErrors errors)
    {
        const string Path = "spec.updateStrategy";
        switch (strategy.Text("type"))
        {
            case "OnDelete":
                break;
            case "RollingUpdate":
                CheckBounds(strategy.ObjectAt("rollingUpdate") ?? [], Path + ".rollingUpdate", errors);
                break;
            default:
                errors.Unsupported(Path, InternalForm.Strategy(strategy), "RollingUpdate", "OnDelete");
                break;
        }
    }

    private static void CheckBounds(JsonObject bounds, string path, FieldErrors errors)
    {
        var (most, surge) = (bounds["maxUnavailable"], bounds["maxSurge"]);
        RolloutValidation.CheckCountOrShare(most, path + ".maxUnavailable", errors);
        RolloutValidation.CheckAtMostAll(most, path + ".maxUnavailable", errors);
        RolloutValidation.CheckCountOrShare(surge, path + ".maxSurge", errors);
        RolloutValidation.CheckAtMostAll(surge, path + ".maxSurge", errors);
        var (isHeld, isFull) = (RolloutValidation.Size(most) > 0, RolloutValidation.Size(surge) > 0);
        if (isHeld && isFull)
            errors.Invalid(path + ".maxSurge", surge?.DeepClone(), "may not be set when maxUnavailable is non-zero");
        else if (!isHeld && !isFull)
            errors.Required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
    }
}
