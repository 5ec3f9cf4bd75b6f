using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
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
    private bool _isRegistered;

    /// <summary>After a pause the node is announced again at once.</summary>
    public void Reset() => (_next, _isRegistered) = (null, false);

    public DateTimeOffset Beat(DateTimeOffset now)
    {
        if (_next is { } due && due > now)
            return due;
        var api = cluster.Kubelet;
        if (Register(api) is not { } node)
        {
            _next = now + Period;
            return now + Period;
        }

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

    /// <summary>
    /// A kubelet makes its Node when it starts, or completes one that is there. It does not make it again when
    /// somebody deletes it: null until the next start.
    /// </summary>
    private JsonObject? Register(ApiClient api)
    {
        var known = api.Get(Resources.Nodes, null, spec.Name);
        if (_isRegistered)
            return known;
        var own = spec.ToObject();
        if (known is null)
        {
            known = api.Create(Resources.Nodes, null, own);
        }
        else if (own.Pairs("metadata", "labels").Any(l => known.Label(l.Key) is null))
        {
            var completed = known.Copy();
            foreach (var (label, value) in own.Pairs("metadata", "labels"))
                completed.Ensure("metadata", "labels")[label] = value;
            known = api.Update(Resources.Nodes, completed);
        }

        _isRegistered = true;
        return known;
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
