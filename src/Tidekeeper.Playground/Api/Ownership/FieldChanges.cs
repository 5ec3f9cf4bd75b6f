using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>What differs between two states of an object, as paths.</summary>
internal sealed class FieldChanges
{
    // A JSON null is a value; a field that is not there is something else.
    private readonly record struct Side(bool Exists, JsonNode? Value, bool IsUnwritten = false)
    {
        public static Side None => new(false, null);
        public bool IsVoid => Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

        /// <summary>What Go writes for a field that nobody set.</summary>
        public bool IsZero => IsVoid || (Value is JsonValue value
            && value.ToJsonString() is "0" or "\"\"" or "false");
    }

    /// <summary>Paths that are new or have another value.</summary>
    public FieldSet Changed { get; private set; } = new();
    public FieldSet Removed { get; private set; } = new();

    public static FieldChanges Between(Schema schema, JsonObject old, JsonObject item)
    {
        var changes = new FieldChanges();
        changes.Compare(schema, new Side(true, old), new Side(true, item), changes.Changed, changes.Removed, true);
        return changes;
    }

    /// <summary>Leaves out what the write could not change anyway.</summary>
    public FieldChanges Except(params string[] fields)
    {
        Changed = Changed.Without(fields);
        Removed = Removed.Without(fields);
        return this;
    }

    private void Compare(Schema schema, Side left, Side right, FieldSet changed, FieldSet removed, bool isRoot = false)
    {
        if (!left.Exists && !right.Exists)
            return;
        var shape = right.Exists && right.Value is not null ? right.Value : left.Value;
        var isLeaf = (left.IsVoid && right.IsVoid) || shape switch
        {
            JsonObject => FieldShape.IsAtomicMap(schema),
            JsonArray => FieldShape.IsAtomicList(schema),
            _ => true,
        };
        if (isLeaf)
        {
            changed.IsMember = !left.Exists
                || (right.Exists && !ObjectFields.Same(left.Value, right.Value)
                    && !(left.Value is null && right.IsZero && left.IsUnwritten));
            removed.IsMember = !right.Exists;
            return;
        }

        if (shape is JsonObject)
            CompareFields(schema, left, right, changed, removed, isRoot);
        else
            CompareElements(schema, left, right, changed, removed);
        changed.IsMember |= !left.Exists;
        removed.IsMember |= !right.Exists;
    }

    private void CompareFields(
        Schema schema, Side left, Side right, FieldSet changed, FieldSet removed, bool isRoot)
    {
        var (before, after) = (left.Value as JsonObject, right.Value as JsonObject);
        foreach (var (name, value) in before ?? [])
        {
            var child = FieldShape.Child(schema, name, isRoot);
            var other = Field(schema, child, right, after, name);
            CompareField(name, child, new Side(true, value), other, changed, removed);
        }

        foreach (var (name, value) in after ?? [])
        {
            if (before?.ContainsKey(name) == true)
                continue;
            var child = FieldShape.Child(schema, name, isRoot);
            var other = Field(schema, child, left, before, name);
            CompareField(name, child, other, new Side(true, value), changed, removed);
        }
    }

    private void CompareField(string name, Schema schema, Side left, Side right, FieldSet changed, FieldSet removed)
    {
        if (left.Exists && right.Exists && ObjectFields.Same(left.Value, right.Value))
            return;
        var (changedBelow, removedBelow) = (new FieldSet(), new FieldSet());
        Compare(schema, left, right, changedBelow, removedBelow);
        if (!changedBelow.IsEmpty)
            changed.Adopt("f:" + name, changedBelow);
        if (!removedBelow.IsEmpty)
            removed.Adopt("f:" + name, removedBelow);
    }

    private static Side Field(Schema parent, Schema child, Side side, JsonObject? fields, string name)
    {
        if (fields is not null && fields.TryGetPropertyValue(name, out var value))
            return new Side(true, value);
        return side.Exists && FieldShape.IsAlwaysThere(parent, name, child)
            ? new Side(true, null, IsUnwritten: true)
            : Side.None;
    }

    private void CompareElements(Schema schema, Side left, Side right, FieldSet changed, FieldSet removed)
    {
        var before = FieldShape.Elements(schema, left.Value as JsonArray);
        var after = FieldShape.Elements(schema, right.Value as JsonArray);
        foreach (var element in before.Keys.Union(after.Keys))
        {
            var old = before.TryGetValue(element, out var was) ? new Side(true, was) : Side.None;
            var now = after.TryGetValue(element, out var @is) ? new Side(true, @is) : Side.None;
            Compare(schema.Items ?? Schema.Anything, old, now, changed.Below(element), removed.Below(element));
        }
    }
}
