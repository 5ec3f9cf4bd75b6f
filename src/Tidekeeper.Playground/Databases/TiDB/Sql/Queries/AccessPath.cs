using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>A row of a stored table together with where it is.</summary>
internal readonly record struct StoredRow(string Handle, SqlValue[] Values);

/// <summary>
/// How the rows of one table are found: single keys or key ranges of the primary key or of an index, or the whole
/// table. It may find more rows than the WHERE clause wants, never fewer; the caller filters again.
/// </summary>
internal sealed class AccessPath(TableSchema table, Transaction transaction)
{
    private const int MostPoints = 1000;

    private IndexSchema? _index;
    private List<(string Start, string End)> _ranges =
        [(KeyCodec.Rows(table.Id), KeyCodec.After(KeyCodec.Rows(table.Id)))];
    private bool _points;

    public TableSchema Table { get; } = table;

    /// <summary>Columns by which the rows come sorted.</summary>
    public IReadOnlyList<string> SortedBy { get; private set; } =
        table.Primary is { } primary && primary.Parts.All(p => p.Length == 0)
            ? [.. primary.Parts.Select(p => p.Column)] : [];

    public bool Descending { get; set; }

    public string Describe() => _points
        ? $"Point_Get table:{Table.Name}" + (_index is { Kind: not IndexKind.Primary } i ? $", index:{i.Name}" : "")
        : _index is null ? $"TableFullScan table:{Table.Name}"
        : _index.Kind == IndexKind.Primary ? $"TableRangeScan table:{Table.Name}"
        : $"IndexLookUp table:{Table.Name}, index:{_index.Name}";

    /// <summary>Chooses by the conditions that hold for every row wanted.</summary>
    public static AccessPath Choose(TableSchema table, Transaction transaction, Limits limits)
    {
        var path = new AccessPath(table, transaction);
        if (limits.IsEmpty)
            return path;
        var best = 0;
        foreach (var index in table.Indexes.OrderBy(i => i.Kind))
        {
            var (equal, range) = limits.Fit(index);
            var worth = (equal * 4) + (range ? 2 : 0) +
                (equal == index.Parts.Count && index.Kind != IndexKind.Plain ? 100 : 0);
            if (worth <= best)
                continue;
            best = worth;
            path.Use(index, limits, equal);
        }

        return path;
    }

    private void Use(IndexSchema index, Limits limits, int equal)
    {
        _index = index;
        var prefixes = new List<string>
        {
            index.Kind == IndexKind.Primary ? KeyCodec.Rows(Table.Id) : KeyCodec.Index(Table.Id, index.Id),
        };
        var used = 0;
        for (; used < equal; used++)
        {
            var limit = limits.Of(index.Parts[used].Column)!;
            if (prefixes.Count * limit.Equal!.Count > MostPoints)
                break;
            prefixes = [.. prefixes.SelectMany(p => limit.Equal.Select(v => Append(p, v, limit.Type)))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        _points = used == index.Parts.Count && index.Kind != IndexKind.Plain;
        var next = used < index.Parts.Count && index.Parts[used].Length == 0 ? limits.Of(index.Parts[used].Column)
            : null;
        _ranges = [.. prefixes.Select(p => _points ? (p, p) : Range(p, next))];
        SortedBy = prefixes.Count == 1
            ? [.. index.Parts.Skip(used).TakeWhile(p => p.Length == 0).Select(p => p.Column)] : [];
    }

    private static string Append(string prefix, SqlValue value, ColumnType type)
    {
        var key = new StringBuilder(prefix);
        KeyCodec.Append(key, value, type);
        return key.ToString();
    }

    private static (string Start, string End) Range(string prefix, Limit? limit)
    {
        if (limit is null || (limit.Low is null && limit.High is null))
            return (prefix, KeyCodec.After(prefix));
        var start = limit.Low is { } low ? Append(prefix, low, limit.Type) : prefix + "1";
        var end = limit.High is { } high ? Append(prefix, high, limit.Type) : prefix + "1\u007f";
        return (limit.LowOpen ? KeyCodec.After(start) : start,
            limit.High is null || limit.HighOpen ? end : KeyCodec.After(end));
    }

    public IEnumerable<StoredRow> Rows()
    {
        var ranges = Descending ? Enumerable.Reverse(_ranges) : _ranges;
        foreach (var (start, end) in ranges)
        {
            if (_points)
            {
                if (Point(start) is { } found)
                    yield return found;
                continue;
            }

            foreach (var (key, value) in transaction.Scan(start, end, Descending))
            {
                if (_index is null || _index.Kind == IndexKind.Primary)
                    yield return new StoredRow(key[KeyCodec.Rows(Table.Id).Length..], RowCodec.Decode(Table, value));
                else if (ByHandle(Encoding.ASCII.GetString(value)) is { } row)
                    yield return row;
            }
        }
    }

    private StoredRow? Point(string key)
    {
        if (transaction.Get(key) is not { } value)
            return null;
        return _index!.Kind == IndexKind.Primary
            ? new StoredRow(key[KeyCodec.Rows(Table.Id).Length..], RowCodec.Decode(Table, value))
            : ByHandle(Encoding.ASCII.GetString(value));
    }

    private StoredRow? ByHandle(string handle) =>
        transaction.Get(KeyCodec.Rows(Table.Id) + handle) is { } row
            ? new StoredRow(handle, RowCodec.Decode(Table, row)) : null;
}
