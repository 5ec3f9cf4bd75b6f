using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>A warning or note of the last statement.</summary>
internal sealed record SqlWarning(string Level, int Code, string Message);

/// <summary>One connection: its variables, its transaction, its warnings.</summary>
internal sealed class SqlSession : ISqlSession
{
    private const int MostWarnings = 64;
    private const int LongestStatement = 64 * 1024 * 1024;

    private readonly List<(string Name, int Mark)> _savepoints = [];
    private Transaction? _transaction;
    private bool _closed;
    private bool _mayWait;

    public SqlSession(SqlServer server, long connectionId, Account account, string clientHost)
    {
        Server = server;
        ConnectionId = connectionId;
        User = account.User;
        AccountHost = account.Host;
        ClientHost = clientHost;
        Variables = new Variables(server);
    }

    public SqlServer Server { get; }
    public long ConnectionId { get; }
    public string User { get; }
    public string AccountHost { get; }
    public string ClientHost { get; }
    public string? Database { get; set; }
    public string? Statement { get; private set; }
    public Variables Variables { get; }
    public SortedDictionary<string, SqlValue> UserVariables { get; } = new(StringComparer.OrdinalIgnoreCase);
    public long LastInsertId { get; set; }
    public long RowCount { get; private set; } = -1;
    public long FoundRows { get; private set; }
    public List<SqlWarning> ShownWarnings { get; private set; } = [];
    private List<SqlWarning> Warnings { get; set; } = [];

    /// <inheritdoc/>
    public bool CountsFoundRows { get; set; }

    /// <inheritdoc/>
    public bool InTransaction => _transaction is not null;

    /// <inheritdoc/>
    public bool Autocommit => Variables.IsOn("autocommit");

    /// <inheritdoc/>
    public int WarningCount => Warnings.Count;

    public void Warn(SqlFault fault) => Add("Warning", fault);

    public void Note(SqlFault fault) => Add("Note", fault);

    private void Add(string level, SqlFault fault)
    {
        if (Warnings.Count < MostWarnings)
            Warnings.Add(new SqlWarning(level, fault.Code, fault.Message));
    }

    /// <summary>How values that do not fit are treated: by the SQL mode, or by IGNORE.</summary>
    public Strictness StrictnessFor(bool ignore) =>
        !ignore && (Variables.HasSqlMode("STRICT_TRANS_TABLES") || Variables.HasSqlMode("STRICT_ALL_TABLES"))
            ? Strict.Instance : new Lenient(Warn);

