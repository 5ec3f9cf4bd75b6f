namespace Tidekeeper.Playground.Network;

/// <summary>Something that accepts connections on a port.</summary>
public interface IListener;

/// <summary>Answers HTTP. Called with the world's gate held; answers at once or later.</summary>
public interface IHttpListener : IListener
{
    void Handle(HttpCall call, Action<HttpReply> reply);
}

/// <summary>Accepts SQL sessions; the server speaks the MySQL protocol in front of it.</summary>
public interface ISqlListener : IListener
{
    /// <summary>Opens a session, as after a successful handshake; throws <see cref="SqlFault"/> to refuse.</summary>
    ISqlSession Open(string user, string? database);
}

/// <summary>One SQL connection. Called with the world's gate held.</summary>
public interface ISqlSession
{
    /// <summary>Runs one statement; throws <see cref="SqlFault"/> for an error that the client sees.</summary>
    SqlResult Execute(string statement);

    void Close();
}

/// <summary>The answer to one statement: rows, or a count.</summary>
/// <param name="Columns">Null for a statement without a result set.</param>
/// <param name="Rows">Values as text, null for SQL NULL, in the order of the columns.</param>
public sealed record SqlResult(
    IReadOnlyList<SqlColumn>? Columns,
    IReadOnlyList<IReadOnlyList<string?>> Rows,
    long AffectedRows,
    long LastInsertId);

/// <summary>A column of a result set; <paramref name="MySqlType"/> is the protocol's type number (253 = VAR_STRING).</summary>
public sealed record SqlColumn(string Name, byte MySqlType, string Table = "", string Schema = "");

/// <summary>A MySQL error: number, SQLSTATE and text as a real server sends them.</summary>
public sealed class SqlFault(int code, string state, string message) : Exception(message)
{
    public int Code { get; } = code;
    public string State { get; } = state;
}

/// <summary>One HTTP request between components.</summary>
/// <param name="PathAndQuery">With the leading slash, as on the request line.</param>
public sealed record HttpCall(string Method, string PathAndQuery, string Body = "", string ContentType = "");

/// <summary>One HTTP answer.</summary>
public sealed record HttpReply(int Status, string Body, string ContentType = "application/json; charset=UTF-8");
