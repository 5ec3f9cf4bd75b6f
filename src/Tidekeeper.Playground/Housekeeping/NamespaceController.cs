using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Housekeeping;

/// <summary>
/// Empties namespaces that are being deleted, says in their status what still holds them, and lets them go.
/// </summary>
public sealed class NamespaceController(ApiServer api) : IActor
{
    // The pace of the real controller: it waits before it begins, and as long again before it looks once more.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ApiClient _client = new(api, "kube-controller-manager");
    private readonly SortedDictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);
    private long _seen = -1;

    public string Name => "namespace-controller";

    public bool SeesOnlyApi => true;

    public bool Notices() => _client.Revision("v1/namespaces") != _seen;

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        Notice(now);
        foreach (var (name, due) in _due.ToList())
        {
            if (due <= now && !Empty(name))
                _due[name] = now + Pause;
            else if (due <= now)
                _due.Remove(name);
        }

        return _due.Count == 0 ? null : _due.Values.Min();
    }

    private void Notice(DateTimeOffset now)
    {
        var revision = _client.Revision("v1/namespaces");
        if (revision == _seen)
            return;
        _seen = revision;
        foreach (var item in _client.List("v1/namespaces"))
        {
            if (item.IsBeingDeleted())
                _due.TryAdd(item.Name(), now + Pause);
        }
    }

    /// <summary>Deletes all content; true when the namespace is gone too.</summary>
    private bool Empty(string ns)
    {
        if (_client.Get("v1/namespaces", null, ns) is not { } item)
            return true;
        if (!item.IsBeingDeleted())
            return true;
        var left = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var held = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var type in api.Catalog.All.Where(each => each.Namespaced).DistinctBy(each => each.GroupResource))
        {
            foreach (var each in _client.List(type.Path, ns))
                Delete(type, each);
            foreach (var each in _client.List(type.Path, ns))
            {
                var resource = type.Group.Length == 0 ? type.Plural + "." : type.GroupResource;
                left[resource] = left.GetValueOrDefault(resource) + 1;
                foreach (var finalizer in each.TextsAt("metadata", "finalizers"))
                    held[finalizer] = held.GetValueOrDefault(finalizer) + 1;
            }
        }

        // A status that had to be written makes the version stale on which the finalizer would be removed.
        if (Report(item, left, held) || left.Count > 0)
            return false;
        api.Finalizations.Finalize(item, "kubernetes");
        return _client.Get("v1/namespaces", null, ns) is null;
    }

    private void Delete(ResourceType type, JsonObject item)
    {
        if (item.IsBeingDeleted())
            return;
        try
        {
            _client.Delete(type.Path, item.Namespace(), item.Name(), item.Uid());
        }
        catch (ApiFault fault) when (fault.Code is 404 or 409)
        {
            // Somebody else was faster; what is left is counted next.
            _ = fault;
        }
    }

    private bool Report(JsonObject item, SortedDictionary<string, int> left, SortedDictionary<string, int> held)
    {
        var reported = item.Copy();
        var status = reported.Section("status");
        status["phase"] = "Terminating";
        var old = status.ObjectsAt("conditions").ToList();
        status["conditions"] = new JsonArray(
        [
            Condition(old, "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered",
                "All resources successfully discovered"),
            Condition(old, "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
                "All legacy kube types successfully parsed"),
            Condition(old, "NamespaceDeletionContentFailure", false, "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"),
            left.Count == 0
                ? Condition(old, "NamespaceContentRemaining", false, "ContentRemoved",
                    "All content successfully removed")
                : Condition(old, "NamespaceContentRemaining", true, "SomeResourcesRemain",
                    "Some resources are remaining: "
                    + string.Join(", ", left.Select(each => $"{each.Key} has {each.Value} resource instances"))),
            held.Count == 0
                ? Condition(old, "NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers",
                    "All content-preserving finalizers finished")
                : Condition(old, "NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
                    "Some content in the namespace has finalizers remaining: "
                    + string.Join(", ", held.Select(each => $"{each.Key} in {each.Value} resource instances"))),
        ]);
        if (ObjectFields.Same(item["status"], reported["status"]))
            return false;
        _client.UpdateStatus("v1/namespaces", reported);
        return true;
    }

    private JsonObject Condition(IEnumerable<JsonObject> old, string type, bool isTrue, string reason, string message)
    {
        var status = isTrue ? "True" : "False";
        var before = old.FirstOrDefault(each => each.Text("type") == type && each.Text("status") == status);
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastTransitionTime"] = before.Text("lastTransitionTime") ?? JsonText.Moment(api.Time.GetUtcNow()),
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
