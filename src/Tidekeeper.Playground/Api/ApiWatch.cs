using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Reads;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>How a watch begins, what it sends and when it ends.</summary>
internal sealed record WatchTerms
{
    public required int View { get; init; }

    /// <summary>Changes after this revision are sent, when the watch does not start with the state.</summary>
    public required long After { get; init; }

    /// <summary>First everything that is there is sent as ADDED.</summary>
    public required bool StartsWithState { get; init; }

    /// <summary>Then a bookmark that says that this was all.</summary>
    public required bool MarksEndOfState { get; init; }
    public required bool SendsBookmarks { get; init; }
    public required DateTimeOffset Ends { get; init; }
    public required AnswerForm Form { get; init; }
}

/// <summary>An open watch. Events are drawn, never pushed: whoever reads decides when.</summary>
public sealed class ApiWatch
{
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);

    private readonly ApiServer _api;
    private readonly Selection _selection;
    private readonly WatchTerms _terms;
    private readonly Queue<JsonObject> _state = [];
    private long _after;
    private bool _marksEnd;
    private bool _isClosed;
    private bool _isFirst = true;
    private DateTimeOffset _nextBookmark;

    internal ApiWatch(ApiServer api, Selection selection, WatchTerms terms)
    {
        (_api, _selection, _terms) = (api, selection, terms);
        _after = terms.After;
        _nextBookmark = api.Time.GetUtcNow() + BookmarkEvery;
        if (!terms.StartsWithState)
            return;
        _after = Math.Max(Shown, terms.After);
        _marksEnd = terms.MarksEndOfState;
        foreach (var (_, item) in selection.Scan(api.Store, Shown, ""))
            _state.Enqueue(item);
    }

    /// <summary>True once the server has ended the watch and everything was read.</summary>
    public bool Ended => _isClosed || _api.Time.GetUtcNow() >= _terms.Ends;

    /// <summary>When the server ends the watch if nobody else does.</summary>
    public DateTimeOffset Ends => _terms.Ends;

    private long Shown => _api.Views.Head(_terms.View);

    /// <summary>The next event as the JSON of one line, or null when there is none now.</summary>
    public JsonObject? TryRead()
    {
        if (Ended)
            return null;
        if (_state.TryDequeue(out var item))
            return Event("ADDED", item);
        if (_marksEnd)
        {
            _marksEnd = false;
            return Bookmark(isEndOfState: true);
        }

        return NextChange() ?? DueBookmark();
    }

    public void Close() => _isClosed = true;

    private JsonObject? NextChange()
    {
        if (_after < _api.Store.Compacted && _after < _api.Store.Revision(_selection.Type.GroupResource))
        {
            _isClosed = true;
            var fault = ApiFault.Expired($"too old resource version: {_after} ({_api.Store.Compacted})");
            return new JsonObject { ["type"] = "ERROR", ["object"] = fault.Status() };
        }

        while (_api.Store.Next(_selection.Type.GroupResource, _after, Shown) is { } change)
        {
            _after = change.Revision;
            if (Translate(change) is { } seen)
                return seen;
        }

        return null;
    }

    /// <summary>A change as this selection sees it: an object that leaves it is deleted for the watcher.</summary>
    private JsonObject? Translate(StoreEvent change)
    {
        if (!_selection.IsInPlace(change.Key))
            return null;
        var was = change.Previous is not null && _selection.Matches(change.Previous);
        var isNow = change.Type != StoreEventType.Deleted && _selection.Matches(change.Object);
        return (was, isNow) switch
        {
            (false, true) => Event("ADDED", change.Object),
            (true, true) => Event("MODIFIED", change.Object),
            (true, false) => Event("DELETED", change.Type == StoreEventType.Deleted
                ? change.Object
                : AtRevision(change.Previous!, change.Revision)),
            _ => null,
        };
    }

    private static JsonObject AtRevision(JsonObject item, long revision)
    {
        var shown = item.Copy();
        shown.Metadata()["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        return shown;
    }

    private JsonObject Event(string type, JsonObject item)
    {
        var shown = _terms.Form.Shape(_selection.Type, ApiServer.InVersion(_selection.Type, item), _isFirst);
        _isFirst = false;
        return new JsonObject { ["type"] = type, ["object"] = shown };
    }

    private JsonObject? DueBookmark()
    {
        if (!_terms.SendsBookmarks || _api.Time.GetUtcNow() < _nextBookmark)
            return null;
        return Bookmark(isEndOfState: false);
    }

    private JsonObject Bookmark(bool isEndOfState)
    {
        _nextBookmark = _api.Time.GetUtcNow() + BookmarkEvery;
        var metadata = new JsonObject
        {
            ["resourceVersion"] = Math.Max(_after, Shown).ToString(CultureInfo.InvariantCulture),
        };
        if (isEndOfState)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        return new JsonObject
        {
            ["type"] = "BOOKMARK",
            ["object"] = new JsonObject
            {
                ["kind"] = _selection.Type.Kind,
                ["apiVersion"] = _selection.Type.ApiVersion,
                ["metadata"] = metadata,
            },
        };
    }
}
