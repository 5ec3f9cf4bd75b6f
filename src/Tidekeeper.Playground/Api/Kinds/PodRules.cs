using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Admission;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// Pods: defaults, what admission adds (service account, tolerations, priority), and what may not change.
/// </summary>
internal sealed class PodRules : IKindRules
{
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    public string GroupKind => "Pod";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        PodSpecDefaults.FillPod(spec);
        PodSpecDefaults.Set(spec, "enableServiceLinks", true);
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        var spec = item.Section("spec");
        if (PodAdmission.TakeAccount(item, context))
            MountToken(spec, context);
        Tolerate(spec, "node.kubernetes.io/not-ready");
        Tolerate(spec, "node.kubernetes.io/unreachable");
        PodAdmission.TakePriority(item, context);
        item["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService(spec) };
        if (spec.ArrayAt("schedulingGates") is { Count: > 0 })
        {
            item["status"]!["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["lastProbeTime"] = null,
                ["lastTransitionTime"] = null,
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }
    }

    public void PrepareUpdate(JsonObject item, JsonObject old, KindContext context)
    {
        Tolerate(item.Section("spec"), "node.kubernetes.io/not-ready");
        Tolerate(item.Section("spec"), "node.kubernetes.io/unreachable");
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item["spec"] is JsonObject spec)
            PodSpecValidation.Validate(spec, "spec", errors);
        if (item.Text("spec", "nodeName") is { Length: > 0 }
            && item.ArrayAt("spec", "schedulingGates") is { Count: > 0 })
            errors.Forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) =>
        PodUpdateValidation.Check(item, old, errors);

    private static void MountToken(JsonObject spec, KindContext context)
    {
        var containers = spec.ObjectsAt("initContainers").Concat(spec.ObjectsAt("containers"))
            .Where(c => !c.ObjectsAt("volumeMounts").Any(m => m.Text("mountPath") == TokenPath)).ToList();
        if (containers.Count == 0)
            return;
        var name = "kube-api-access-" + context.Identifiers.Suffix();
        Append(spec, "volumes", new JsonObject
        {
            ["name"] = name,
            ["projected"] = new JsonObject
            {
                ["sources"] = new JsonArray(
                    Source("serviceAccountToken", new JsonObject { ["expirationSeconds"] = 3607L, ["path"] = "token" }),
                    Source("configMap", new JsonObject
                    {
                        ["name"] = "kube-root-ca.crt",
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    }),
                    Source("downwardAPI", new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject
                            {
                                ["apiVersion"] = "v1",
                                ["fieldPath"] = "metadata.namespace",
                            },
                        }),
                    })),
                ["defaultMode"] = 420L,
            },
        });
        foreach (var container in containers)
        {
            Append(container, "volumeMounts", new JsonObject
            {
                ["name"] = name,
                ["readOnly"] = true,
                ["mountPath"] = TokenPath,
            });
        }
    }

    private static JsonObject Source(string kind, JsonObject source) => new() { [kind] = source };

    private static void Tolerate(JsonObject spec, string key)
    {
        if (spec.ObjectsAt("tolerations").Any(t => (string.IsNullOrEmpty(t.Text("key")) || t.Text("key") == key)
            && t.Text("effect") is null or "" or "NoExecute"))
            return;
        Append(spec, "tolerations", new JsonObject
        {
            ["key"] = key,
            ["operator"] = "Exists",
            ["effect"] = "NoExecute",
            ["tolerationSeconds"] = 300L,
        });
    }

    private static void Append(JsonObject parent, string field, JsonObject item)
    {
        if (parent[field] is not JsonArray list)
            parent[field] = list = [];
        list.Add((JsonNode)item);
    }

    /// <summary>
    /// Guaranteed when every container has equal limits and requests of both; BestEffort when none has any.
    /// </summary>
    private static string QualityOfService(JsonObject spec)
    {
        var containers = spec.ObjectsAt("containers").Concat(spec.ObjectsAt("initContainers")).ToList();
        if (!containers.Exists(c => Asks(c, "requests") || Asks(c, "limits")))
            return "BestEffort";
        return containers.TrueForAll(c => Fixed(c, "cpu") && Fixed(c, "memory")) ? "Guaranteed" : "Burstable";

        static bool Asks(JsonObject container, string kind) =>
            container.At("resources", kind, "cpu") is not null || container.At("resources", kind, "memory") is not null;
        static bool Fixed(JsonObject container, string resource) =>
            container.At("resources", "limits", resource) is { } limit
            && ObjectFields.Same(limit, container.At("resources", "requests", resource));
    }
}
