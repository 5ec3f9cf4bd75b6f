using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Deployments: defaults, and a selector that never changes.</summary>
internal sealed class DeploymentRules : IKindRules
{
    public string GroupKind => "Deployment.apps";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.FillTemplate(item, "spec", "template");
        PodSpecDefaults.Set(spec, "replicas", 1L);
        PodSpecDefaults.Set(spec, "revisionHistoryLimit", 10L);
        PodSpecDefaults.Set(spec, "progressDeadlineSeconds", 600L);
        var strategy = spec.Section("strategy");
        PodSpecDefaults.Set(strategy, "type", "RollingUpdate");
        if (strategy.Text("type") != "RollingUpdate")
            return;
        PodSpecDefaults.Set(strategy.Section("rollingUpdate"), "maxUnavailable", "25%");
        PodSpecDefaults.Set(strategy.Section("rollingUpdate"), "maxSurge", "25%");
    }

    public void PrepareCreate(JsonObject item, KindContext context) => item["status"] = new JsonObject();

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        ReplicaValidation.Check(item, errors);
        CheckStrategy(item.ObjectAt("spec", "strategy") ?? [], errors);
        errors.NotNegative(item["spec"], "spec", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds");
        if (item.Number("spec", "progressDeadlineSeconds") is { } deadline
            && deadline <= (item.Number("spec", "minReadySeconds") ?? 0))
            errors.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        ReplicaValidation.KeepsSelector(item, old, errors);
    }

    public void ValidateStatus(JsonObject item, JsonObject old, FieldErrors errors) =>
        ReplicaValidation.CheckStatus(item, errors, "updatedReplicas", "readyReplicas", "availableReplicas");

    private static void CheckStrategy(JsonObject strategy, FieldErrors errors)
    {
        const string Path = "spec.strategy";
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (strategy["rollingUpdate"] is not null)
                {
                    errors.Forbidden(Path + ".rollingUpdate",
                        "may not be specified when strategy `type` is 'Recreate'");
                }

                break;
            case "RollingUpdate":
                CheckBounds(strategy.ObjectAt("rollingUpdate") ?? [], Path + ".rollingUpdate", errors);
                break;
            default:
                errors.Unsupported(Path, InternalForm.Strategy(strategy), "Recreate", "RollingUpdate");
                break;
        }
    }

    private static void CheckBounds(JsonObject bounds, string path, FieldErrors errors)
    {
        var (most, surge) = (bounds["maxUnavailable"], bounds["maxSurge"]);
        RolloutValidation.CheckCountOrShare(most, path + ".maxUnavailable", errors);
        RolloutValidation.CheckCountOrShare(surge, path + ".maxSurge", errors);
        if (RolloutValidation.Size(most) == 0 && RolloutValidation.Size(surge) == 0)
        {
            errors.Invalid(path + ".maxUnavailable", most?.DeepClone() ?? 0, "may not be 0 when `maxSurge` is 0");
        }

        RolloutValidation.CheckAtMostAll(most, path + ".maxUnavailable", errors);
    }
}

/// <summary>ReplicaSets, likewise.</summary>
internal sealed class ReplicaSetRules : IKindRules
{
    public string GroupKind => "ReplicaSet.apps";

    public void Default(JsonObject item)
    {
        PodSpecDefaults.FillTemplate(item, "spec", "template");
        PodSpecDefaults.Set(item.Section("spec"), "replicas", 1L);
    }

    public void PrepareCreate(JsonObject item, KindContext context) =>
        item["status"] = new JsonObject { ["replicas"] = 0L };

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        errors.NotNegative(item["spec"], "spec", "replicas", "minReadySeconds");
        PodSpecValidation.ValidateSelector(item, errors);
        PodSpecValidation.ValidateTemplate(item, errors, "Always");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        ReplicaValidation.KeepsSelector(item, old, errors);
    }

    public void ValidateStatus(JsonObject item, JsonObject old, FieldErrors errors) =>
        ReplicaValidation.CheckStatus(item, errors, "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
}

/// <summary>What workloads without identity have in common.</summary>
internal static class ReplicaValidation
{
    public static void Check(JsonObject item, FieldErrors errors)
    {
        errors.NotNegative(item["spec"], "spec", "replicas");
        PodSpecValidation.ValidateSelector(item, errors);
        PodSpecValidation.ValidateTemplate(item, errors, "Always");
    }

    public static void KeepsSelector(JsonObject item, JsonObject old, FieldErrors errors)
    {
        if (!ObjectFields.Same(item.At("spec", "selector"), old.At("spec", "selector")))
            errors.Invalid("spec.selector", item.At("spec", "selector")?.DeepClone(), "field is immutable");
    }

    /// <summary>Counts of a part that cannot be more than the whole.</summary>
    public static void CheckStatus(JsonObject item, FieldErrors errors, params ReadOnlySpan<string> parts)
    {
        var status = item["status"];
        errors.NotNegative(status, "status", "observedGeneration", "replicas");
        errors.NotNegative(status, "status", parts);
        foreach (var part in parts)
        {
            if (status.Number(part) is { } count && count > (status.Number("replicas") ?? 0))
                errors.Invalid("status." + part, count, "cannot be greater than status.replicas");
        }

        if (status.Number("availableReplicas") is { } available && available > (status.Number("readyReplicas") ?? 0))
            errors.Invalid("status.availableReplicas", available, "cannot be greater than readyReplicas");
    }
}
