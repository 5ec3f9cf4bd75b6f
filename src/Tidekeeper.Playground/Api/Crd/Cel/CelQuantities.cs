namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Functions on Kubernetes quantities.</summary>
internal static class CelQuantities
{
    public static readonly string[] Names =
        ["quantity", "isQuantity", "isInteger", "asInteger", "asApproximateFloat", "sign", "add", "sub", "compareTo",
            "isLessThan", "isGreaterThan"];

    public static object? Call(string function, object?[] a) => (function, a) switch
    {
        ("isQuantity", [string s]) => CelQuantity.Parse(s) is not null,
        ("quantity", [string s]) => CelQuantity.Parse(s) ?? throw new CelFault(
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
        ("isInteger", [CelQuantity q]) => q.IsInteger,
        ("asInteger", [CelQuantity q]) => q.AsInteger(),
        ("asApproximateFloat", [CelQuantity q]) => q.AsFloat(),
        ("sign", [CelQuantity q]) => (long)q.Nanos.Sign,
        ("compareTo", [CelQuantity q, CelQuantity other]) => (long)q.Nanos.CompareTo(other.Nanos),
        ("isLessThan", [CelQuantity q, CelQuantity other]) => q.Nanos < other.Nanos,
        ("isGreaterThan", [CelQuantity q, CelQuantity other]) => q.Nanos > other.Nanos,
        ("add", [CelQuantity q, CelQuantity other]) => new CelQuantity(q.Nanos + other.Nanos),
        ("add", [CelQuantity q, long other]) => new CelQuantity(q.Nanos + CelQuantity.FromInteger(other)),
        ("sub", [CelQuantity q, CelQuantity other]) => new CelQuantity(q.Nanos - other.Nanos),
        ("sub", [CelQuantity q, long other]) => new CelQuantity(q.Nanos - CelQuantity.FromInteger(other)),
        _ => CelFunctions.Missing,
    };
}
