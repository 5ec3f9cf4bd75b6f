namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Values that may be absent, as <c>oldSelf</c> with <c>optionalOldSelf</c>.</summary>
internal static class CelOptionals
{
    public static object? Call(string function, object?[] a) => (function, a) switch
    {
        ("optional.of", [var value]) => new CelOptional(true, value),
        ("optional.none", []) => CelOptional.None,
        ("optional.ofNonZeroValue", [var value]) => value is null or 0L or "" or false
            or IReadOnlyList<object?> { Count: 0 } ? CelOptional.None : new CelOptional(true, value),
        ("hasValue", [CelOptional o]) => o.HasValue,
        ("value", [CelOptional o]) => o.HasValue ? o.Value : throw new CelFault("optional.none() dereference"),
        _ => CelFunctions.Missing,
    };
}
