using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>
/// An expression of the Common Expression Language, as CRDs use it: the subset of macros, operators and libraries that
/// Kubernetes offers, interpreted; types are checked when they are met, not beforehand.
/// </summary>
public sealed class CelProgram
{
    private readonly CelNode _root;

    private CelProgram(CelNode root, bool usesOldSelf)
    {
        _root = root;
        UsesOldSelf = usesOldSelf;
    }

    /// <summary>True for a transition rule, which is evaluated only where there was a value before.</summary>
    public bool UsesOldSelf { get; }

    /// <exception cref="CelFault">The text is no expression.</exception>
    public static CelProgram Parse(string text) =>
        new(CelParser.Parse(text), CelLexer.Read(text).Any(t => t.Kind == CelTokenKind.Name && t.Text == "oldSelf"));

    /// <summary>Evaluates over a value of the API and, for a transition rule, its predecessor.</summary>
    /// <exception cref="CelFault">The expression has no value.</exception>
    public object? Evaluate(Schema schema, JsonNode? self, JsonNode? oldSelf, bool optionalOldSelf = false)
    {
        object? old = CelValues.From(oldSelf, schema);
        if (optionalOldSelf)
            old = oldSelf is null ? CelOptional.None : new CelOptional(true, old);
        return _root.Evaluate(new CelScope(new CelScope(null, "oldSelf", old), "self", CelValues.From(self, schema)));
    }
}
