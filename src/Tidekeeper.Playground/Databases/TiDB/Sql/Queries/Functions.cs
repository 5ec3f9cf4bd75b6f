namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>A function of values.</summary>
internal sealed record Function(
    int Fewest, int Most, Func<ColumnType[], ColumnType> Type, Func<StatementContext, SqlValue[], SqlValue> Compute)
{
    /// <summary>False: the answer is NULL as soon as an argument is.</summary>
    public bool SeesNull { get; init; }

    /// <summary>Computed anew for every row, even of constants.</summary>
    public bool IsVolatile { get; init; }
}

/// <summary>All functions by name.</summary>
internal static class Functions
{
    private static readonly SortedDictionary<string, Function> _all = Build();

    public static Function? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>Whether a reserved word is also a function when a parenthesis follows.</summary>
    public static bool IsCallable(string word) => _all.ContainsKey(word) ||
        word is "IF" or "VALUES" or "CONVERT" or "INTERVAL" or "DEFAULT" || Aggregates.Is(word);

    private static SortedDictionary<string, Function> Build()
    {
        var all = new SortedDictionary<string, Function>(StringComparer.Ordinal);
        foreach (var (names, function) in SessionFunctions.All
            .Concat(TextFunctions.All).Concat(NumberFunctions.All).Concat(TimeFunctions.All))
            foreach (var name in names.Split(' '))
                all.Add(name, function);
        return all;
    }

    /// <summary>A function with a fixed type.</summary>
    public static Function Of(int fewest, int most, ColumnType type, Func<SqlValue[], SqlValue> compute) =>
        new(fewest, most, _ => type, (_, values) => compute(values));
}
