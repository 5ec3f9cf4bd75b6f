using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// The sessions of one TiDB server. They end with it: a session that outlived its process would go on writing from a
/// pod that Kubernetes believes to be gone.
/// </summary>
internal sealed class CountedSessions(ISqlListener inner) : ISqlListener, ISqlAuthentication
{
    private readonly List<Session> _sessions = [];
    private bool _closed;

    public int Count => _sessions.Count;
    public long Succeeded { get; private set; }
    public long Failed { get; private set; }

    public string ServerVersion => inner.ServerVersion;

    public string PluginOf(string user, string clientHost) => _closed ? throw Shutdown()
        : (inner as ISqlAuthentication)?.PluginOf(user, clientHost) ?? "mysql_native_password";

    public void Authenticate(string user, string clientHost, byte[] nonce, byte[] response)
    {
        if (_closed)
            throw Shutdown();
        (inner as ISqlAuthentication)?.Authenticate(user, clientHost, nonce, response);
    }

    public ISqlSession Open(string user, string? database, string clientHost = "127.0.0.1")
    {
        if (_closed)
            throw Shutdown();
        var session = new Session(this, inner.Open(user, database, clientHost));
        _sessions.Add(session);
        return session;
    }

    public void CloseAll()
    {
        _closed = true;
        while (_sessions.Count > 0)
            _sessions[^1].Close();
    }

    private static SqlFault Shutdown() => new(1053, "08S01", "Server shutdown in progress");

    private sealed class Session(CountedSessions owner, ISqlSession inner) : ISqlSession
    {
        public bool InTransaction => inner.InTransaction;
        public bool Autocommit => inner.Autocommit;
        public long ConnectionId => inner.ConnectionId;
        public bool CountsFoundRows { get => inner.CountsFoundRows; set => inner.CountsFoundRows = value; }

        public SqlResult Execute(string statement)
        {
            if (owner._closed)
                throw Shutdown();
            try
            {
                var result = inner.Execute(statement);
                owner.Succeeded++;
                return result;
            }
            catch (SqlFault)
            {
                owner.Failed++;
                throw;
            }
        }

        public void Close()
        {
            if (owner._sessions.Remove(this))
                inner.Close();
        }
    }
}
