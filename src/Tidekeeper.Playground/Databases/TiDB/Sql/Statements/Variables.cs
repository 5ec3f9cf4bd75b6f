using System.Globalization;
using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// System variables of one session. A global value lives in the store and is read by sessions that open after it
/// was set. Most variables have no effect here; what they are set to is remembered and shown.
/// </summary>
internal sealed class Variables
{
    private const string Prefix = "m_g_";

    private readonly SqlServer _server;
    private readonly SortedDictionary<string, SqlValue> _session = new(StringComparer.OrdinalIgnoreCase);

    public Variables(SqlServer server)
    {
        _server = server;
        foreach (var (name, value) in Globals())
            _session[name] = value;
    }

    public SqlValue Get(string name, bool global)
    {
        name = Alias(name);
        if (name.Equals("version", StringComparison.OrdinalIgnoreCase))
            return SqlValue.Of(_server.VersionText);
        if (name.Equals("hostname", StringComparison.OrdinalIgnoreCase))
            return SqlValue.Of(_server.Facts.ServerName);
        if (!global && _session.TryGetValue(name, out var set))
            return set;
        if (!VariableDefaults.All.TryGetValue(name, out var value))
            throw SqlErrors.UnknownVariable(name);
        return global && Globals()
            .FirstOrDefault(g =>
            string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } stored
            ? stored.Value : value;
    }

    public void Set(string scope, string name, SqlValue? value)
    {
        name = Alias(name);
        if (!VariableDefaults.All.TryGetValue(name, out var start))
            throw SqlErrors.UnknownVariable(name);
        if (VariableDefaults.IsReadOnly(name))
            throw new SqlFault(1238, "HY000", $"Variable '{name}' is a read only variable");
        var next = Checked(name, value ?? start, start);
        if (scope != "GLOBAL")
        {
            _session[name] = next;
            if (name is "character_set_client" or "character_set_connection")
                _session["collation_connection"] =
                    SqlValue.Of(next.ToString() is { Length: > 0 } set && set != "default"
                    ? Collations.OfCharset(set) : Collations.Default);
            return;
        }

        _server.Store.Commit([(Prefix + name.ToLowerInvariant(), Encoding.UTF8.GetBytes(
            (next.IsNumber ? "n" : "t") + next))]);
    }

    public IEnumerable<(string Name, SqlValue Value)> All(bool global) =>
        VariableDefaults.All.Keys.Select(n => (n, Get(n, global)));

    public bool HasSqlMode(string mode) =>
        Get("sql_mode", false).ToString().Split(',').Contains(mode, StringComparer.OrdinalIgnoreCase);

    public bool IsOn(string name) => Get(name, false).ToString() is "1" or "ON" or "on";

    private static string Alias(string name) => name.ToLowerInvariant() switch
    {
        "tx_isolation" => "transaction_isolation",
        "tx_read_only" => "transaction_read_only",
        "sql_select_limit " => "sql_select_limit",
        var other => other,
    };

    private static SqlValue Checked(string name, SqlValue value, SqlValue start)
    {
        if (name == "sql_mode")
            return SqlValue.Of(SqlMode(value));
        if (!start.IsNumber)
            return value.IsNull ? value : SqlValue.Of(value.ToString() is "TRUE" or "true" ? "ON" : value.ToString());
        if (value.IsText && !NumberText.IsNumber(value.Text))
            return value.Text.ToUpperInvariant() switch
            {
                "ON" or "TRUE" => SqlValue.Of(1),
                "OFF" or "FALSE" => SqlValue.Of(0),
                _ => throw new SqlFault(1231, "42000", $"Variable '{name}' can't be set to the value of '{value}'"),
            };
        return SqlValue.Of(value.ToLong());
    }

    private static string SqlMode(SqlValue value)
    {
        if (value.IsNumber && value.ToLong() == 0)
            return "";
        var modes = value.ToString().ToUpperInvariant()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var mode in modes)
        {
            if (mode is "ANSI_QUOTES" or "ANSI" or "PIPES_AS_CONCAT" or "NO_BACKSLASH_ESCAPES")
                throw SqlErrors.Unsupported($"sql_mode {mode}");
            if (!VariableDefaults.SqlModes.Contains(mode))
                throw new SqlFault(1231, "42000", $"Variable 'sql_mode' can't be set to the value of '{mode}'");
        }

        return string.Join(',', modes.Distinct());
    }

    private IEnumerable<(string Name, SqlValue Value)> Globals()
    {
        foreach (var (key, bytes) in _server.Store.Scan(Prefix, KeyCodec.After(Prefix), 1000))
        {
            var text = Encoding.UTF8.GetString(bytes);
            yield return (key[Prefix.Length..], text[0] == 'n'
                ? SqlValue.Of(long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture)) : SqlValue.Of(text[1..]));
        }
    }
}
