using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>What the scheduler writes: bindings, the PodScheduled condition and events.</summary>
internal sealed class SchedulingNotes(Cluster cluster)
{
    private readonly EventRecorder _events =
        new(cluster.Scheduler, Scheduler.DefaultName, cluster.World.Time.GetUtcNow);

    public void Bind(JsonObject pod, string node)
    {
        cluster.Scheduler.Bind(pod.Namespace() ?? "", pod.Name(), node);
        _events.Pod(pod, "Normal", "Scheduled",
            $"Successfully assigned {pod.Namespace()}/{pod.Name()} to {node}");
    }

    /// <summary>Says why, once for each new reason.</summary>
    public void Unschedulable(JsonObject pod, string why, DateTimeOffset now)
    {
        var before = pod.Condition("PodScheduled");
        if (before?.Text("message") == why && before.Text("status") == "False")
            return;
        var changed = pod.Copy();
        var conditions = changed.Ensure("status").ObjectsAt("conditions").Select(c => c.Copy())
            .Where(c => c.Text("type") != "PodScheduled").ToList();
        var since = before?.Text("status") == "False" ? before.Text("lastTransitionTime") : null;
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["observedGeneration"] = pod.Number("metadata", "generation") ?? 1,
            ["status"] = "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since ?? now.Stamp(),
            ["reason"] = "Unschedulable",
            ["message"] = why,
        });
        changed["status"]!["conditions"] = new JsonArray([.. conditions]);
        cluster.Scheduler.UpdateStatus(Resources.Pods, changed);
        _events.Pod(pod, "Warning", "FailedScheduling", why);
    }
}
