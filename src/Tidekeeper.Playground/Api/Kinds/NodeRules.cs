using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Nodes: a new one is not ready, and what identifies one does not change.</summary>
internal sealed class NodeRules : IKindRules
{
    private const string NotReady = "node.kubernetes.io/not-ready";

    private static readonly string[] Information =
    [
        "machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion", "kubeletVersion",
        "kubeProxyVersion", "operatingSystem", "architecture",
    ];

    public string GroupKind => "Node";

    public void Default(JsonObject item)
    {
        if (item.Text("spec", "podCIDR") is { Length: > 0 } range && item.At("spec", "podCIDRs") is null)
            item.Section("spec")["podCIDRs"] = new JsonArray(range);
        var status = item.Section("status");
        var endpoint = status.Section("daemonEndpoints").Section("kubeletEndpoint");
        if (endpoint["Port"] is null)
            endpoint["Port"] = 0L;
        var information = status.Section("nodeInfo");
        foreach (var field in Information)
        {
            if (information[field] is null)
                information[field] = "";
        }
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        Default(item);
        var isReady = item.ObjectsAt("status", "conditions")
            .Any(each => each.Text("type") == "Ready" && each.Text("status") == "True");
        if (isReady || item.ObjectsAt("spec", "taints").Any(each => each.Text("key") == NotReady))
            return;
        if (item.Section("spec")["taints"] is not JsonArray taints)
            item.Section("spec")["taints"] = taints = [];
        taints.Add((JsonNode)new JsonObject { ["key"] = NotReady, ["effect"] = "NoSchedule" });
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, taint) in item.ObjectsAt("spec", "taints").Index())
        {
            var path = $"metadata.taints[{at}]";
            NameRules.CheckQualified(taint.Text("key") ?? "", path + ".key", errors);
            NameRules.CheckLabelValue(taint.Text("value") ?? "", path + ".value", errors);
            var effect = taint.Text("effect") ?? "";
            if (effect.Length == 0)
                errors.Required(path + ".effect");
            else if (effect is not ("NoSchedule" or "PreferNoSchedule" or "NoExecute"))
                errors.Unsupported(path + ".effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
            if (!seen.Add($"{taint.Text("key")}:{effect}"))
            {
                var text = InternalForm.Taint(taint).ToJsonString(Schemas.RelaxedJson.Options);
                errors.Add(new Schemas.FieldError(path, "FieldValueDuplicate",
                    $"Duplicate value: {text}: taints must be unique by key and effect pair"));
            }
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        var before = old.Text("spec", "providerID") ?? "";
        var isMoved = before.Length > 0 && before != item.Text("spec", "providerID");
        if (isMoved)
        {
            errors.Forbidden("spec.providerID",
                "node updates may not change providerID except from \"\" to valid");
        }

        var range = old.Text("spec", "podCIDR") ?? "";
        if (isMoved || (range.Length > 0 && range != item.Text("spec", "podCIDR")))
        {
            errors.Forbidden("[]", "node updates may only change labels, taints, or capacity (or configSource, if the"
                + " DynamicKubeletConfig feature gate is enabled)");
        }
    }
}
