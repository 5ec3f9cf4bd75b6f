using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Housekeeping;

/// <summary>
/// Deletes what no living owner holds, orphans what is to be kept, and lets foreground deletions end. It is an actor
/// of its own, so that the simulation can let it be late: there are bugs that only a late collector shows.
/// </summary>
public sealed class GarbageCollector(ApiServer api) : IActor
{
    private const string Orphan = "orphan";
    private const string Foreground = "foregroundDeletion";

    private readonly ApiClient _client = new(api, "kube-controller-manager");
    private readonly ResourceFeed _feed = new(api.Store);
    private readonly Dependents _dependents = new();
    private readonly SortedSet<StoredPlace> _suspects = [];

    public string Name => "garbage-collector";

    public bool SeesOnlyApi => true;

    public bool Notices() => _feed.HasNews;

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        if (!_feed.HasNews)
            return null;
        Learn();
        foreach (var place in _suspects.ToList())
        {
            _suspects.Remove(place);
            if (api.Store.Get(place.Resource, place.Namespace, place.Name) is { } item)
                Judge(place, item);
        }

        return null;
    }

    private void Learn()
    {
        if (_feed.Take() is not { } changes)
        {
            LearnAnew();
            return;
        }

        foreach (var change in changes)
        {
            var place = new StoredPlace(change.Resource, change.Key);
            var isGone = change.Type == StoreEventType.Deleted;
            _dependents.Move(place, change.Previous, isGone ? null : change.Object);
            if (Concerns(change.Object))
                _suspects.Add(place);
            if (isGone || change.Object.IsBeingDeleted())
                _suspects.UnionWith(_dependents.Of(change.Object.Uid()));

            // An owner that waits for its dependents is looked at again when one of them goes.
            if (!isGone)
                continue;
            foreach (var owner in change.Object.ObjectsAt("metadata", "ownerReferences"))
            {
                if (Find(change.Object, owner) is { } found)
                    _suspects.Add(found.Place);
            }
        }
    }

    private void LearnAnew()
    {
        _dependents.Clear();
        foreach (var resource in api.Store.Resources.ToList())
        {
            foreach (var (key, item) in api.Store.Scan(resource, null, ""))
            {
                var place = new StoredPlace(resource, key);
                _dependents.Move(place, null, item);
                if (Concerns(item))
                    _suspects.Add(place);
            }
        }
    }

    private static bool Concerns(JsonObject item) =>
        item.ArrayAt("metadata", "ownerReferences") is { Count: > 0 } || Waits(item, Orphan) || Waits(item, Foreground);

    private void Judge(StoredPlace place, JsonObject item)
    {
        if (Waits(item, Orphan))
            Release(place, item);
        else if (Waits(item, Foreground))
            FinishForeground(place, item);
        if (api.Store.Get(place.Resource, place.Namespace, place.Name) is { } now && now.Uid() == item.Uid())
            CheckOwners(place, now);
    }

    private void CheckOwners(StoredPlace place, JsonObject item)
    {
        var references = item.ObjectsAt("metadata", "ownerReferences").ToList();
        if (references.Count == 0 || item.IsBeingDeleted())
            return;
        var solid = new List<JsonObject>();
        var isAwaited = false;
        foreach (var reference in references)
        {
            if (!CanBeFound(reference))
                solid.Add(reference);
            else if (Find(item, reference) is { } owner)
            {
                if (Waits(owner.Item, Foreground) && reference.Flag("blockOwnerDeletion") == true)
                    isAwaited = true;
                else
                    solid.Add(reference);
            }
        }

        if (solid.Count == references.Count)
            return;
        if (solid.Count > 0)
            Write(place, item, metadata => Own(metadata, solid));
        else
        {
            var policy = Has(item, Orphan) ? "Orphan"
                : Has(item, Foreground) || (isAwaited && _dependents.Of(item.Uid()).Count > 0) ? "Foreground"
                : "Background";
            Delete(place, item, policy);
        }
    }

    /// <summary>The owner goes and its dependents stay: they forget it, then it may go.</summary>
    private void Release(StoredPlace place, JsonObject owner)
    {
        foreach (var each in _dependents.Of(owner.Uid()))
        {
            if (api.Store.Get(each.Resource, each.Namespace, each.Name) is not { } item)
                continue;
            var others = item.ObjectsAt("metadata", "ownerReferences")
                .Where(reference => reference.Text("uid") != owner.Uid()).ToList();
            Write(each, item, metadata => Own(metadata, others));
        }

        DropFinalizer(place, owner, Orphan);
    }

    private void FinishForeground(StoredPlace place, JsonObject owner)
    {
        var isBlocked = false;
        foreach (var each in _dependents.Of(owner.Uid()))
        {
            if (api.Store.Get(each.Resource, each.Namespace, each.Name) is not { } item)
                continue;
            isBlocked |= item.ObjectsAt("metadata", "ownerReferences").Any(reference =>
                reference.Text("uid") == owner.Uid() && reference.Flag("blockOwnerDeletion") == true);
            CheckOwners(each, item);
        }

        if (!isBlocked || _dependents.Of(owner.Uid()).All(IsGone))
            DropFinalizer(place, owner, Foreground);
    }

    private bool IsGone(StoredPlace place) => api.Store.Get(place.Resource, place.Namespace, place.Name) is null;

    private void DropFinalizer(StoredPlace place, JsonObject item, string finalizer) =>
        Write(place, item, metadata => metadata["finalizers"] = new JsonArray(
            [.. item.TextsAt("metadata", "finalizers").Where(each => each != finalizer)
                .Select(each => (JsonNode)each)]));

    private void Write(StoredPlace place, JsonObject item, Action<JsonObject> change)
    {
        var changed = item.Copy();
        change(changed.Metadata());
        Try(place, resource => _client.Update(resource, changed));
    }

    private void Delete(StoredPlace place, JsonObject item, string propagation) =>
        Try(place, resource => _client.Delete(resource, place.Namespace, place.Name, item.Uid(), null, propagation));

    /// <summary>A refusal means that the object changed or goes: its next event brings it here again.</summary>
    private void Try(StoredPlace place, Action<string> write)
    {
        var type = api.Catalog.All.FirstOrDefault(each => each.GroupResource == place.Resource);
        if (type is null)
            return;
        try
        {
            write(type.Path);
        }
        catch (ApiFault fault) when (fault.Code is 404 or 409 or 422)
        {
            _ = fault;
        }
    }

    private bool CanBeFound(JsonObject reference) =>
        api.Catalog.FindKind(reference.Text("apiVersion") ?? "", reference.Kind()) is not null;

    private (StoredPlace Place, JsonObject Item)? Find(JsonObject dependent, JsonObject reference)
    {
        if (api.Catalog.FindKind(reference.Text("apiVersion") ?? "", reference.Kind()) is not { } type)
            return null;
        var ns = type.Namespaced ? dependent.Namespace() : null;
        var name = reference.Text("name") ?? "";
        return api.Store.Get(type.GroupResource, ns, name) is { } owner && owner.Uid() == reference.Text("uid")
            ? (new StoredPlace(type.GroupResource, ObjectStore.Key(ns, name)), owner)
            : null;
    }

    private static bool Waits(JsonObject item, string finalizer) => item.IsBeingDeleted() && Has(item, finalizer);

    private static bool Has(JsonObject item, string finalizer) =>
        item.TextsAt("metadata", "finalizers").Contains(finalizer);

    /// <summary>With the last owner the field goes, and with it the claim to it in managedFields.</summary>
    private static void Own(JsonObject metadata, List<JsonObject> owners)
    {
        metadata.Remove("ownerReferences");
        if (owners.Count > 0)
            metadata["ownerReferences"] = new JsonArray([.. owners.Select(each => (JsonNode)each.Copy())]);
    }
}
