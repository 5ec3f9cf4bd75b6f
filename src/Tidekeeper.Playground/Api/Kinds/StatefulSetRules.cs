using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>StatefulSets: defaults, and a spec of which little may change.</summary>
internal sealed class StatefulSetRules : IKindRules
{
    private static readonly string[] Mutable =
    [
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    ];

    public string GroupKind => "StatefulSet.apps";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.FillTemplate(item, "spec", "template");
        PodSpecDefaults.Set(spec, "podManagementPolicy", "OrderedReady");
        PodSpecDefaults.Set(spec, "replicas", 1L);
        PodSpecDefaults.Set(spec, "revisionHistoryLimit", 10L);
        var strategy = spec.Section("updateStrategy");
        PodSpecDefaults.Set(strategy, "type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
            PodSpecDefaults.Set(strategy.Section("rollingUpdate"), "partition", 0L);
        var retention = spec.Section("persistentVolumeClaimRetentionPolicy");
        PodSpecDefaults.Set(retention, "whenDeleted", "Retain");
        PodSpecDefaults.Set(retention, "whenScaled", "Retain");
        foreach (var claim in spec.ObjectsAt("volumeClaimTemplates"))
        {
            claim["kind"] = "PersistentVolumeClaim";
            claim["apiVersion"] = "v1";
            PodSpecDefaults.Set(claim.Section("spec"), "volumeMode", "Filesystem");
            claim["status"] = new JsonObject { ["phase"] = "Pending" };
        }
    }

    public void PrepareCreate(JsonObject item, KindContext context) =>
        item["status"] = new JsonObject { ["replicas"] = 0L, ["availableReplicas"] = 0L };

    public void ValidateCreate(JsonObject item, FieldErrors errors) => Validate(item, errors);

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        Validate(item, errors);
        var now = item.ObjectAt("spec")?.Copy() ?? [];
        var before = old.ObjectAt("spec")?.Copy() ?? [];
        foreach (var field in Mutable)
        {
            now.Remove(field);
            before.Remove(field);
        }

        if (ObjectFields.Same(now, before))
            return;
        errors.Forbidden("spec",
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
            + "are forbidden");
    }

    public void ValidateStatus(JsonObject item, JsonObject old, FieldErrors errors)
    {
        var status = item["status"];
        string[] parts = ["readyReplicas", "currentReplicas", "updatedReplicas"];
        errors.NotNegative(status, "status", "replicas");
        errors.NotNegative(status, "status", parts);
        errors.NotNegative(status, "status", "availableReplicas", "observedGeneration", "collisionCount");
        foreach (var part in (string[])[.. parts, "availableReplicas"])
        {
            if (status.Number(part) is { } count && count > (status.Number("replicas") ?? 0))
                errors.Invalid("status." + part, count, "cannot be greater than status.replicas");
        }

        if (status.Number("availableReplicas") is { } available && available > (status.Number("readyReplicas") ?? 0))
            errors.Invalid("status.availableReplicas", available, "cannot be greater than status.readyReplicas");
    }

    private static void Validate(JsonObject item, FieldErrors errors)
    {
        if (item.Text("spec", "podManagementPolicy") is not ("OrderedReady" or "Parallel"))
        {
            errors.Invalid("spec.podManagementPolicy", item.Text("spec", "podManagementPolicy"),
                "must be 'OrderedReady' or 'Parallel'");
        }

        CheckStrategy(item.ObjectAt("spec", "updateStrategy") ?? [], errors);
        foreach (var field in (ReadOnlySpan<string>)["whenDeleted", "whenScaled"])
        {
            if (item.Text("spec", "persistentVolumeClaimRetentionPolicy", field) is not ("Delete" or "Retain"))
            {
                errors.Unsupported("spec.persistentVolumeClaimRetentionPolicy." + field,
                    item.At("spec", "persistentVolumeClaimRetentionPolicy", field), "Delete", "Retain");
            }
        }

        errors.NotNegative(item["spec"], "spec", "replicas", "minReadySeconds");
        errors.NotNegative(item.At("spec", "ordinals"), "spec.ordinals", "start");
        PodSpecValidation.ValidateSelector(item, errors);
        var withClaims = item.Copy();
        if (withClaims.ObjectAt("spec", "template", "spec") is { } spec)
            AddClaims(withClaims, spec);
        PodSpecValidation.ValidateTemplate(withClaims, errors, "Always");
    }

    private static void CheckStrategy(JsonObject strategy, FieldErrors errors)
    {
        const string Path = "spec.updateStrategy";
        switch (strategy.Text("type"))
        {
            case "OnDelete":
                if (strategy.ObjectAt("rollingUpdate") is { } rolling)
                {
                    errors.Invalid(Path + ".rollingUpdate", InternalForm.Rolling(rolling),
                        "only allowed for updateStrategy 'RollingUpdate'");
                }

                break;
            case "RollingUpdate":
                errors.NotNegative(strategy["rollingUpdate"], Path + ".rollingUpdate", "partition");
                break;
            default:
                errors.Invalid(Path, new JsonObject
                {
                    ["Type"] = strategy.Text("type") ?? "",
                    ["RollingUpdate"] = strategy.ObjectAt("rollingUpdate") is { } given
                        ? InternalForm.Rolling(given)
                        : null,
                }, "must be 'RollingUpdate' or 'OnDelete'");
                break;
        }
    }

    /// <summary>Mounts may name a claim template; it becomes a volume of the pod.</summary>
    private static void AddClaims(JsonObject item, JsonObject spec)
    {
        if (spec["volumes"] is not JsonArray volumes)
            spec["volumes"] = volumes = [];
        foreach (var claim in item.ObjectsAt("spec", "volumeClaimTemplates"))
        {
            if (!spec.ObjectsAt("volumes").Any(v => v.Text("name") == claim.Name()))
                volumes.Add((JsonNode)new JsonObject { ["name"] = claim.Name() });
        }
    }
}
