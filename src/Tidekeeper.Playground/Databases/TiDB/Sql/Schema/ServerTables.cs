namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>System tables about the server, its variables, users and cluster.</summary>
internal static class ServerTables
{
    public static IEnumerable<SystemTable> All =>
    [
        new("ENGINES", SystemTables.Columns("ENGINE SUPPORT COMMENT TRANSACTIONS XA SAVEPOINTS"), _ =>
            [["InnoDB", "DEFAULT", "Supports transactions, row-level locking, and foreign keys", "YES", "YES", "YES"]]),
        new("CHARACTER_SETS", SystemTables.Columns("CHARACTER_SET_NAME DEFAULT_COLLATE_NAME DESCRIPTION #MAXLEN"), _ =>
            Charsets.Select(c => new object?[] { c.Name, c.Collation, c.Description, c.Bytes })),
        new("COLLATIONS", SystemTables.Columns(
            "COLLATION_NAME CHARACTER_SET_NAME #ID IS_DEFAULT IS_COMPILED #SORTLEN"), _ =>
            Collations.All.Select(c => new object?[] { c.Name, c.Charset, c.Id, c.Default ? "Yes" : "", "Yes", 1 })),
        new("PROCESSLIST", SystemTables.Columns("#ID USER HOST DB COMMAND #TIME STATE INFO"), Processes),
        new("CLUSTER_INFO", SystemTables.Columns(
            "TYPE INSTANCE STATUS_ADDRESS VERSION GIT_HASH START_TIME UPTIME #SERVER_ID"), c =>
            c.Session.Server.Facts.ClusterInfo().Select(m => new object?[]
            {
                m.Type, m.Instance, m.StatusAddress, m.Version, "None", m.StartTime, m.Uptime, 0,
            })),
        new("SESSION_VARIABLES", SystemTables.Columns("VARIABLE_NAME VARIABLE_VALUE"), c => Variables(c, false)),
        new("GLOBAL_VARIABLES", SystemTables.Columns("VARIABLE_NAME VARIABLE_VALUE"), c => Variables(c, true)),
        new("USER_PRIVILEGES", SystemTables.Columns("GRANTEE TABLE_CATALOG PRIVILEGE_TYPE IS_GRANTABLE"), c =>
            Accounts.All(c.Store)
                .Select(a => new object?[] { $"'{a.User}'@'{a.Host}'", "def", "ALL PRIVILEGES", "YES" })),
    ];

    public static IEnumerable<SystemTable> Performance =>
    [
        new("session_variables", SystemTables.Columns("VARIABLE_NAME VARIABLE_VALUE"), c => Variables(c, false)),
        new("global_variables", SystemTables.Columns("VARIABLE_NAME VARIABLE_VALUE"), c => Variables(c, true)),
    ];

    public static IEnumerable<SystemTable> Mysql =>
    [
        new("user", SystemTables.Columns("Host User authentication_string plugin account_locked"), c =>
            Accounts.All(c.Store).Select(a => new object?[] { a.Host, a.User, a.Secret, a.Plugin, "N" })),
        new("tidb", SystemTables.Columns("VARIABLE_NAME VARIABLE_VALUE COMMENT"), _ =>
        [
            ["bootstrapped", "True", "Bootstrap flag. Do not delete."],
            ["tidb_server_version", "221", "Bootstrap version. Do not delete."],
            ["new_collation_enabled", "True", "If the new collations are enabled. Do not edit it."],
        ]),
    ];

    public static IEnumerable<(string Name, string Description, string Collation, int Bytes)> Charsets =>
    [
        ("ascii", "US ASCII", "ascii_bin", 1), ("binary", "binary", "binary", 1),
        ("gbk", "Chinese Internal Code Specification", "gbk_chinese_ci", 2),
        ("latin1", "Latin1", "latin1_bin", 1), ("utf8", "UTF-8 Unicode", "utf8_bin", 3),
        ("utf8mb4", "UTF-8 Unicode", "utf8mb4_bin", 4),
    ];

    public static IEnumerable<object?[]> Processes(StatementContext context) =>
        context.Session.Server.Sessions.Select(s => new object?[]
        {
            s.ConnectionId, s.User, s.ClientHost, s.Database, s == context.Session ? "Query" : "Sleep", 0,
            s.InTransaction ? "in transaction; autocommit" : "autocommit", s == context.Session ? s.Statement : null,
        });

    private static IEnumerable<object?[]> Variables(StatementContext context, bool global) =>
        context.Session.Variables.All(global).Select(v => new object?[] { v.Name, v.Value.ToClient() });
}
