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

    private static void Validate(JsonObject item, FieldErrors errors)
    {
        PodSpecValidation.ValidateSelector(item, errors);
        var withClaims = item.Copy();
        if (withClaims.ObjectAt("spec", "template", "spec") is { } spec)
            AddClaims(withClaims, spec);
        PodSpecValidation.ValidateTemplate(withClaims, errors, "Always");
        if (item.Number("spec", "replicas") is < 0 and var replicas)
            errors.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
        if (item.Text("spec", "podManagementPolicy") is not ("OrderedReady" or "Parallel"))
        {
            errors.Unsupported("spec.podManagementPolicy", item.Text("spec", "podManagementPolicy"),
                "OrderedReady", "Parallel");
        }

        if (item.Text("spec", "updateStrategy", "type") is not ("OnDelete" or "RollingUpdate"))
        {
            errors.Invalid("spec.updateStrategy", item.Text("spec", "updateStrategy", "type"),
                "must be 'RollingUpdate' or 'OnDelete'");
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
