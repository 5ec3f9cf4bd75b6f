using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>Everything about a write except the body.</summary>
internal sealed record WriteCall(ResourceType Type, string? Namespace, string? Name, string Manager)
{
    public string Subresource { get; init; } = "";

    /// <summary>Everything happens except the commit.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// The configuration of a server-side apply, which records its fields by other rules than an update.
    /// </summary>
    public JsonObject? Applied { get; init; }

    /// <summary>The new state comes from a patch of the current one.</summary>
    public bool IsPatch { get; init; }

    public bool IsApply => Applied is not null;

    /// <summary>An apply takes over fields that others own.</summary>
    public bool Force { get; init; }
}
