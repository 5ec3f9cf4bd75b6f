using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>Composes a pod's status from its containers, in the shape and order of a real kubelet.</summary>
internal static class PodStatus
{
    private static readonly string[] Own =
        ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

    public static JsonObject Compose(JsonObject pod, PodState state, DateTimeOffset now)
    {
        var status = new JsonObject
        {
            ["observedGeneration"] = pod.Number("metadata", "generation") ?? 1,
            ["phase"] = state.Phase,
            ["conditions"] = Conditions(pod, state, now),
        };
        if (state.Reason is not null)
            status["reason"] = state.Reason;
        if (state.Message is not null)
            status["message"] = state.Message;
        status["hostIP"] = state.HostAddress;
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = state.HostAddress });
        if (state.Address is { } address)
        {
            status["podIP"] = address;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        }

        status["startTime"] = state.StartTime.Stamp();
        if (state.Inits.Count > 0)
            status["initContainerStatuses"] = new JsonArray([.. state.Inits.Select(Container)]);
        status["containerStatuses"] = new JsonArray([.. state.Mains.Select(Container)]);
        status["qosClass"] = pod.Text("status", "qosClass") ?? "BestEffort";
        return status;
    }

    private static JsonArray Conditions(JsonObject pod, PodState state, DateTimeOffset now)
    {
        var unready = state.Mains.Where(c => !c.IsReady).Select(c => c.Name).ToList();
        var uninitialized = state.Inits.Where(c => c.IsSidecar ? !c.HasStarted : !c.Succeeded)
            .Select(c => c.Name).ToList();
        var gated = pod.ObjectsAt("spec", "readinessGates")
            .Any(g => pod.Condition(g.Text("conditionType") ?? "")?.Text("status") != "True");
        var done = state.Phase == "Succeeded";
        var why = $"containers with unready status: [{string.Join(' ', unready)}]";
        var notReady = done ? ("PodCompleted", (string?)null)
            : state.Phase == "Failed" ? ("PodFailed", null)
            : unready.Count > 0 ? ("ContainersNotReady", why)
            : gated ? ("ReadinessGatesNotReady", "the status of a pod readiness gate is not \"True\"")
            : ((string, string?)?)null;
        var conditions = new List<JsonObject>
        {
            Condition("PodReadyToStartContainers", state.Address is not null && state.Phase != "Failed" && !done, null),
            Condition("Initialized", uninitialized.Count == 0 || done, uninitialized.Count == 0 || done
                ? done ? ("PodCompleted", null) : null
                : ("ContainersNotInitialized",
                    $"containers with incomplete status: [{string.Join(' ', uninitialized)}]")),
            Condition("Ready", notReady is null, notReady),
            Condition("ContainersReady", !done && state.Phase != "Failed" && unready.Count == 0,
                notReady is { Item1: "ReadinessGatesNotReady" } ? null : notReady),
        };
        conditions.AddRange(pod.ObjectsAt("status", "conditions")
            .Where(c => !Own.Contains(c.Text("type"), StringComparer.Ordinal)).Select(c => c.Copy()));
        return new JsonArray([.. conditions]);

        JsonObject Condition(string type, bool holds, (string Reason, string? Message)? unmet)
        {
            var text = holds ? "True" : "False";
            var before = pod.Condition(type);
            var condition = new JsonObject
            {
                ["type"] = type,
                ["observedGeneration"] = pod.Number("metadata", "generation") ?? 1,
                ["status"] = text,
                ["lastProbeTime"] = null,
                ["lastTransitionTime"] = before?.Text("status") == text
                    ? before.Text("lastTransitionTime")
                    : now.Stamp(),
            };
            if (unmet is { } reason && (!holds || done))
            {
                condition["reason"] = reason.Reason;
                if (reason.Message is not null)
                    condition["message"] = reason.Message;
            }

            return condition;
        }
    }

    private static JsonObject Container(ContainerRun run)
    {
        var status = new JsonObject
        {
            ["name"] = run.Name,
            ["state"] = State(run),
            ["lastState"] = (run.IsBackingOff ? run.Ended : run.EndedBefore) is { } before
                ? new JsonObject { ["terminated"] = before.DeepClone() }
                : new JsonObject(),
            ["ready"] = run.IsInit && !run.IsSidecar ? run.Succeeded : run.IsReady,
            ["restartCount"] = run.Restarts,
            ["image"] = run.Spec.Text("image"),
            ["imageID"] = run.Id.Length > 0 ? run.Spec.Text("image") : "",
        };
        if (run.Id.Length > 0)
            status["containerID"] = run.Id;
        status["started"] = run.HasStarted;
        if (run.Spec.ObjectAt("resources", "requests") is { Count: > 0 } requests)
            status["allocatedResources"] = requests.DeepClone();
        if (run.Id.Length > 0)
        {
            status["resources"] = run.Spec["resources"]?.DeepClone() ?? new JsonObject();
            var mounts = run.Spec.ObjectsAt("volumeMounts").Select(Mount).ToArray<JsonNode>();
            if (mounts.Length > 0)
                status["volumeMounts"] = new JsonArray(mounts);
        }

        return status;
    }

    private static JsonObject State(ContainerRun run)
    {
        if (run.IsRunning)
            return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = run.StartedAt.Stamp() } };
        if (run.Ended is { } ended && !run.IsBackingOff)
            return new JsonObject { ["terminated"] = ended.DeepClone() };
        var waiting = new JsonObject { ["reason"] = run.Waiting.Reason };
        if (run.Waiting.Message is { } message)
            waiting["message"] = message;
        return new JsonObject { ["waiting"] = waiting };
    }

    private static JsonObject Mount(JsonObject mount)
    {
        var shown = new JsonObject { ["name"] = mount.Text("name"), ["mountPath"] = mount.Text("mountPath") };
        if (mount.IsTrue("readOnly"))
        {
            shown["readOnly"] = true;
            shown["recursiveReadOnly"] = "Disabled";
        }

        return shown;
    }
}

/// <summary>What a pod's status is made of.</summary>
internal sealed record PodState(IReadOnlyList<ContainerRun> Inits, IReadOnlyList<ContainerRun> Mains)
{
    public required string Phase { get; init; }
    public required string HostAddress { get; init; }
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Null until the pod's network exists.</summary>
    public string? Address { get; init; }

    public string? Reason { get; init; }
    public string? Message { get; init; }
}
