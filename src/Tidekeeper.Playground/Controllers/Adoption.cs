using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Takes over pods that nobody owns and that a workload's selector matches, and lets go of owned ones that it no
/// longer matches. Never touches what another controller owns, nor what is being deleted.
/// </summary>
internal sealed class Adoption(Cluster cluster, Feed objects, string apiVersion, string kind)
{
    private readonly Feed.Index _orphans = objects.By("orphan", o => o.Owner() is null ? o.Namespace() : null);

    /// <returns>Whether anything was changed: then the caller looks again.</returns>
    public bool AdoptMatching(JsonObject owner, Func<JsonObject, bool>? fits = null)
    {
        var changed = false;
        var selector = owner.At("spec", "selector");
        foreach (var orphan in _orphans[owner.Namespace()].ToList())
        {
            if (orphan.IsTerminating() || !selector.Selects(orphan) || fits?.Invoke(orphan) == false)
                continue;
            var adopted = orphan.Copy();
            if (adopted.At("metadata", "ownerReferences") is not JsonArray owners)
                adopted["metadata"]!["ownerReferences"] = owners = [];
            owners.Add((JsonNode)PodTemplate.OwnerReference(apiVersion, kind, owner));
            cluster.ControllerManager.Update(objects.Resource, adopted);
            changed = true;
        }

        foreach (var owned in objects.ByOwner()[owner.Uid()].ToList())
        {
            if (owned.IsTerminating() || selector.Selects(owned))
                continue;
            var released = owned.Copy();
            var owners = (JsonArray)released["metadata"]!["ownerReferences"]!;
            owners.Remove(owners.First(r => r.Text("uid") == owner.Uid()));
            if (owners.Count == 0)
                released["metadata"]!.AsObject().Remove("ownerReferences");
            cluster.ControllerManager.Update(objects.Resource, released);
            changed = true;
        }

        return changed;
    }
}
