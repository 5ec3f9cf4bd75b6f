using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>Taints of nodes and tolerations of pods.</summary>
internal static class Taints
{
    public static bool Tolerates(JsonObject toleration, JsonObject taint)
    {
        if (toleration.Text("effect") is { Length: > 0 } effect && effect != taint.Text("effect"))
            return false;
        var key = toleration.Text("key") ?? "";
        if (key.Length > 0 && key != taint.Text("key"))
            return false;
        return toleration.Text("operator") == "Exists"
            || (key.Length > 0 && (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""));
    }

    public static bool ToleratedBy(JsonObject pod, JsonObject taint) =>
        pod.ObjectsAt("spec", "tolerations").Any(t => Tolerates(t, taint));

    /// <summary>A taint that keeps the pod from being scheduled there.</summary>
    public static bool Repels(JsonObject node, JsonObject pod) =>
        node.ObjectsAt("spec", "taints").Any(t =>
            t.Text("effect") is "NoSchedule" or "NoExecute" && !ToleratedBy(pod, t));

    /// <summary>Taints that would rather not have the pod.</summary>
    public static int Reluctance(JsonObject node, JsonObject pod) =>
        node.ObjectsAt("spec", "taints").Count(t => t.Text("effect") == "PreferNoSchedule" && !ToleratedBy(pod, t));
}
