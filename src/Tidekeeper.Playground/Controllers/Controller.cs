using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// A controller that looks at one object at a time: changes wake keys, and a woken key is synchronised once, from what
/// is there by then. A refused write is tried again later, with growing pauses.
/// </summary>
public abstract class Controller(Cluster cluster, string name) : IActor
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly List<Feed> _feeds = [];
    private readonly SortedSet<Key> _woken = [];
    private readonly SortedSet<(DateTimeOffset At, Key Key)> _timers = [];
    private readonly SortedDictionary<Key, DateTimeOffset> _due = [];
    private readonly SortedDictionary<Key, int> _failures = [];

    public string Name => name;

    protected Cluster Cluster => cluster;
    protected ApiClient Api => cluster.ControllerManager;

    public bool SeesOnlyApi => true;

    public bool Notices()
    {
        foreach (var feed in _feeds)
            feed.Refresh();
        return _woken.Count > 0;
    }

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        Notices();
        while (_timers.Count > 0 && _timers.Min.At <= now)
        {
            var (_, key) = _timers.Min;
            _timers.Remove(_timers.Min);
            _due.Remove(key);
            _woken.Add(key);
        }

        var keys = _woken.ToList();
        _woken.Clear();
        foreach (var key in keys)
            Try(key, now);
        return _timers.Count > 0 ? _timers.Min.At : null;
    }

    /// <summary>Brings one object to where it should be, as far as that goes now.</summary>
    protected abstract void Sync(Key key, DateTimeOffset now);

    protected void Wake(Key key) => _woken.Add(key);

    /// <summary>Looks at the key again at that time, or earlier when somebody asked for earlier.</summary>
    protected void WakeAt(Key key, DateTimeOffset at)
    {
        if (_due.TryGetValue(key, out var before))
        {
            if (before <= at)
                return;
            _timers.Remove((before, key));
        }

        _due[key] = at;
        _timers.Add((at, key));
    }

    /// <summary>Writes the status of an object, unless it says that already.</summary>
    protected void PutStatus(string resource, JsonObject item, JsonObject status)
    {
        if (JsonNode.DeepEquals(item["status"], status))
            return;
        var changed = item.Copy();
        changed["status"] = status;
        Api.UpdateStatus(resource, changed);
    }

    /// <summary>Looks at the owner again when those of its pods that are ready have been so for long enough.</summary>
    protected void WakeWhenAvailable(JsonObject owner, IEnumerable<JsonObject> pods, long patience, DateTimeOffset now)
    {
        foreach (var pod in pods)
        {
            if (pod.AvailableAt(patience) is { } at && at > now)
                WakeAt(owner.Key(), at);
        }
    }

    /// <summary>Wakes the object itself whenever it changes.</summary>
    protected Feed Follow(string resource) => Follow(resource, (o, wake) => wake(o.Key()));

    /// <summary>Wakes the controlling owner of that kind whenever one of its objects changes.</summary>
    protected Feed FollowOwned(string resource, string ownerKind) => Follow(resource, (o, wake) =>
    {
        if (o.Owner() is { } owner && owner.Text("kind") == ownerKind)
            wake(new Key(o.Namespace() ?? "", owner.Text("name") ?? ""));
    });

    /// <summary>
    /// Follows a resource; the function says which keys a change of an object (before and after) wakes.
    /// </summary>
    protected Feed Follow(string resource, Action<JsonObject, Action<Key>> wakes)
    {
        var feed = cluster.Feed(resource);
        if (!_feeds.Contains(feed))
            _feeds.Add(feed);
        feed.Listen((before, after) =>
        {
            if (before is not null)
                wakes(before, Wake);
            if (after is not null)
                wakes(after, Wake);
        });
        return feed;
    }

    private void Try(Key key, DateTimeOffset now)
    {
        try
        {
            Sync(key, now);
            _failures.Remove(key);
        }
        catch (ApiFault)
        {
            var failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;
            var pause = TimeSpan.FromSeconds(0.1 * Math.Pow(2, Math.Min(failures, 12)));
            WakeAt(key, now + (pause < LongestPause ? pause : LongestPause));
        }
    }
}
