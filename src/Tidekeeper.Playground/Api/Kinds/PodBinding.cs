using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// The binding subresource of pods: the only way in which a pod gets a node. It is the API server that writes the node
/// and the PodScheduled condition, and nobody owns these fields.
/// </summary>
internal static class PodBinding
{
    /// <summary>Throws <see cref="ApiFault"/> when the pod is not there, is another one, or is bound already.</summary>
    public static JsonObject Bind(ApiServer api, string ns, string name, string? uid, string node)
    {
        var type = api.Catalog.Get("v1/pods");
        var pod = api.Store.Get(type.GroupResource, ns, name) ?? throw ApiFault.NotFound(type, name);
        if (uid is { Length: > 0 } && uid != pod.Uid())
        {
            throw ApiFault.Conflict(type, name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {pod.Uid()}");
        }

        if (pod.IsBeingDeleted())
            throw ApiFault.Conflict(type, name, $"pod {name} is being deleted, cannot be assigned to a host");
        if (pod.Text("spec", "nodeName") is { Length: > 0 } taken)
            throw ApiFault.Conflict(type, name, $"pod {name} is already assigned to node \"{taken}\"");

        var bound = pod.Copy();
        bound.Section("spec")["nodeName"] = node;
        var status = bound.Section("status");
        var conditions = bound.ObjectsAt("status", "conditions").Where(c => c.Text("type") != "PodScheduled")
            .Select(c => c.Copy()).ToList();
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["observedGeneration"] = pod.Number("metadata", "generation") ?? 1,
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = JsonText.Moment(api.Time.GetUtcNow()),
        });
        status["conditions"] = new JsonArray([.. conditions]);
        return api.Store.Put(type.GroupResource, ns, name, bound);
    }
}
