using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>SHOW: answers with the column names of a real server, since clients look for them.</summary>
internal sealed class Shows(StatementContext context)
{
    public Outcome Run(Show show) => show.What switch
    {
        "DATABASES" => Rows(show, "Database", SchemaTables.Databases(context).Select(d => new object?[] { d.Name })),
        "TABLES" => Tables(show),
        "TABLE STATUS" => TableStatus(show),
        "COLUMNS" => Columns(show),
        "INDEX" => Indexes(show),
        "CREATE TABLE" => CreateTable(show.Table!),
        "CREATE DATABASE" => CreateDatabase(show.Database!, show.IfNotExists),
        "CREATE USER" or "GRANTS" => Grants(show),
        "VARIABLES" => Rows(show, "Variable_name Value",
            context.Session.Variables.All(show.Global).Select(v => new object?[] { v.Name, Switch(v.Name, v.Value) })),
        "STATUS" => Rows(show, "Variable_name Value", Status()),
        "WARNINGS" or "ERRORS" => Rows(show, "Level #Code Message", context.Session.ShownWarnings
            .Where(w => show.What == "WARNINGS" || w.Level == "Error")
            .Select(w => new object?[] { w.Level, w.Code, w.Message })),
        "ENGINES" => Rows(show, "Engine Support Comment Transactions XA Savepoints",
            SystemTables.Find("INFORMATION_SCHEMA", "ENGINES").Rows(context)),
        "CHARSET" => Rows(show, "Charset Description Default_collation #Maxlen",
            ServerTables.Charsets.Select(c => new object?[] { c.Name, c.Description, c.Collation, c.Bytes })),
        "COLLATION" => Rows(show, "Collation Charset #Id Default Compiled #Sortlen",
            SystemTables.Find("INFORMATION_SCHEMA", "COLLATIONS").Rows(context)),
        "PROCESSLIST" => Rows(show, "#Id User Host db Command #Time State Info", ServerTables.Processes(context)),
        "MASTER STATUS" => Rows(show, "File #Position Binlog_Do_DB Binlog_Ignore_DB Executed_Gtid_Set",
            [["tidb-binlog", context.Store.Timestamp().ToString(), "", "", ""]]),
        _ => Empty(show),
    };

    private Outcome Empty(Show show) => show.What switch
    {
        "TRIGGERS" => Rows(show, "Trigger Event Table Statement Timing Created sql_mode Definer", []),
        "EVENTS" => Rows(show, "Db Name Definer Type Status", []),
        "PROCEDURE STATUS" => Rows(show, "Db Name Type Definer Modified Created", []),
        "OPEN TABLES" => Rows(show, "Database Table #In_use #Name_locked", []),
        "PLUGINS" => Rows(show, "Name Status Type Library License", []),
        "PRIVILEGES" => Rows(show, "Privilege Context Comment", []),
        "PROFILES" => Rows(show, "#Query_ID #Duration Query", []),
        "BINARY LOGS" => Rows(show, "Log_name #File_size", []),
        "SLAVE STATUS" => Rows(show, "Slave_IO_State Master_Host", []),
        _ => throw SqlErrors.Unsupported($"SHOW {show.What}"),
    };

    /// <summary>A table of text columns, filtered by LIKE on the first one or by WHERE.</summary>
    private Outcome Rows(Show show, string names, IEnumerable<object?[]> rows)
    {
        var columns = SystemTables.Columns(names);
        var scope = new Scope([.. columns.Select(c => new ScopeColumn("", "", c.Name, c.Type))]);
        var filter = show.Where ?? (show.Like is null ? null
            : new Like(new ColumnName(null, null, columns[0].Name), show.Like, '\\', false));
        var test = filter is null ? null : new Binder(context, scope, "where clause").Bind(filter);
        var values = rows.Select(SystemTables.Row).Where(r => test is null || test.Compute(r).IsTrue).ToList();
        return Outcome.Table([.. columns.Select(c => new PlanColumn(c.Name, c.Type))], values);
    }

    private static object? Switch(string name, SqlValue value) =>
        name is "autocommit" or "foreign_key_checks" or "unique_checks" or "sql_log_bin" or "sql_notes"
            or "sql_auto_is_null"
            && value.IsNumber ? value.IsTrue ? "ON" : "OFF" : value.ToClient();

    private IEnumerable<object?[]> Status() =>
    [
        ["Ssl_cipher", ""], ["Ssl_cipher_list", ""], ["Ssl_version", ""],
        ["Threads_connected", context.Session.Server.Sessions.Count.ToString()],
        ["Uptime", ((long)(context.Now - context.Session.Server.Started).TotalSeconds).ToString()],
        ["ddl_schema_version", context.Catalog.Version.ToString()],
        ["server_id", context.Session.Server.Facts.ServerName],
        ["tidb_simulated", "ON"],
    ];

    private string Database(string? name)
    {
        var database = context.DatabaseOf(name);
        return SystemTables.IsSystem(database) ? SystemTables.NameOf(database)
            : context.Catalog.Database(database).Name;
    }

