using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits;

/// <summary>What is to be expected of an edit.</summary>
public enum EditKind
{
    /// <summary>It must be fulfilled.</summary>
    Valid,

    /// <summary>No cluster can be that: the misoperation policy decides.</summary>
    Invalid,

    /// <summary>Whether it can be fulfilled the schema does not tell: it is, or it is a misoperation.</summary>
    Unknown,
}

/// <summary>One change of one property of a living cluster, as a person would make it.</summary>
/// <param name="Path">The property, from <c>spec</c>.</param>
/// <param name="Words">What becomes of it.</param>
/// <param name="Change">Changes the spec.</param>
public sealed record Edit(string Path, string Words, EditKind Kind, Action<JsonObject> Change)
{
    /// <summary>What putting the old value back cannot undo, for example an upgrade; null when it undoes all.</summary>
    public string? OneWay { get; init; }

    /// <summary>Another place in the spec that a refusal may name just as well.</summary>
    public string? AlsoNamed { get; init; }

    /// <summary>What it consists of, where several properties are changed at once.</summary>
    public IReadOnlyList<Edit> Parts { get => field ?? [this]; private init; }

    /// <summary>Several edits of different properties at once; they are all to be fulfilled.</summary>
    public static Edit Bundle(IReadOnlyList<Edit> parts) => parts is [var only] ? only
        : new Edit(
            "spec", $"changes in {parts.Count} properties:\n    {string.Join("\n    ", parts)}", EditKind.Valid,
            spec =>
            {
                foreach (var part in parts)
                    part.Change(spec);
            })
        { Parts = parts };

    /// <summary>The component whose property it is; empty for the whole cluster's.</summary>
    public string Component => Path.Split('.') is ["spec", "pd" or "tikv" or "tidb" or "tiflash" or "discovery", _, ..]
        ? Path.Split('.')[1]
        : "";

    public override string ToString() => $"{Path} {Words}";

    /// <summary>Sets the property; null removes it.</summary>
    public static Edit Set(string path, JsonNode? value, EditKind kind = EditKind.Valid) =>
        new(path, value is null ? "is removed" : $"becomes {Shorten(value.ToJsonString())}", kind,
            spec => SpecPath.Set(spec, path, value?.DeepClone()));

    /// <summary>The same edit with what it needs to make sense beside it.</summary>
    public Edit With(string path, JsonNode value) => this with
    {
        Words = $"{Words}, with {path}: {Shorten(value.ToJsonString())}",
        Change = spec =>
        {
            SpecPath.Set(spec, path, value.DeepClone());
            Change(spec);
        },
    };

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..99] + "…";
}
