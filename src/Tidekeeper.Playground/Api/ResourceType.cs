using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>A resource that the API serves: one group, version and plural.</summary>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind)
{
    public static readonly IReadOnlyList<string> AllVerbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public string Singular { get; init; } = Kind.ToLowerInvariant();
    public string ListKind { get; init; } = Kind + "List";
    public bool Namespaced { get; init; } = true;
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    /// <summary>
    /// Names of the subresources served under an object: <c>status</c>, <c>scale</c>, <c>eviction</c>.
    /// </summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Field selectors besides <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>True when objects of it carry <c>metadata.generation</c>, raised when the spec changes.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>An update must say which version it is based on.</summary>
    public bool NeedsVersion { get => field || IsCustom; init; }

    /// <summary>A PUT of an object that does not exist makes it.</summary>
    public bool CreatesOnUpdate { get; init; }

    /// <summary>A delete answers with the object that is gone, instead of a Status.</summary>
    public bool ReturnsDeleted { get; init; }

    /// <summary>The definition behind a custom resource; null for builtin ones.</summary>
    public JsonObject? Definition { get; init; }

    public bool IsCustom => Definition is not null;

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>As in <see cref="ApiClient"/> calls: <c>v1/pods</c>, <c>apps/v1/statefulsets</c>.</summary>
    public string Path => ApiVersion + "/" + Plural;

    /// <summary>As in messages and as the name in the store: <c>pods</c>, <c>statefulsets.apps</c>.</summary>
    public string GroupResource { get; } = Group.Length == 0 ? Plural : Plural + "." + Group;

    /// <summary>As in messages about invalid objects: <c>Pod</c>, <c>StatefulSet.apps</c>.</summary>
    public string GroupKind { get; } = Group.Length == 0 ? Kind : Kind + "." + Group;

    public bool HasStatus => Subresources.Contains("status");
}