    private Outcome Tables(Show show)
    {
        var database = Database(show.Database);
        var names = SystemTables.IsSystem(database)
            ? SystemTables.Listed(database).Select(t => (t.Name, Type: "SYSTEM VIEW"))
            : context.Catalog.Database(database).Tables.Values.Select(t => (t.Name, Type: "BASE TABLE"));
        var title = "Tables_in_" + database;
        return show.Full
            ? Rows(show, title + " Table_type", names.Select(n => new object?[] { n.Name, n.Type }))
            : Rows(show, title, names.Select(n => new object?[] { n.Name }));
    }

    private Outcome TableStatus(Show show)
    {
        var database = Database(show.Database);
        var tables = SystemTables.IsSystem(database) ? [] : context.Catalog.Database(database).Tables.Values.ToList();
        return Rows(show,
            """
            Name Engine #Version Row_format #Rows #Avg_row_length #Data_length #Max_data_length #Index_length #Data_free
            #Auto_increment Create_time Update_time Check_time Collation Checksum Create_options Comment
            """,
            tables.Select(t => new object?[]
            {
                t.Name, "InnoDB", 10, "Compact", SchemaTables.Rows(context, t), 0, 0, 0, 0, 0,
                SchemaTables.NextAutoIncrement(context, t), t.Created, null, null, t.Collation, "", "", t.Comment,
            }));
    }

    private Outcome Columns(Show show)
    {
        const string Short = "Field Type Null Key Default Extra";
        const string Long = "Field Type Collation Null Key Default Extra Privileges Comment";
        var database = context.DatabaseOf(show.Table!.Database);
        var rows = SystemTables.IsSystem(database)
            ? SystemTables.Find(database, show.Table.Name).Columns.Select(c => new object?[]
            {
                c.Name, c.Type.Describe(), c.Type.IsNumber ? null
                    : Collations.Default, "YES", "", null, "", "select", "",
            })
            : StoredColumns(context.Table(show.Table));
        return show.Full ? Rows(show, Long, rows)
            : Rows(show, Short, rows.Select(r => new[] { r[0], r[1], r[3], r[4], r[5], r[6] }));
    }

    private static IEnumerable<object?[]> StoredColumns(TableSchema table) => table.Columns.Select(c => new object?[]
    {
        c.Name, c.Type.Describe(), c.Type.IsCharacters ? c.Type.Collation : null, c.NotNull ? "NO" : "YES",
        SchemaTables.Key(table, c), SchemaTables.Default(c), SchemaTables.Extra(c),
        "select,insert,update,references", c.Comment,
    });

    private Outcome Indexes(Show show)
    {
        var table = context.Table(show.Table!);
        return Rows(show,
            """
            Table #Non_unique Key_name #Seq_in_index Column_name Collation #Cardinality #Sub_part Packed Null Index_type
            Comment Index_comment Visible Expression Clustered
            """,
            SchemaTables.Statistics(table).Select(s => new[]
            {
                s[2], s[3], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17],
                Equals(s[5], "PRIMARY") ? "YES" : "NO",
            }));
    }

    private Outcome CreateTable(TableName name)
    {
        var database = context.DatabaseOf(name.Database);
        if (SystemTables.IsSystem(database))
        {
            var system = SystemTables.Find(database, name.Name);
            var columns = string.Join(",\n",
                system.Columns.Select(c => $"  {TableText.Name(c.Name)} {c.Type.Describe()} DEFAULT NULL"));
            return Named(["Table", "Create Table"], system.Name,
                $"CREATE TABLE {TableText.Name(system.Name)} (\n{columns}\n)");
        }

        var table = context.Table(name);
        var next = context.Session.Server.Sequence.Stored(Sequence.KeyOf(table.Id));
        return Named(["Table", "Create Table"], table.Name, TableText.Create(table, next));
    }

    private Outcome CreateDatabase(string name, bool ifNotExists)
    {
        var database = SchemaTables.Databases(context)
            .FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw SqlErrors.UnknownDatabase(name);
        return Named(["Database", "Create Database"], database.Name, TableText.Create(database, ifNotExists));
    }

    private Outcome Grants(Show show)
    {
        var (user, host) = (context.Session.User, context.Session.AccountHost);
        if (show.Account is { Length: > 1 } asked)
            (user, host) = (asked[..asked.LastIndexOf('@')], asked[(asked.LastIndexOf('@') + 1)..]);
        var account = Accounts.Find(context.Store, user, host)
            ?? throw new SqlFault(1141, "42000", $"There is no such grant defined for user '{user}' on host '{host}'");
        return show.What == "GRANTS"
            ? Named([$"Grants for {user}@{host}"],
                $"GRANT ALL PRIVILEGES ON *.* TO '{user}'@'{host}' WITH GRANT OPTION")
            : Named([$"CREATE USER for {user}@{host}"],
                $"CREATE USER '{user}'@'{host}' IDENTIFIED WITH '{account.Plugin}' AS '{account.Secret}' REQUIRE NONE");
    }

    private static Outcome Named(string[] columns, params string[] values) => Outcome.Table(
        [.. columns.Select(c => new PlanColumn(c, ColumnType.Text))], [[.. values.Select(v => SqlValue.Of(v))]]);
}
