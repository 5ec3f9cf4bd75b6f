namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Functions about the server and the session.</summary>
internal static class SessionFunctions
{
    /// <summary>SLEEP waits at most this long, so that nobody holds a connection for ever.</summary>
    private const double LongestSleepSeconds = 30;

    public static IEnumerable<(string Names, Function Function)> All =>
    [
        ("VERSION", Text(c => c.Session.Server.VersionText)),
        ("TIDB_VERSION", Text(c => c.Session.Server.LongVersion)),
        ("DATABASE SCHEMA", Text(c => c.Session.Database)),
        ("USER SESSION_USER SYSTEM_USER", Text(c => $"{c.Session.User}@{c.Session.ClientHost}")),
        ("CURRENT_USER", Text(c => $"{c.Session.User}@{c.Session.AccountHost}")),
        ("CURRENT_ROLE", Text(_ => "NONE")),
        ("CONNECTION_ID", Number(c => SqlValue.Of((ulong)c.Session.ConnectionId))),
        ("LAST_INSERT_ID", new Function(0, 1, _ => ColumnType.UnsignedBigInt, (c, a) =>
        {
            if (a.Length == 0)
                return SqlValue.Of((ulong)c.Session.LastInsertId);
            c.Session.LastInsertId = a[0].ToLong();
            return a[0];
        }) { IsVolatile = true }),
        ("ROW_COUNT", Number(c => SqlValue.Of(c.Session.RowCount))),
        ("FOUND_ROWS", Number(c => SqlValue.Of(c.Session.FoundRows))),
        ("SLEEP", new Function(1, 1, _ => ColumnType.BigInt, (c, a) =>
        {
            var seconds = a[0].ToDouble();
            if (seconds is < 0 or > LongestSleepSeconds)
                throw SqlErrors.Unsupported($"SLEEP of less than 0 or more than {LongestSleepSeconds} seconds");
            c.Delay += TimeSpan.FromSeconds(seconds);
            return c.Delay.TotalSeconds <= LongestSleepSeconds ? SqlValue.Of(0)
                : throw SqlErrors.Unsupported($"SLEEP of more than {LongestSleepSeconds} seconds in one statement");
        }) { IsVolatile = true }),
        ("UUID", new Function(0, 0, _ => ColumnType.Text, (c, _) =>
        {
            var bytes = new byte[16];
            c.Session.Server.Facts.Chance.NextBytes(bytes);
            return SqlValue.Of(new Guid(bytes).ToString());
        }) { IsVolatile = true }),
        ("TIDB_IS_DDL_OWNER", Number(_ => SqlValue.Of(1))),
        ("TIDB_CURRENT_TSO", Number(c => SqlValue.Of(c.Session.InTransaction ? c.Store.Timestamp() : 0UL))),
        ("TIDB_PARSE_TSO", new Function(1, 1, _ => ColumnType.DateTime with { Scale = 6 }, (_, a) =>
            SqlValue.OfDateTime(Temporal.Text(DateTime.UnixEpoch.AddMilliseconds(a[0].ToLong() >> 18), 6)))),
    ];

    private static Function Text(Func<StatementContext, string?> read) =>
        new(0, 0, _ => ColumnType.Text, (c, _) => SqlValue.Of(read(c)));

    private static Function Number(Func<StatementContext, SqlValue> read) =>
        new(0, 0, _ => ColumnType.BigInt, (c, _) => read(c));
}
