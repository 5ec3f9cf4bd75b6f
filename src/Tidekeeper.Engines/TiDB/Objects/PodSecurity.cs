using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// Every pod fits the Pod Security Standard "restricted", unless the user's own fields ask for more. The database
/// images start as root only because nothing tells them otherwise; with a group that owns the volumes they run as
/// anybody (docs/decisions/0003-pods-run-without-root.md).
/// </summary>
internal static class PodSecurity
{
    private const int User = 1000;

    /// <summary>The user's fields go before ours; whoever asks for root gets root.</summary>
    public static JsonObject ForPod(Component component)
    {
        var context = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = User,
            ["runAsGroup"] = User,
            ["fsGroup"] = User,
            ["fsGroupChangePolicy"] = "OnRootMismatch",
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" }
        };
        if (component.PodSecurityContext is not { } wanted)
            return context;
        if (IsZero(wanted["runAsUser"]) || Flag(wanted["runAsNonRoot"]) == false)
        {
            context.Remove("runAsNonRoot");
            context.Remove("runAsUser");
            context.Remove("runAsGroup");
        }

        foreach (var (key, value) in wanted)
            context[key] = value?.DeepClone();

        // With the annotation a container sets the parameters; the kubelet would refuse the unsafe ones among them.
        if (component.UserAnnotations.GetValueOrDefault(Labels.SysctlInit) == "true")
            context.Remove("sysctls");
        return context;
    }

    public static JsonObject ForContainer(JsonObject? wanted = null)
    {
        var context = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") }
        };
        if (Flag(wanted?["privileged"]) == true)
            context.Clear();
        foreach (var (key, value) in wanted ?? [])
            context[key] = value?.DeepClone();
        return context;
    }

    /// <summary>For the one container that sets kernel parameters, which a user has to ask for.</summary>
    public static JsonObject Privileged() => new()
    {
        ["privileged"] = true,
        ["runAsUser"] = 0,
        ["runAsNonRoot"] = false
    };

    /// <summary>Null for what is no flag: the API server refuses that with the field's name.</summary>
    private static bool? Flag(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static bool IsZero(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<int>(out var n) && n == 0;
}
