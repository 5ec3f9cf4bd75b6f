using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// Documents that are written together. They are rendered again only when one of them is not in place: otherwise the
/// hashes say all.
/// </summary>
internal sealed class DocumentSet(Func<IEnumerable<JsonObject>> render)
{
    private IReadOnlyList<Seal>? _seals;

    private sealed record Seal(string Kind, string Name, string Hash);

    public IEnumerable<JsonObject> Render() => render();

    /// <summary>Whether each of them is there as rendered, and touched by nobody else.</summary>
    /// <param name="find">The object of a kind and name that is there; null for none.</param>
    public bool AreInPlace(Func<string, string, Observed?> find)
    {
        _seals ??= [.. render().Select(SealOf)];
        foreach (var seal in _seals)
        {
            if (find(seal.Kind, seal.Name) is not { Deleting: null, ForeignTouch: "", WrittenByV1: "" } found
                || found.RenderedHash != seal.Hash)
            {
                return false;
            }
        }

        return true;
    }

    private static Seal SealOf(JsonObject document) =>
        new((string)document["kind"]!, (string)document["metadata"]!["name"]!, Fingerprint.Of(document));
}
