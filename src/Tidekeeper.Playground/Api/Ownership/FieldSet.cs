using System.Text;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>
/// A set of paths into an object, as a tree: the <c>FieldsV1</c> of managedFields. Path elements are kept as they are
/// written there: <c>f:name</c> for a field, <c>k:{…}</c> for an element with keys, <c>v:…</c> for one of a set.
/// </summary>
/// <remarks>
/// What an operation returns is new at its top only: subtrees that it left alone are shared, because every write of
/// every object goes through here. Only a set that one has made oneself may therefore be changed below its top.
/// </remarks>
internal sealed class FieldSet
{
    private static readonly SortedList<string, FieldSet> None = [];
    private SortedList<string, FieldSet> _children = None;

    private enum Operation
    {
        Union,
        Intersection,
        Difference,
    }

    /// <summary>The path that leads here is itself in the set.</summary>
    public bool IsMember { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, FieldSet>> Children => _children;

    public bool IsEmpty
    {
        get
        {
            if (IsMember)
                return false;
            for (var i = 0; i < _children.Count; i++)
            {
                if (!_children.GetValueAtIndex(i).IsEmpty)
                    return false;
            }

            return true;
        }
    }

    public FieldSet? Child(string element) => _children.GetValueOrDefault(element);

    /// <summary>The subset below a path element; made when missing.</summary>
    public FieldSet Below(string element)
    {
        if (_children.TryGetValue(element, out var child))
            return child;
        child = new FieldSet();
        Put(element, child);
        return child;
    }

    /// <summary>Takes a subset in, which belongs to both from now on; an empty one is left out.</summary>
    public void Adopt(string element, FieldSet child)
    {
        if (!child.IsEmpty)
            Put(element, child);
    }

    public FieldSet Union(FieldSet other) => Combine(this, other, Operation.Union);

    public FieldSet Intersection(FieldSet other) => Combine(this, other, Operation.Intersection);

    public FieldSet Difference(FieldSet other) => Combine(this, other, Operation.Difference);

    /// <summary>Without a part of the object and all below it.</summary>
    public FieldSet Without(params ReadOnlySpan<string> elements)
    {
        var rest = new FieldSet { IsMember = IsMember };
        for (var i = 0; i < _children.Count; i++)
        {
            if (!elements.Contains(_children.GetKeyAtIndex(i)))
                rest.Adopt(_children.GetKeyAtIndex(i), _children.GetValueAtIndex(i));
        }

        return rest;
    }

    public bool SameAs(FieldSet other) => Within(other) && other.Within(this);

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
        for (var i = 0; i < _children.Count; i++)
        {
            var child = _children.GetValueAtIndex(i);
            if (child.IsEmpty)
                continue;
            var inner = child.ToJson();
            if (child.IsMember && inner.Count > 0)
                inner.Insert(0, ".", new JsonObject());
            json.Add(_children.GetKeyAtIndex(i), inner);
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
            set.Put(element, child);
        }

        return set;
    }

    // Both trees are in order, so one pass over both sees every element once.
    private static FieldSet Combine(FieldSet left, FieldSet right, Operation operation)
    {
        var result = new FieldSet { IsMember = Holds(left.IsMember, right.IsMember, operation) };
        int l = 0, r = 0;
        while (l < left._children.Count || r < right._children.Count)
        {
            var order = l == left._children.Count ? 1
                : r == right._children.Count ? -1
                : string.CompareOrdinal(left._children.GetKeyAtIndex(l), right._children.GetKeyAtIndex(r));
            if (order < 0)
            {
                if (operation != Operation.Intersection)
                    result.Adopt(left._children.GetKeyAtIndex(l), left._children.GetValueAtIndex(l));
                l++;
            }
            else if (order > 0)
            {
                if (operation == Operation.Union)
                    result.Adopt(right._children.GetKeyAtIndex(r), right._children.GetValueAtIndex(r));
                r++;
            }
            else
            {
                result.Adopt(left._children.GetKeyAtIndex(l),
                    Combine(left._children.GetValueAtIndex(l++), right._children.GetValueAtIndex(r++), operation));
            }
        }

        return result;
    }

    private static bool Holds(bool left, bool right, Operation operation) => operation switch
    {
        Operation.Union => left || right,
        Operation.Intersection => left && right,
        _ => left && !right,
    };

    /// <summary>Whether every path below the top is also in the other set.</summary>
    private bool Within(FieldSet other)
    {
        for (var i = 0; i < _children.Count; i++)
        {
            var child = _children.GetValueAtIndex(i);
            if (child.IsEmpty)
                continue;
            var there = other.Child(_children.GetKeyAtIndex(i));
            if (there is null || (child.IsMember && !there.IsMember) || !child.Within(there))
                return false;
        }

        return true;
    }

    private void Put(string element, FieldSet child)
    {
        if (ReferenceEquals(_children, None))
            _children = new SortedList<string, FieldSet>(StringComparer.Ordinal);
        _children[element] = child;
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
