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

    public void ValidateCreate(JsonObject item, FieldErrors errors) => ReplicaValidation.Check(item, errors);

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ReplicaValidation.Check(item, errors);
        ReplicaValidation.KeepsSelector(item, old, errors);
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

    public void ValidateCreate(JsonObject item, FieldErrors errors) => ReplicaValidation.Check(item, errors);

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ReplicaValidation.Check(item, errors);
        ReplicaValidation.KeepsSelector(item, old, errors);
    }
}

/// <summary>DaemonSets.</summary>
internal sealed class DaemonSetRules : IKindRules
{
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

    public void PrepareCreate(JsonObject item, KindContext context) => item["status"] = new JsonObject
    {
        ["currentNumberScheduled"] = 0L,
        ["numberMisscheduled"] = 0L,
        ["desiredNumberScheduled"] = 0L,
        ["numberReady"] = 0L,
    };

    public void ValidateCreate(JsonObject item, FieldErrors errors) => ReplicaValidation.Check(item, errors);

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ReplicaValidation.Check(item, errors);
        ReplicaValidation.KeepsSelector(item, old, errors);
    }
}

/// <summary>What workloads without identity have in common.</summary>
internal static class ReplicaValidation
{
    public static void Check(JsonObject item, FieldErrors errors)
    {
        PodSpecValidation.ValidateSelector(item, errors);
        PodSpecValidation.ValidateTemplate(item, errors, "Always");
        if (item.Number("spec", "replicas") is < 0 and var replicas)
            errors.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
    }

    public static void KeepsSelector(JsonObject item, JsonObject old, FieldErrors errors)
    {
        if (!ObjectFields.Same(item.At("spec", "selector"), old.At("spec", "selector")))
            errors.Invalid("spec.selector", item.At("spec", "selector")?.DeepClone(), "field is immutable");
    }
}
