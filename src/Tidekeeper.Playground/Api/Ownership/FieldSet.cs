using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>
/// A set of paths into an object, as a tree: the <c>FieldsV1</c> of managedFields. Path elements are kept as they are
/// written there: <c>f:name</c> for a field, <c>k:{…}</c> for an element with keys, <c>v:…</c> for one of a set.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The path that leads here is itself in the set.</summary>
    public bool IsMember { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, FieldSet>> Children => _children;

    public bool IsEmpty => !IsMember && _children.Values.All(each => each.IsEmpty);

    public FieldSet? Child(string element) => _children.GetValueOrDefault(element);

    /// <summary>The subset below a path element; made when missing.</summary>
    public FieldSet Below(string element)
    {
        if (!_children.TryGetValue(element, out var child))
            _children[element] = child = new FieldSet();
        return child;
    }

    public FieldSet Union(FieldSet other) => Combine(other, (left, right) => left || right);

    public FieldSet Intersection(FieldSet other) => Combine(other, (left, right) => left && right);

    public FieldSet Difference(FieldSet other) => Combine(other, (left, right) => left && !right);

    /// <summary>Without a part of the object and all below it.</summary>
    public FieldSet Without(params ReadOnlySpan<string> elements)
    {
        var rest = Union(new FieldSet());
        foreach (var element in elements)
            rest._children.Remove(element);
        return rest;
    }

    public bool SameAs(FieldSet other) => ObjectFields.Same(ToJson(), other.ToJson());

    /// <summary>All paths in the set, as they are written in messages: <c>.spec.ports[port=80].name</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember)
            yield return prefix;
        foreach (var (element, child) in _children)
        {
            foreach (var path in child.Paths(prefix + Shown(element)))
                yield return path;
        }
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (element, child) in _children)
        {
            if (child.IsEmpty)
                continue;
            var inner = child.ToJson();
            if (child.IsMember && inner.Count > 0)
                inner.Insert(0, ".", new JsonObject());
            json[element] = inner;
        }

        return json;
    }

    public static FieldSet FromJson(JsonObject? json)
    {
        var set = new FieldSet();
        foreach (var (element, value) in json ?? [])
        {
            if (element == "." || value is not JsonObject inner)
                continue;
            var child = FromJson(inner);
            child.IsMember = inner.Count == 0 || inner.ContainsKey(".");
            set._children[element] = child;
        }

        return set;
    }

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> rule)
    {
        var result = new FieldSet { IsMember = rule(IsMember, other.IsMember) };
        var nothing = new FieldSet();
        foreach (var element in _children.Keys.Union(other._children.Keys).Order(StringComparer.Ordinal))
        {
            var child = (Child(element) ?? nothing).Combine(other.Child(element) ?? nothing, rule);
            if (!child.IsEmpty)
                result._children[element] = child;
        }

        return result;
    }

    private static string Shown(string element)
    {
        var value = element[2..];
        if (element[0] == 'f')
            return "." + value;
        if (element[0] != 'k')
            return element[0] == 'v' ? $"[={value}]" : $"[{value}]";
        var shown = new StringBuilder("[");
        foreach (var (name, key) in (JsonObject)JsonNode.Parse(value)!)
            shown.Append(shown.Length > 1 ? "," : "").Append(name).Append('=').Append(key?.ToJsonString() ?? "null");
        return shown.Append(']').ToString();
    }
}
