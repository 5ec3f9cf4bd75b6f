namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>What the parts of one running statement share.</summary>
internal sealed class StatementContext(SqlSession session, Catalog catalog, Transaction transaction, DateTimeOffset now)
{
    public SqlSession Session { get; } = session;
    public Catalog Catalog { get; } = catalog;
    public Transaction Transaction { get; } = transaction;
    public IKeyValue Store => Session.Server.Store;

    /// <summary>The same for the whole statement.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>How long the client has to wait for the answer, after SLEEP.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The database meant by a name without one; error 1046 when none is selected.</summary>
    public string DatabaseOf(string? name) => name ?? Session.Database ?? throw SqlErrors.NoDatabase();

    /// <summary>A stored table; errors 1049 and 1146 when there is none.</summary>
    public TableSchema Table(TableName name)
    {
        var database = DatabaseOf(name.Database);
        if (SystemTables.IsSystem(database))
            throw new Network.SqlFault(1142, "42000",
                $"command denied to user '{Session.User}'@'{Session.AccountHost}' " +
                $"for table '{name.Name.ToLowerInvariant()}'");
        return Catalog.Table(database, name.Name) ?? throw SqlErrors.UnknownTable(database, name.Name);
    }

    public Plan Plan(Query query) => new QueryPlanner(this).Plan(query);
}

/// <summary>A query ready to run: its columns, and its rows on demand.</summary>
internal sealed record Plan(IReadOnlyList<PlanColumn> Columns, Func<IEnumerable<SqlValue[]>> Rows)
{
    /// <summary>What EXPLAIN shows, one operator a line, the last one first.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}

internal sealed record PlanColumn(string Name, ColumnType Type, ScopeColumn? Source = null);

/// <summary>Rows from FROM, before WHERE.</summary>
internal sealed record Source(Scope Scope, Func<IEnumerable<SqlValue[]>> Rows)
{
    /// <summary>Set when the rows come from one stored table.</summary>
    public AccessPath? Path { get; init; }

    public IReadOnlyList<string> Steps { get; init; } = [];
}
