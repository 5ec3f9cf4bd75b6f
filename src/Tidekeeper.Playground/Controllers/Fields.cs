using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>What actors read from and write to Kubernetes objects besides <see cref="ObjectFields"/>.</summary>
internal static class Fields
{
    public static bool IsTrue(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool on) && on;

    /// <summary>The entries of an object whose values are strings, such as labels.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(
        this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonObject map
            ? map.Select(p => KeyValuePair.Create(p.Key, p.Value.Text() ?? p.Value?.ToJsonString() ?? ""))
            : [];

    public static DateTimeOffset? Moment(this JsonNode? node, params ReadOnlySpan<string> path) =>
        JsonText.ReadMoment(node.Text(path));

    /// <summary>The object at that path; made, with those above it, when absent.</summary>
    public static JsonObject Ensure(this JsonObject node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            if (node[step] is not JsonObject inside)
                node[step] = inside = [];
            node = inside;
        }

        return node;
    }

    public static Key Key(this JsonObject o) => new(o.Namespace() ?? "", o.Name());
    public static string? Label(this JsonObject o, string name) => o.Text("metadata", "labels", name);
    public static string? Annotation(this JsonObject o, string name) => o.Text("metadata", "annotations", name);
    public static bool IsTerminating(this JsonObject o) => o.At("metadata", "deletionTimestamp") is not null;

    /// <summary>The owner reference with <c>controller: true</c>.</summary>
    public static JsonObject? Owner(this JsonObject o) =>
        o.ObjectsAt("metadata", "ownerReferences").FirstOrDefault(r => r.IsTrue("controller"));

    /// <summary>Time as the API writes it.</summary>
    public static string Stamp(this DateTimeOffset at) => JsonText.Moment(at);

    /// <summary>The same, with microseconds, as Leases and newer Events have it.</summary>
    public static string MicroStamp(this DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Namespace and name, ordered as lists are; the namespace is empty for cluster-scoped objects.</summary>
public readonly record struct Key(string Namespace, string Name) : IComparable<Key>
{
    public int CompareTo(Key other) =>
        string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var byNamespace
            ? byNamespace
            : string.CompareOrdinal(Name, other.Name);

    public static bool operator <(Key a, Key b) => a.CompareTo(b) < 0;
    public static bool operator >(Key a, Key b) => a.CompareTo(b) > 0;
    public static bool operator <=(Key a, Key b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Key a, Key b) => a.CompareTo(b) >= 0;

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
