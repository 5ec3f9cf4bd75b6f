using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Store;

public enum StoreEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One committed change. The revision orders all changes of all resources.</summary>
/// <param name="Resource">Storage name of the resource: <c>pods</c>, <c>statefulsets.apps</c>.</param>
/// <param name="Key"><c>namespace/name</c>, or <c>name</c> for what has no namespace.</param>
/// <param name="Object">The object after the change; for a deletion its last state at the deletion's revision.</param>
/// <param name="Previous">The object before the change, so that history can be walked backwards.</param>
public sealed record StoreEvent(
    long Revision, StoreEventType Type, string Resource, string Key, JsonObject Object, JsonObject? Previous);
