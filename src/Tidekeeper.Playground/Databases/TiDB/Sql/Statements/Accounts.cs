using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>
/// A user. The secret is empty for no password, else what the plug-in verifies with: for mysql_native_password
/// <c>*</c> and the hex of SHA1(SHA1(password)), for caching_sha2_password the hex of SHA256(SHA256(password)).
/// </summary>
internal sealed record Account(string User, string Host, string Plugin, string Secret);

/// <summary>
/// Users, in the store. Passwords are verified; privileges are not simulated: every user may do everything, and GRANT
/// and REVOKE are accepted without effect.
/// </summary>
internal static class Accounts
{
    private const string Prefix = "m_u_";
    private const string Native = "mysql_native_password";

    public static IEnumerable<Account> All(IKeyValue store) =>
        store.Scan(Prefix, KeyCodec.After(Prefix), 10000).Select(p =>
        {
            var json = JsonNode.Parse(p.Value)!.AsObject();
            string Text(string name) => json[name]!.GetValue<string>();
            return new Account(Text("user"), Text("host"), Text("plugin"), Text("secret"));
        });

    /// <summary>The account for a client: the one with the most exact host.</summary>
    public static Account? Match(IKeyValue store, string user, string clientHost) => All(store)
        .Where(a => a.User == user && MatchesHost(a.Host, clientHost))
        .OrderByDescending(a => a.Host.IndexOfAny(['%', '_']) is var wild && wild < 0 ? int.MaxValue : wild)
        .FirstOrDefault();

    private static bool MatchesHost(string pattern, string host) =>
        Evaluation.Like(host, pattern, '\\', TextOrder.IgnoreCase) ||
        (pattern.Equals("localhost", StringComparison.OrdinalIgnoreCase) &&
            host.StartsWith("127.", StringComparison.Ordinal));

    public static (string Key, byte[]? Value) Write(Account account) =>
        (KeyOf(account.User, account.Host), Catalog.Bytes(new JsonObject
        {
            ["user"] = account.User,
            ["host"] = account.Host,
            ["plugin"] = account.Plugin,
            ["secret"] = account.Secret,
        }));

    private static string KeyOf(string user, string host)
    {
        var key = new StringBuilder(Prefix);
        KeyCodec.Append(key, SqlValue.Of(user), ColumnType.Text);
        KeyCodec.Append(key, SqlValue.Of(host.ToLowerInvariant()), ColumnType.Text);
        return key.ToString();
    }

    public static void Create(StatementContext context, CreateUsers create)
    {
        var writes = new List<(string, byte[]?)>();
        foreach (var spec in create.Users)
        {
            if (Find(context.Store, spec.User, spec.Host) is null)
            {
                writes.Add(Write(new Account(spec.User, spec.Host, spec.Plugin
                    ?? Native, Secret(spec, spec.Plugin ?? Native))));
                continue;
            }

            var fault = Failed("CREATE USER", spec.User, spec.Host);
            if (!create.IfNotExists)
                throw fault;
            context.Session.Note(fault);
        }

        context.Store.Commit(writes);
    }

    public static void Alter(StatementContext context, AlterUsers alter)
    {
        var writes = new List<(string, byte[]?)>();
        foreach (var spec in alter.Users)
        {
            var found = spec.User.Length == 0 && spec.Host.Length == 0
                ? Find(context.Store, context.Session.User, context.Session.AccountHost)
                : Find(context.Store, spec.User, spec.Host);
            if (found is null)
            {
                var fault = Failed("ALTER USER", spec.User, spec.Host);
                if (!alter.IfExists)
                    throw fault;
                context.Session.Note(fault);
                continue;
            }

            var plugin = spec.Plugin ?? found.Plugin;
            if (spec.Password is not null || spec.Hash is not null)
                writes.Add(Write(found with { Plugin = plugin, Secret = Secret(spec, plugin) }));
        }

        context.Store.Commit(writes);
    }

    public static void Drop(StatementContext context, DropUsers drop)
    {
        var writes = new List<(string, byte[]?)>();
        foreach (var (user, host) in drop.Users)
        {
            if (Find(context.Store, user, host) is not null)
                writes.Add((KeyOf(user, host), null));
            else if (!drop.IfExists)
                throw Failed("DROP USER", user, host);
            else
                context.Session.Note(Failed("DROP USER", user, host));
        }

        context.Store.Commit(writes);
    }

    public static Account? Find(IKeyValue store, string user, string host) =>
        All(store).FirstOrDefault(a => a.User == user && a.Host.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static SqlFault Failed(string operation, string user, string host) =>
        new(1396, "HY000", $"Operation {operation} failed for '{user}'@'{host}'");

    private static string Secret(AccountSpec spec, string plugin)
    {
        if (spec.Hash is { } hash)
            return plugin != Native ? throw SqlErrors.Unsupported("IDENTIFIED WITH caching_sha2_password AS 'hash'")
                : hash.Length == 0 || (hash.Length == 41 && hash[0] == '*' && hash.Skip(1).All(char.IsAsciiHexDigit))
                    ? hash.ToUpperInvariant()
                    : throw new SqlFault(1827, "HY000", "The password hash doesn't have the expected format.");
        if (string.IsNullOrEmpty(spec.Password))
            return "";
        var bytes = Encoding.UTF8.GetBytes(spec.Password);
        return plugin == Native
            ? "*" + System.Convert.ToHexString(Sha1(Sha1(bytes)))
            : System.Convert.ToHexString(SHA256.HashData(SHA256.HashData(bytes)));
    }

    private static byte[] Sha1(byte[] bytes) => CryptographicOperations.HashData(HashAlgorithmName.SHA1, bytes);
}
