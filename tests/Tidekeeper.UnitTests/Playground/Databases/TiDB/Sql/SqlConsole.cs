using System.Text;
using Tidekeeper.Playground.Databases.TiDB.Sql;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB.Sql;

/// <summary>
/// A SQL session whose answers are text: rows as in <c>mysql --batch</c>, counts and errors as a line.
/// </summary>
public sealed class SqlConsole
{
    private readonly ISqlSession _session;

    public MemoryKeyValue Rows { get; }
    public SqlServer Server { get; }

    public SqlConsole(MemoryKeyValue? rows = null, string user = "root")
    {
        Rows = rows ?? new MemoryKeyValue();
        Server = ServerOf(Rows);
        _session = Server.Open(user, "test");
    }

    private SqlConsole(SqlConsole other)
    {
        Rows = other.Rows;
        Server = other.Server;
        _session = Server.Open("root", "test");
    }

    public ISqlSession Session => _session;

    /// <summary>A second session of the same server.</summary>
    public SqlConsole Another() => new(this);

    public static SqlServer ServerOf(MemoryKeyValue rows) => new(rows, new SqlFacts
    {
        Version = "v8.5.1",
        ServerName = "basic-tidb-0",
        Now = () => new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Chance = new Random(1),
    });

    /// <summary>Runs statements, one a line; the answers one below the other.</summary>
    public string Run(string statements)
    {
        var text = new StringBuilder();
        foreach (var line in statements.Split('\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            text.AppendLine(Answer(line));
        return text.ToString().TrimEnd();
    }

    private string Answer(string statement)
    {
        try
        {
            var result = _session.Execute(statement);
            return result.Columns is null ? $"ok {result.AffectedRows}" : string.Join('\n', result.Rows
                .Select(r => string.Join('\t', r.Select(v => v ?? "NULL")))
                .Prepend(string.Join('\t', result.Columns.Select(c => c.Name))));
        }
        catch (SqlFault fault)
        {
            return $"ERROR {fault.Code} ({fault.State}): {fault.Message}";
        }
    }
}
