using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>
/// The filters that look at one node by itself, in the real scheduler's order; the first refusal counts.
/// </summary>
internal static class NodeFit
{
    private static readonly Refusal Unschedulable = Refusal.Final("node(s) were unschedulable");
    private static readonly Refusal Tainted = Refusal.Final("node(s) had untolerated taint(s)");
    private static readonly Refusal Elsewhere = Refusal.Final("node(s) didn't match Pod's node affinity/selector");
    private static readonly Refusal PortTaken =
        Refusal.ForNow("node(s) didn't have free ports for the requested pod ports");

    private static readonly JsonObject UnschedulableTaint = new()
    {
        ["key"] = "node.kubernetes.io/unschedulable",
        ["effect"] = "NoSchedule",
    };

    public static IReadOnlyList<Refusal> Check(JsonObject pod, NodeState node)
    {
        var spec = node.Node!;
        if (spec.IsTrue("spec", "unschedulable") && !Taints.ToleratedBy(pod, UnschedulableTaint))
            return [Unschedulable];
        if (Taints.Repels(spec, pod))
            return [Tainted];
        if (!NodeAffinity.Accepts(pod, spec))
            return [Elsewhere];
        if (HostPorts(pod).Any(p => node.Pods.Any(other => HostPorts(other).Contains(p))))
            return [PortTaken];
        return Resources(pod, node);
    }

    private static List<Refusal> Resources(JsonObject pod, NodeState node)
    {
        var refusals = new List<Refusal>();
        if (node.Pods.Count >= node.Allocatable("pods") / 1000)
            refusals.Add(Refusal.ForNow("Too many pods"));
        foreach (var (resource, amount) in PodRequests.Of(pod))
        {
            if (amount == 0)
                continue;
            var allocatable = node.Allocatable(resource);
            if (amount > allocatable - node.Requested(resource))
                refusals.Add(new Refusal($"Insufficient {resource}", amount <= allocatable));
        }

        return refusals;
    }

    private static IEnumerable<string> HostPorts(JsonObject pod) =>
        pod.ObjectsAt("spec", "containers").SelectMany(c => c.ObjectsAt("ports"))
            .Where(p => p.Number("hostPort") is > 0)
            .Select(p => $"{p.Text("protocol") ?? "TCP"}/{p.Number("hostPort")}");
}
