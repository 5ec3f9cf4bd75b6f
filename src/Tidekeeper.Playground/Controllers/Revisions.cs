using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// The history of a workload's pod template as ControllerRevisions, for StatefulSets and DaemonSets.
/// </summary>
internal sealed class Revisions(Cluster cluster, string apiVersion, string kind)
{
    private readonly Feed _feed = cluster.Feed(Resources.ControllerRevisions);

    /// <summary>A workload's revisions, oldest first.</summary>
    public List<JsonObject> Of(JsonObject owner)
    {
        _feed.Refresh();
        return [.. _feed.ByOwner()[owner.Uid()].OrderBy(r => r.Number("revision") ?? 0)];
    }

    /// <summary>
    /// The revision of the present template: the newest one if it is equal, an older equal one made newest again, or a
    /// new one. A name that is taken by other content raises the collision count.
    /// </summary>
    public JsonObject Current(JsonObject owner, List<JsonObject> history, ref long collisions)
    {
        var data = DataOf(owner);
        var next = (history.Count == 0 ? 0 : history[^1].Number("revision") ?? 0) + 1;
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (!JsonNode.DeepEquals(history[i]["data"], data))
                continue;
            if (i == history.Count - 1)
                return history[i];
            var again = history[i].Copy();
            again["revision"] = next;
            return cluster.ControllerManager.Update(Resources.ControllerRevisions, again);
        }

        for (; ; collisions++)
        {
            var wanted = Compose(owner, data, next, collisions);
            if (_feed.Get(owner.Namespace(), wanted.Name()) is not { } taken)
                return cluster.ControllerManager.Create(Resources.ControllerRevisions, owner.Namespace(), wanted);
            if (JsonNode.DeepEquals(taken["data"], data) && taken.Owner()?.Text("uid") == owner.Uid())
                return taken;
        }
    }

    /// <summary>Deletes the oldest revisions that no pod and no status names, beyond the limit.</summary>
    public void Trim(JsonObject owner, List<JsonObject> history, ISet<string> used, long limit)
    {
        var unused = history.Where(r => !used.Contains(r.Name())).ToList();
        for (var i = 0; i < unused.Count - limit; i++)
        {
            cluster.ControllerManager.Delete(Resources.ControllerRevisions, owner.Namespace(), unused[i].Name(),
                unused[i].Uid());
        }
    }

    /// <summary>The pod template kept in a revision.</summary>
    public static JsonObject TemplateOf(JsonObject revision)
    {
        var template = revision.ObjectAt("data", "spec", "template")!.Copy();
        template.Remove("$patch");
        return template;
    }

    private static JsonObject DataOf(JsonObject owner)
    {
        var template = new JsonObject { ["$patch"] = "replace" };
        foreach (var (field, value) in owner.ObjectAt("spec", "template") ?? [])
            template[field] = value?.DeepClone();
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = template } };
    }

    private JsonObject Compose(JsonObject owner, JsonObject data, long revision, long collisions)
    {
        var hash = SafeHash.Of(data, collisions);
        var labels = owner.ObjectAt("spec", "template", "metadata", "labels")?.Copy() ?? [];
        labels["controller.kubernetes.io/hash"] = hash;
        var metadata = new JsonObject
        {
            ["name"] = $"{owner.Name()}-{hash}",
            ["namespace"] = owner.Namespace(),
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(apiVersion, kind, owner)),
        };
        if (owner.ObjectAt("metadata", "annotations") is { } annotations)
            metadata["annotations"] = annotations.DeepClone();
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ControllerRevision",
            ["metadata"] = metadata,
            ["data"] = data.DeepClone(),
            ["revision"] = revision,
        };
    }
}
