namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Functions on lists.</summary>
internal static class CelLists
{
    public static readonly string[] Names =
        ["isSorted", "sum", "min", "max", "distinct", "slice", "flatten", "sort", "first", "last", "lists.range"];

    public static object? Call(string function, object?[] a) => (function, a) switch
    {
        ("isSorted", [IReadOnlyList<object?> l]) =>
            l.Zip(l.Skip(1)).All(p => CelValues.Compare(p.First, p.Second) <= 0),
        ("sum", [IReadOnlyList<object?> l]) => l.Count == 0 ? 0L
            : l.Skip(1).Aggregate(l[0], (x, y) => CelFunctions.Call("+", null, [x, y])),
        ("min", [IReadOnlyList<object?> l]) => Extreme(l, "min", -1),
        ("max", [IReadOnlyList<object?> l]) => Extreme(l, "max", 1),
        ("math.least", [IReadOnlyList<object?> l]) => Extreme(l, "min", -1),
        ("math.greatest", [IReadOnlyList<object?> l]) => Extreme(l, "max", 1),
        ("math.least", [_, _, ..]) => Extreme(a, "min", -1),
        ("math.greatest", [_, _, ..]) => Extreme(a, "max", 1),
        ("indexOf", [IReadOnlyList<object?> l, var item]) => Index(l, item),
        ("lastIndexOf", [IReadOnlyList<object?> l, var item]) =>
            Index([.. l.Reverse()], item) is var at && at < 0 ? -1L : l.Count - 1 - at,
        ("reverse", [IReadOnlyList<object?> l]) => l.Reverse().ToArray(),
        ("slice", [IReadOnlyList<object?> l, long from, long to]) => from < 0 || to > l.Count || from > to
            ? throw new CelFault($"cannot slice({from}, {to}), list is length {l.Count}")
            : l.Skip((int)from).Take((int)(to - from)).ToArray(),
        ("distinct", [IReadOnlyList<object?> l]) => Distinct(l),
        ("sort", [IReadOnlyList<object?> l]) =>
            l.Order(Comparer<object?>.Create((x, y) => CelValues.Compare(x, y))).ToArray(),
        ("flatten", [IReadOnlyList<object?> l]) =>
            l.SelectMany(item => item is IReadOnlyList<object?> inner ? inner : [item]).ToArray(),
        ("first", [IReadOnlyList<object?> l]) => l.Count == 0 ? CelOptional.None : new CelOptional(true, l[0]),
        ("last", [IReadOnlyList<object?> l]) => l.Count == 0 ? CelOptional.None : new CelOptional(true, l[^1]),
        ("sets.contains", [IReadOnlyList<object?> l, IReadOnlyList<object?> of]) => of.All(x => Index(l, x) >= 0),
        ("sets.intersects", [IReadOnlyList<object?> l, IReadOnlyList<object?> of]) => of.Any(x => Index(l, x) >= 0),
        ("sets.equivalent", [IReadOnlyList<object?> l, IReadOnlyList<object?> of]) =>
            of.All(x => Index(l, x) >= 0) && l.All(x => Index(of, x) >= 0),
        _ => CelFunctions.Missing,
    };

    private static object? Extreme(IReadOnlyList<object?> list, string name, int sign) => list.Count == 0
        ? throw new CelFault($"{name} called on empty list")
        : list.Aggregate((x, y) => CelValues.Compare(y, x) * sign > 0 ? y : x);

    private static long Index(IReadOnlyList<object?> list, object? item)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (CelValues.AreEqual(list[i], item))
                return i;
        }

        return -1;
    }

    private static object?[] Distinct(IReadOnlyList<object?> list)
    {
        var kept = new List<object?>();
        foreach (var item in list)
        {
            if (Index(kept, item) < 0)
                kept.Add(item);
        }

        return [.. kept];
    }
}
