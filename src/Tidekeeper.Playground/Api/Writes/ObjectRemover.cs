using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Kinds;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>
/// Deletion: at once, or by marking the object and waiting for finalizers, for a pod's grace period, or for a
/// namespace's content. What depends on the object is left to the garbage collector.
/// </summary>
internal sealed class ObjectRemover(ApiServer api)
{
    private const string Orphan = "orphan";
    private const string Foreground = "foregroundDeletion";

    /// <summary>The object as it is now, and whether it is gone from the store.</summary>
    public (JsonObject Item, bool Gone) Delete(WriteCall call, DeleteOptions options)
    {
        var type = call.Type;
        var old = api.Store.Get(type.GroupResource, call.Namespace, call.Name!)
            ?? throw ApiFault.NotFound(type, call.Name!);
        CheckPreconditions(type, old, options);
        if (type is { Group: "", Plural: "namespaces" })
            return DeleteNamespace(call, old);

        var item = old.Copy();
        SetPropagation(type, item, options);
        var hasNoGrace = !old.IsBeingDeleted() && KindRules.For(type).PrepareDelete(item, new KindContext(api));
        var waits = item.ArrayAt("metadata", "finalizers") is { Count: > 0 };
        var isPod = type is { Group: "", Plural: "pods" };
        var grace = isPod ? Grace(item, options) : 0;
        if (!waits && grace == 0 && !isPod)
            return (Remove(call, item), true);

        if (!old.IsBeingDeleted())
            Mark(item, hasNoGrace ? null : grace);
        else if (isPod)
            Shorten(item, grace);
        MetadataForm.Tidy(item);
        if (!ObjectFields.Same(item, old) && !call.DryRun)
            item = api.Store.Put(type.GroupResource, call.Namespace, call.Name!, item);
        if (waits || grace > 0)
            return (item, false);
        Remove(call, item);
        return (item, true);
    }

    private static void CheckPreconditions(ResourceType type, JsonObject old, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != old.Uid())
        {
            throw ApiFault.Precondition(type, old.Name(), $"the UID in the precondition ({uid}) does not match the UID"
                + $" in record ({old.Uid()}). The object might have been deleted and then recreated");
        }

        if (options.ResourceVersion is { } version && version != old.Text("metadata", "resourceVersion"))
        {
            throw ApiFault.Precondition(type, old.Name(), $"the ResourceVersion in the precondition ({version}) does"
                + $" not match the ResourceVersion in record ({old.ResourceVersion()}). The object might have been"
                + " modified");
        }
    }

    private static void SetPropagation(ResourceType type, JsonObject item, DeleteOptions options)
    {
        var before = item.TextsAt("metadata", "finalizers").ToList();
        var wanted = options.Propagation switch
        {
            "Orphan" => [Orphan],
            "Foreground" => [Foreground],
            "Background" => [],
            _ when before.Contains(Orphan) || before.Contains(Foreground) => before.Where(IsPropagation),
            _ when type is { Group: "batch", Plural: "jobs" } or { Group: "", Plural: "replicationcontrollers" } =>
                (IEnumerable<string>)[Orphan],
            _ => [],
        };
        string[] after = [.. before.Where(each => !IsPropagation(each)), .. wanted];
        if (!after.SequenceEqual(before))
            item.Metadata()["finalizers"] = new JsonArray([.. after.Select(each => (JsonNode)each)]);
    }

    private static bool IsPropagation(string finalizer) => finalizer is Orphan or Foreground;

    /// <summary>A pod that runs nowhere, or no more, needs no time to stop.</summary>
    private static long Grace(JsonObject pod, DeleteOptions options)
    {
        if (string.IsNullOrEmpty(pod.Text("spec", "nodeName"))
            || pod.Text("status", "phase") is "Succeeded" or "Failed")
            return 0;
        return Math.Max(0, options.GraceSeconds ?? pod.Number("spec", "terminationGracePeriodSeconds") ?? 30);
    }

    private void Mark(JsonObject item, long? grace)
    {
        var metadata = item.Metadata();
        metadata["deletionTimestamp"] = JsonText.Moment(api.Time.GetUtcNow().AddSeconds(grace ?? 0));
        if (grace is not null)
            metadata["deletionGracePeriodSeconds"] = grace;
        if (grace is not null && item.Number("metadata", "generation") is { } generation)
            metadata["generation"] = generation + 1;
    }

    private void Shorten(JsonObject item, long grace)
    {
        if (item.Number("metadata", "deletionGracePeriodSeconds") is not { } before || grace >= before)
            return;
        var metadata = item.Metadata();
        metadata["deletionGracePeriodSeconds"] = grace;
        var began = JsonText.ReadMoment(metadata.Text("deletionTimestamp"))?.AddSeconds(-before)
            ?? api.Time.GetUtcNow();
        metadata["deletionTimestamp"] = JsonText.Moment(began.AddSeconds(grace));
        if (item.Number("metadata", "generation") is { } generation)
            metadata["generation"] = generation + 1;
    }

    private (JsonObject Item, bool Gone) DeleteNamespace(WriteCall call, JsonObject old)
    {
        var isHeld = old.ArrayAt("spec", "finalizers") is { Count: > 0 };
        if (old.IsBeingDeleted() && isHeld)
            return (old, false);

        if (call.Name is "default" or "kube-system" or "kube-public")
            throw ApiFault.Forbidden(call.Type, call.Name, "this namespace may not be deleted");
        if (!isHeld)
            return (Remove(call, old), true);
        var item = old.Copy();
        Mark(item, null);
        item.Section("status")["phase"] = "Terminating";
        MetadataForm.Tidy(item);
        return (call.DryRun ? item : api.Store.Put("namespaces", null, call.Name!, item), false);
    }

    private JsonObject Remove(WriteCall call, JsonObject item)
    {
        if (!call.DryRun)
            api.Store.Remove(call.Type.GroupResource, call.Namespace, call.Name!, item);
        return item;
    }
}
