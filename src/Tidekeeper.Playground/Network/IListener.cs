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
    ISqlSession Open(string user, string? database, string clientHost = "127.0.0.1");

    /// <summary>
    /// Nobody new is served any more, but those who are connected are, until their sessions are closed.
    /// </summary>
    bool IsDraining => false;

    /// <summary>What the handshake calls the server's version.</summary>
    string ServerVersion => "8.0.11";
}

/// <summary>Checks passwords; an <see cref="ISqlListener"/> that does not implement it lets everybody in.</summary>
public interface ISqlAuthentication
{
    /// <summary>mysql_native_password or caching_sha2_password.</summary>
    string PluginOf(string user, string clientHost);

    /// <summary>
    /// Verifies what the client computed from its password and the <paramref name="nonce"/> of the handshake; empty
    /// means no password. Throws <see cref="SqlFault"/> 1045 when it does not fit.
    /// </summary>
    void Authenticate(string user, string clientHost, byte[] nonce, byte[] response);
}

/// <summary>One SQL connection. Called with the world's gate held.</summary>
public interface ISqlSession
{
    /// <summary>Runs one statement; throws <see cref="SqlFault"/> for an error that the client sees.</summary>
    /// <remarks>Bytes that are no UTF-8 travel as <see cref="ByteText"/>, in statements and in values.</remarks>
    SqlResult Execute(string statement);

    /// <summary>
    /// Like <see cref="Execute"/>, but null when stores or PD do not answer just now: nothing has changed, and the
    /// same statement may be attempted again, as a real server does within itself. Who has waited long enough calls
    /// <see cref="Execute"/> for the error.
    /// </summary>
    SqlResult? Attempt(string statement) => Execute(statement);

    /// <summary>The server has ended the session.</summary>
    bool IsClosed => false;

    /// <summary>For the flags that the protocol sends with every answer.</summary>
    bool InTransaction => false;

    bool Autocommit => true;

    /// <summary>The id that the handshake tells and KILL takes.</summary>
    long ConnectionId => 0;

    /// <summary>
    /// The client wants the number of rows found by an UPDATE, not of those changed (CLIENT_FOUND_ROWS).
    /// </summary>
    bool CountsFoundRows { get => false; set { } }

    void Close();
}

/// <summary>The answer to one statement: rows, or a count.</summary>
/// <param name="Columns">Null for a statement without a result set.</param>
/// <param name="Rows">Values as text, null for SQL NULL, in the order of the columns.</param>
public sealed record SqlResult(
    IReadOnlyList<SqlColumn>? Columns,
    IReadOnlyList<IReadOnlyList<string?>> Rows,
    long AffectedRows,
    long LastInsertId)
{
    /// <summary>How long to wait before the client gets the answer: SLEEP() does not stop the world.</summary>
    public TimeSpan Delay { get; init; }

    public int Warnings { get; init; }
}

/// <summary>
/// A column of a result set; <paramref name="MySqlType"/> is the protocol's type number (253 = VAR_STRING).
/// </summary>
public sealed record SqlColumn(string Name, byte MySqlType, string Table = "", string Schema = "")
{
    public string OriginalName { get; init; } = "";
    public string OriginalTable { get; init; } = "";

    /// <summary>Character set "binary": numbers, dates and bytes, as opposed to text.</summary>
    public bool IsBinary { get; init; }

    public bool IsUnsigned { get; init; }
    public bool IsNotNull { get; init; }
    public bool IsAutoIncrement { get; init; }
    public byte Decimals { get; init; }

    /// <summary>Longest value in bytes.</summary>
    public long Length { get; init; } = 1024;
}

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
