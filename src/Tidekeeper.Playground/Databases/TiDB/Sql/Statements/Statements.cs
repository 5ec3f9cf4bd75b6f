using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Runs a parsed statement: one line per kind.</summary>
internal sealed class Statements(StatementContext context)
{
    private SqlSession Session => context.Session;

    public Outcome Run(Statement statement)
    {
        if (IsDefinition(statement))
            Session.CommitOpen();
        if (statement is Insert or Update or Delete)
            context.Store.Timestamp();
        return statement switch
        {
            Query query => new Outcome(context.Plan(query)),
            Insert insert => new Changes(context).Insert(insert),
            Update update => new Changes(context).Update(update),
            Delete delete => new Changes(context).Delete(delete),
            Begin => Do(Session.Begin),
            Commit => Do(Session.CommitOpen),
            Rollback { Savepoint: null } => Do(Session.RollbackOpen),
            Rollback { Savepoint: { } name } => Do(() => Session.RollbackTo(name)),
            Savepoint { Release: true } savepoint => Do(() => Session.Release(savepoint.Name)),
            Savepoint savepoint => Do(() => Session.SetSavepoint(savepoint.Name)),
            Use use => Do(() => Session.Use(context.Catalog, use.Database)),
            SetVariables set => Set(set),
            Show show => new Shows(context).Run(show),
            Explain explain => Explain(explain.Statement),
            Kill kill => Kill(kill),
            Accepted accepted => Accept(accepted),
            _ => Define(statement),
        };
    }

    private Outcome Define(Statement statement) => statement switch
    {
        CreateDatabase create => new Definitions(context).CreateDatabase(create),
        AlterDatabase alter => new Definitions(context).AlterDatabase(alter),
        DropDatabase drop => new Definitions(context).DropDatabase(drop),
        CreateTable create => new Definitions(context).CreateTable(create),
        DropTables drop => new Definitions(context).DropTables(drop),
        TruncateTable truncate => new Definitions(context).Truncate(truncate),
        RenameTables rename => new Definitions(context).Rename(rename),
        AlterTable alter => new Alterations(context).Alter(alter),
        CreateUsers create => Do(() => Accounts.Create(context, create)),
        AlterUsers alter => Do(() => Accounts.Alter(context, alter)),
        DropUsers drop => Do(() => Accounts.Drop(context, drop)),
        _ => throw SqlErrors.Unsupported(statement.GetType().Name),
    };

    private static bool IsDefinition(Statement statement) =>
        statement is CreateDatabase or AlterDatabase or DropDatabase or CreateTable or DropTables or TruncateTable
            or RenameTables or AlterTable or CreateUsers or AlterUsers or DropUsers;

    private static Outcome Do(Action action)
    {
        action();
        return Outcome.Done;
    }

    private Outcome Set(SetVariables set)
    {
        var binder = new Binder(context, Scope.Empty, "field list");
        foreach (var assignment in set.Assignments)
        {
            var value = assignment.Value is null ? (SqlValue?)null : binder.Bind(assignment.Value).Compute([]);
            if (assignment.Scope == "@")
                Session.UserVariables[assignment.Name] = value ?? SqlValue.Null;
            else
                Assign(assignment, value);
        }

        return Outcome.Done;
    }

    private void Assign(VariableAssignment assignment, SqlValue? value)
    {
        var before = Session.Autocommit;
        if (assignment.Name == "tidb_snapshot" && value is { IsNull: false } moment && moment.ToString().Length > 0)
            throw SqlErrors.Unsupported("reading of old snapshots (tidb_snapshot)");
        if (assignment.Name == "tidb_txn_mode" && value?.ToString() == "pessimistic")
            throw SqlErrors.Unsupported("pessimistic transactions (tidb_txn_mode)");
        Session.Variables.Set(assignment.Scope, assignment.Name, value);
        if (!before && Session.Autocommit)
            Session.CommitOpen();
    }

    private Outcome Explain(Statement statement)
    {
        var steps = statement switch
        {
            Query query => context.Plan(query).Steps,
            Update { Table: var table } update => ["Update", .. Steps(table, update.Where)],
            Delete { Table: var table } delete => ["Delete", .. Steps(table, delete.Where)],
            Insert => ["Insert"],
            _ => throw SqlErrors.Unsupported("EXPLAIN of this statement"),
        };
        return Outcome.Table([new PlanColumn("id", ColumnType.Text)], steps.Select(s => new[] { SqlValue.Of(s) }));
    }

    private IReadOnlyList<string> Steps(TableRef table, Expr? where) =>
        context.Plan(new Select([new SelectItem(null, "*", false)], table) { Where = where }).Steps;

    private Outcome Kill(Kill kill)
    {
        var session = Session.Server.Session(kill.Connection)
            ?? throw new SqlFault(1094, "HY000", $"Unknown thread id: {kill.Connection}");
        // A statement runs to its end before another one starts, so there is never a query to interrupt.
        if (!kill.QueryOnly)
            session.Close();
        return Outcome.Done;
    }

    /// <summary>
    /// LOCK TABLES locks nothing, as in TiDB without enable-table-lock; FLUSH and ANALYZE have nothing to do; GRANT and
    /// REVOKE change nothing, since every user may do everything.
    /// </summary>
    private Outcome Accept(Accepted accepted)
    {
        foreach (var table in accepted.Tables)
            if (!SystemTables.IsSystem(context.DatabaseOf(table.Database)))
                context.Table(table);
        if (accepted.What is not ("OPTIMIZE" or "CHECK" or "REPAIR"))
            return Outcome.Done;
        return Outcome.Table(
            [.. SystemTables.Columns("Table Op Msg_type Msg_text").Select(c => new PlanColumn(c.Name, c.Type))],
            accepted.Tables.Select(t => SystemTables.Row(
                [$"{context.DatabaseOf(t.Database)}.{t.Name}", accepted.What.ToLowerInvariant(), "status", "OK"])));
    }
}
