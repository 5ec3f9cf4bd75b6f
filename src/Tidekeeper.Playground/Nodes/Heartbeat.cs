using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Registers a node and keeps saying that it is alive: by its Lease, and by its conditions when they changed.
/// </summary>
internal sealed class Heartbeat(Cluster cluster, NodeSpec spec, string address)
{
    private const string LeaseNamespace = "kube-node-lease";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private DateTimeOffset? _next;

    /// <summary>After a pause the node is announced again at once.</summary>
    public void Reset() => _next = null;

    public DateTimeOffset Beat(DateTimeOffset now)
    {
        if (_next is { } due && due > now)
            return due;
        var api = cluster.Kubelet;
        var node = api.Get(Resources.Nodes, null, spec.Name) ?? api.Create(Resources.Nodes, null, spec.ToObject());
        if (!SaysReady(node))
        {
            var status = spec.Status(address, now);
            var changed = node.Copy();
            foreach (var (field, value) in status)
                changed.Ensure("status")[field] = value?.DeepClone();
            node = api.UpdateStatus(Resources.Nodes, changed);
        }

        Renew(node, now);
        _next = now + Period;
        return now + Period;
    }

    private bool SaysReady(JsonObject node) =>
        node.Condition("Ready")?.Text("status") == "True"
        && node.Text("status", "capacity", "cpu") == spec.Cpu
        && node.Text("status", "capacity", "memory") == spec.Memory;

    private void Renew(JsonObject node, DateTimeOffset now)
    {
        var api = cluster.Kubelet;
        if (api.Get(Resources.Leases, LeaseNamespace, spec.Name) is { } lease)
        {
            var renewed = lease.Copy();
            renewed.Ensure("spec")["renewTime"] = now.MicroStamp();
            api.Update(Resources.Leases, renewed);
            return;
        }

        api.Create(Resources.Leases, LeaseNamespace, new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject
            {
                ["name"] = spec.Name,
                ["namespace"] = LeaseNamespace,
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Node",
                    ["name"] = spec.Name,
                    ["uid"] = node.Uid(),
                }),
            },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = spec.Name,
                ["leaseDurationSeconds"] = 40L,
                ["renewTime"] = now.MicroStamp(),
            },
        });
    }
}
