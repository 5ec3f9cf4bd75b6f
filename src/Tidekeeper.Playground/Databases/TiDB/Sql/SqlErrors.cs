using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>The errors that clients see: numbers, SQLSTATEs and texts of TiDB.</summary>
internal static class SqlErrors
{
    public static SqlFault Syntax(string sql, int at)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < at && i < sql.Length; i++)
        {
            if (sql[i] != '\n')
                continue;
            line++;
            lineStart = i + 1;
        }

        var near = at >= sql.Length ? "" : sql[at..Math.Min(sql.Length, at + 2048)];
        return new SqlFault(1064, "42000",
            "You have an error in your SQL syntax; check the manual that corresponds to your TiDB version for the " +
            $"right syntax to use line {line} column {at - lineStart + 1} near \"{near}\" ");
    }

    public static SqlFault Unsupported(string what) =>
        new(1235, "42000", $"This version of the simulated TiDB doesn't yet support '{what}'");

    public static SqlFault NoDatabase() => new(1046, "3D000", "No database selected");

    public static SqlFault UnknownDatabase(string name) => new(1049, "42000", $"Unknown database '{name}'");

    public static SqlFault UnknownTable(string database, string table) =>
        new(1146, "42S02", $"Table '{database}.{table}' doesn't exist");

    public static SqlFault UnknownColumn(string column, string clause) =>
        new(1054, "42S22", $"Unknown column '{column}' in '{clause}'");

    public static SqlFault Ambiguous(string column, string clause) =>
        new(1052, "23000", $"Column '{column}' in {clause} is ambiguous");

    public static SqlFault DuplicateKey(string value, string key) =>
        new(1062, "23000", $"Duplicate entry '{value}' for key '{key}'");

    public static SqlFault NotNull(string column) => new(1048, "23000", $"Column '{column}' cannot be null");

    public static SqlFault NoDefault(string column) =>
        new(1364, "HY000", $"Field '{column}' doesn't have a default value");

    public static SqlFault TooLong(string column, long row) =>
        new(1406, "22001", $"Data too long for column '{column}' at row {row}");

    public static SqlFault OutOfRange(string column, long row) =>
        new(1264, "22003", $"Out of range value for column '{column}' at row {row}");

    public static SqlFault Incorrect(string type, string value, string column, long row) =>
        type is "int" or "decimal" or "double" or "string"
            ? new(1366, "HY000", $"Incorrect {type} value: '{value}' for column '{column}' at row {row}")
            : new(1292, "22007", $"Incorrect {type} value: '{value}' for column '{column}' at row {row}");

    public static SqlFault Truncated(string column, long row) =>
        new(1265, "01000", $"Data truncated for column '{column}' at row {row}");

    public static SqlFault Overflow(string type, string expression) =>
        new(1690, "22003", $"{type} value is out of range in '{expression}'");

    public static SqlFault ColumnCount(long row) =>
        new(1136, "21S01", $"Column count doesn't match value count at row {row}");

    public static SqlFault WrongArguments(string function) =>
        new(1582, "42000", $"Incorrect parameter count in the call to native function '{function}'");

    public static SqlFault UnknownVariable(string name) =>
        new(1193, "HY000", $"Unknown system variable '{name}'");

    public static SqlFault RegionUnavailable(RegionUnavailable cause) =>
        new(9005, "HY000", $"Region is unavailable: {cause.Message}");

    public static SqlFault TimestampUnavailable(TimestampUnavailable cause) =>
        new(9001, "HY000", cause.Message.StartsWith("PD server timeout", StringComparison.Ordinal)
            ? cause.Message
            : $"PD server timeout: {cause.Message}");

    public static SqlFault WriteConflict(string key) =>
        new(9007, "HY000", $"Write conflict, key={key}, reason=Optimistic [try again later]");
}