    public void Use(Catalog catalog, string database) =>
        Database = SystemTables.IsSystem(database) ? SystemTables.NameOf(database) : catalog.Database(database).Name;

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _transaction = null;
        Server.Closed(this);
    }

    /// <inheritdoc/>
    public bool IsClosed => _closed;

    public SqlResult Execute(string statement) => Execute(statement, mayWait: false)!;

    /// <inheritdoc/>
    public SqlResult? Attempt(string statement) => Execute(statement, mayWait: true);

    private SqlResult? Execute(string statement, bool mayWait)
    {
        _mayWait = mayWait;
        if (_closed)
            throw new SqlFault(1317, "70100", "Query execution was interrupted");
        if (statement.Length > LongestStatement)
            throw new SqlFault(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes");
        Statement = statement;
        ShownWarnings = Warnings;
        Warnings = [];
        var parsed = default(Statement);
        try
        {
            parsed = Parser.Parse(statement);
            return parsed is not null ? Run(parsed)
                : throw new SqlFault(1065, "42000", "Query was empty");
        }
        catch (SqlFault fault)
        {
            RowCount = -1;
            Add("Error", fault);
            throw;
        }
        catch (Exception cause) when (mayWait && cause is (RegionUnavailable or TimestampUnavailable))
        {
            return null;
        }
        catch (RegionUnavailable cause)
        {
            throw GivenUp(parsed, SqlErrors.RegionUnavailable(cause));
        }
        catch (TimestampUnavailable cause)
        {
            throw GivenUp(parsed, SqlErrors.TimestampUnavailable(cause));
        }
        catch (InsufficientExecutionStackException)
        {
            throw SqlErrors.Unsupported("expressions nested this deep");
        }
    }

    /// <summary>A commit that failed for good leaves nothing behind that a later one could still write.</summary>
    private SqlFault GivenUp(Statement? statement, SqlFault fault)
    {
        RowCount = -1;
        if (statement is Commit)
            RollbackOpen();
        return fault;
    }

    private SqlResult Run(Statement statement)
    {
        if (statement is Show { What: "WARNINGS" or "ERRORS" })
            Warnings = ShownWarnings;
        var catalog = Server.CurrentCatalog();
        var transaction = _transaction ?? new Transaction(Server.Store);
        var context = new StatementContext(this, catalog, transaction, Server.Facts.Now());
        if (Changes(statement) && _transaction is null && !Autocommit)
            _transaction = transaction;
        // A transaction that was open is ended by its own statements alone: COMMIT has written it, ROLLBACK dropped it.
        var isOwn = _transaction is null;
        var mark = transaction.Mark;
        try
        {
            var outcome = new Statements(context).Run(statement);
            var result = ToResult(outcome, context);
            if (isOwn && _transaction is null)
                CommitNow(transaction);
            return result;
        }
        catch (Exception) when (Undo(transaction, mark))
        {
            throw;
        }
    }

    /// <summary>A statement that fails has changed nothing, also within a transaction.</summary>
    private static bool Undo(Transaction transaction, int mark)
    {
        transaction.RollbackTo(Math.Min(mark, transaction.Mark));
        return false;
    }

    private static bool Changes(Statement statement) =>
        statement is Insert or Update or Delete or Select { From: not null } or Union;

    private SqlResult ToResult(Outcome outcome, StatementContext context)
    {
        if (outcome.Plan is not { } plan)
        {
            RowCount = outcome.Affected;
            return new SqlResult(null, [], outcome.Affected, outcome.LastInsertId)
            {
                Delay = context.Delay,
                Warnings = Warnings.Count,
            };
        }

        var rows = new List<IReadOnlyList<string?>>();
        foreach (var row in plan.Rows())
        {
            var values = new string?[row.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = Results.Text(row[i], plan.Columns[i].Type);
            rows.Add(values);
        }

        RowCount = -1;
        FoundRows = rows.Count;
        return new SqlResult([.. plan.Columns.Select(Results.Column)], rows, 0, 0)
        {
            Delay = context.Delay,
            Warnings = Warnings.Count,
        };
    }

    public void Begin()
    {
        CommitOpen();
        Server.Store.Timestamp();
        _transaction = new Transaction(Server.Store);
    }

    /// <summary>
    /// Commits what is open; nothing is left open, whatever becomes of it, unless the commit will be attempted again.
    /// </summary>
    public void CommitOpen()
    {
        var open = _transaction;
        _transaction = null;
        _savepoints.Clear();
        if (open is null)
            return;
        try
        {
            CommitNow(open);
        }
        catch (Exception cause) when (_mayWait && cause is (RegionUnavailable or TimestampUnavailable))
        {
            _transaction = open;
            throw;
        }
    }

    private void CommitNow(Transaction transaction)
    {
        if (transaction.Tables.Count > 0)
        {
            var catalog = Server.CurrentCatalog();
            foreach (var table in transaction.Tables.Values)
                if (catalog.Table(table.Database, table.Name) is not { } now || now.Version != table.Version)
                    throw new SqlFault(8028, "HY000",
                        "Information schema is changed during the execution of the statement (for example, table " +
                        "definition may be updated by other DDL ran in parallel) [try again later]");
        }

        transaction.Commit();
    }

    public void RollbackOpen()
    {
        _transaction = null;
        _savepoints.Clear();
    }

    public void SetSavepoint(string name)
    {
        if (_transaction is null && Autocommit)
            return;
        _transaction ??= new Transaction(Server.Store);
        _savepoints.RemoveAll(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        _savepoints.Add((name, _transaction.Mark));
    }

    public void RollbackTo(string name)
    {
        var index = Find(name);
        _transaction!.RollbackTo(_savepoints[index].Mark);
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    public void Release(string name)
    {
        var index = Find(name);
        _savepoints.RemoveRange(index, _savepoints.Count - index);
    }

    private int Find(string name)
    {
        var index = _savepoints.FindLastIndex(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 && _transaction is not null ? index
            : throw new SqlFault(1305, "42000", $"SAVEPOINT {name} does not exist");
    }
}
