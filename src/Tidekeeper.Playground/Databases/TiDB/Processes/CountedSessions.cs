using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// The sessions of one TiDB server. They end with it: a session that outlived its process would go on writing from a
/// pod that Kubernetes believes to be gone.
/// </summary>
internal sealed class CountedSessions(ISqlListener inner, Func<DateTimeOffset> now) : ISqlListener, ISqlAuthentication
{
    // An answer that has been made still has to travel; nobody is cut off before it has arrived.
    private static readonly TimeSpan Travel = TimeSpan.FromMilliseconds(200);
    private readonly List<Session> _sessions = [];
    private bool _closed;

    private DateTimeOffset Now => now();

    public int Count => _sessions.Count;
    public long Succeeded { get; private set; }
    public long Failed { get; private set; }

    /// <inheritdoc/>
    public bool IsDraining { get; private set; }

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
        if (_closed || IsDraining)
            throw Shutdown();
        var session = new Session(this, inner.Open(user, database, clientHost));
        _sessions.Add(session);
        return session;
    }

    /// <summary>
    /// Opens nothing more and ends who is idle: neither in a transaction nor within a statement. True while somebody
    /// is left.
    /// </summary>
    public bool Drain()
    {
        IsDraining = !_closed;
        foreach (var session in _sessions.Where(s => s.IsIdle).ToList())
            session.Close();
        return _sessions.Count > 0;
    }

    public void CloseAll()
    {
        (_closed, IsDraining) = (true, false);
        while (_sessions.Count > 0)
            _sessions[^1].Close();
    }

    private static SqlFault Shutdown() => new(1053, "08S01", "Server shutdown in progress");

    private sealed class Session(CountedSessions owner, ISqlSession inner) : ISqlSession
    {
        private DateTimeOffset _busyUntil;
        private bool _isWaiting;

        public bool InTransaction => inner.InTransaction;
        public bool Autocommit => inner.Autocommit;
        public long ConnectionId => inner.ConnectionId;
        public bool CountsFoundRows { get => inner.CountsFoundRows; set => inner.CountsFoundRows = value; }
        public bool IsClosed { get; private set; }

        public bool IsIdle => !InTransaction && !_isWaiting && owner.Now >= _busyUntil;

        public SqlResult Execute(string statement) => Run(() => inner.Execute(statement))!;

        public SqlResult? Attempt(string statement) => Run(() => inner.Attempt(statement));

        private SqlResult? Run(Func<SqlResult?> attempt)
        {
            if (owner.IsDraining && !InTransaction && !_isWaiting)
                Close();
            if (IsClosed)
                throw Shutdown();
            try
            {
                var result = attempt();
                _isWaiting = result is null;
                _busyUntil = owner.Now + Travel + (result?.Delay ?? TimeSpan.Zero);
                owner.Succeeded += result is null ? 0 : 1;
                return result;
            }
            catch (SqlFault)
            {
                _isWaiting = false;
                _busyUntil = owner.Now + Travel;
                owner.Failed++;
                throw;
            }
        }

        public void Close()
        {
            IsClosed = true;
            if (owner._sessions.Remove(this))
                inner.Close();
        }
    }
}
