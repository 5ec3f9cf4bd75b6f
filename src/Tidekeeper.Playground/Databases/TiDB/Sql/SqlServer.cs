using System.Security.Cryptography;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>What a SQL server is told about itself.</summary>
public sealed record SqlFacts
{
    /// <summary>As in the image's tag, for example <c>v8.5.1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the pod; <c>@@hostname</c>.</summary>
    public required string ServerName { get; init; }

    public required Func<DateTimeOffset> Now { get; init; }

    public required Random Chance { get; init; }

    /// <summary>information_schema.CLUSTER_INFO.</summary>
    public Func<IReadOnlyList<ClusterInstance>> ClusterInfo { get; init; } = () => [];

    /// <summary>The fewest-thousand part of connection ids, so that those of two servers differ.</summary>
    public int ServerNumber { get; init; }
}

/// <summary>One row of information_schema.CLUSTER_INFO.</summary>
public sealed record ClusterInstance(
    string Type, string Instance, string StatusAddress, string Version, string StartTime = "", string Uptime = "");

/// <summary>
/// The SQL layer of one simulated TiDB. It keeps nothing but open sessions and a catalog that it can read again:
/// schemas, rows, users and counters are in the store, where every TiDB of the cluster finds them.
/// </summary>
public sealed class SqlServer : ISqlListener, ISqlAuthentication
{
    private const int MostSessions = 4096;

    private readonly SortedDictionary<long, SqlSession> _sessions = [];
    private Catalog? _catalog;
    private long _connections;

    public SqlServer(IKeyValue store, SqlFacts facts)
    {
        Store = store;
        Facts = facts;
        Sequence = new Sequence(store);
        Started = facts.Now();
    }

    public SqlFacts Facts { get; }

    internal IKeyValue Store { get; }
    internal Sequence Sequence { get; }
    internal DateTimeOffset Started { get; }
    internal IReadOnlyCollection<SqlSession> Sessions => _sessions.Values;

    /// <summary>What VERSION() answers and the handshake says.</summary>
    public string VersionText => $"8.0.11-TiDB-{Facts.Version}";

    /// <inheritdoc/>
    public string ServerVersion => VersionText;

    internal string LongVersion =>
        $"""
        Release Version: {Facts.Version}
        Edition: Community
        Git Commit Hash: none
        Git Branch: none
        UTC Build Time: none
        GoVersion: none
        Race Enabled: false
        Check Table Before Drop: false
        Store: tikv
        Simulated: this is Tidekeeper's simulated TiDB, not a real one
        """;

    /// <inheritdoc/>
    public ISqlSession Open(string user, string? database, string clientHost = "127.0.0.1")
    {
        if (_sessions.Count >= MostSessions)
            throw new SqlFault(1040, "08004", "Too many connections");
        try
        {
            var catalog = CurrentCatalog();
            var account = Accounts.Match(Store, user, clientHost)
                ?? throw Denied(user, clientHost, false);
            var id = (((long)Facts.ServerNumber) << 32) + (++_connections);
            var session = new SqlSession(this, id, account, clientHost);
            if (!string.IsNullOrEmpty(database))
                session.Use(catalog, database);
            _sessions.Add(session.ConnectionId, session);
            return session;
        }
        catch (RegionUnavailable cause)
        {
            throw SqlErrors.RegionUnavailable(cause);
        }
        catch (TimestampUnavailable cause)
        {
            throw SqlErrors.TimestampUnavailable(cause);
        }
    }

    /// <inheritdoc/>
    public string PluginOf(string user, string clientHost) =>
        Account(user, clientHost)?.Plugin ?? "mysql_native_password";

    /// <inheritdoc/>
    public void Authenticate(string user, string clientHost, byte[] nonce, byte[] response)
    {
        if (Account(user, clientHost) is not { } account)
            throw Denied(user, clientHost, response.Length > 0);
        var accepted = account.Secret.Length == 0 ? response.Length == 0
            : account.Plugin == "mysql_native_password"
                ? VerifyNative(System.Convert.FromHexString(account.Secret.AsSpan(1)), nonce, response)
                : VerifySha2(System.Convert.FromHexString(account.Secret), nonce, response);
        if (!accepted)
            throw Denied(user, clientHost, response.Length > 0);
    }

    internal void Closed(SqlSession session) => _sessions.Remove(session.ConnectionId);

    internal SqlSession? Session(long connection) => _sessions.GetValueOrDefault(connection);

    /// <summary>
    /// The catalog at the version in the store. A store that was never used gets its first users and databases.
    /// </summary>
    internal Catalog CurrentCatalog()
    {
        var version = Catalog.StoredVersion(Store);
        if (version == 0)
        {
            Bootstrap();
            version = Catalog.StoredVersion(Store);
        }

        return _catalog?.Version == version ? _catalog : _catalog = Catalog.Load(Store, version);
    }

    private void Bootstrap()
    {
        var change = new SchemaChange(Store);
        change.Put(new DatabaseSchema("test", "utf8mb4", Collations.Default));
        var (key, value) = Accounts.Write(new Account("root", "%", "mysql_native_password", ""));
        change.Write(key, value);
        change.Commit();
    }

    private Account? Account(string user, string clientHost)
    {
        try
        {
            CurrentCatalog();
            return Accounts.Match(Store, user, clientHost);
        }
        catch (RegionUnavailable cause)
        {
            throw SqlErrors.RegionUnavailable(cause);
        }
        catch (TimestampUnavailable cause)
        {
            throw SqlErrors.TimestampUnavailable(cause);
        }
    }

    private static SqlFault Denied(string user, string host, bool withPassword) =>
        new(1045, "28000",
            $"Access denied for user '{user}'@'{host}' (using password: {(withPassword ? "YES" : "NO")})");

    /// <summary>response = SHA1(password) XOR SHA1(nonce + SHA1(SHA1(password))).</summary>
    private static bool VerifyNative(byte[] stored, byte[] nonce, byte[] response)
    {
        if (response.Length != SHA1.HashSizeInBytes)
            return false;
        var once = Xor(response, Sha1([.. nonce, .. stored]));
        return CryptographicOperations.FixedTimeEquals(Sha1(once), stored);
    }

    private static byte[] Sha1(byte[] bytes) => CryptographicOperations.HashData(HashAlgorithmName.SHA1, bytes);

    /// <summary>response = SHA256(password) XOR SHA256(SHA256(SHA256(password)) + nonce).</summary>
    private static bool VerifySha2(byte[] stored, byte[] nonce, byte[] response)
    {
        if (response.Length != SHA256.HashSizeInBytes)
            return false;
        var once = Xor(response, SHA256.HashData([.. stored, .. nonce]));
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(once), stored);
    }

    private static byte[] Xor(byte[] a, byte[] b)
    {
        var result = new byte[a.Length];
        for (var i = 0; i < a.Length; i++)
            result[i] = (byte)(a[i] ^ b[i]);
        return result;
    }
}
