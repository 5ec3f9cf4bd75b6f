using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>What controllers ask about a pod, in the words of the Kubernetes documentation.</summary>
internal static class PodFacts
{
    public static string Phase(this JsonObject pod) => pod.Text("status", "phase") ?? "Pending";

    public static bool IsFinished(this JsonObject pod) => pod.Phase() is "Succeeded" or "Failed";

    public static JsonObject? Condition(this JsonObject o, string type) =>
        o.ObjectsAt("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    public static bool IsReady(this JsonObject pod) => pod.Condition("Ready")?.Text("status") == "True";

    public static bool IsRunningAndReady(this JsonObject pod) => pod.Phase() == "Running" && pod.IsReady();

    /// <summary>Since when the pod has been available, or will be; null when it is not ready.</summary>
    public static DateTimeOffset? AvailableAt(this JsonObject pod, long minReadySeconds) =>
        pod.IsReady() && pod.Condition("Ready")!.Moment("lastTransitionTime") is { } since
            ? since.AddSeconds(minReadySeconds)
            : null;

    public static bool IsAvailable(this JsonObject pod, long minReadySeconds, DateTimeOffset now) =>
        pod.IsReady() && (minReadySeconds == 0 || pod.AvailableAt(minReadySeconds) <= now);

    /// <summary>Neither finished nor being deleted: what controllers call active.</summary>
    public static bool IsActive(this JsonObject pod) => !pod.IsFinished() && !pod.IsTerminating();
}
