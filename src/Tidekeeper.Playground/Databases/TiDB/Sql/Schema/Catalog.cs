using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>All schemas at one version. Valid as long as the version in the store is the same.</summary>
internal sealed class Catalog
{
    public const string VersionKey = "m_version";
    public const string NextIdKey = "m_next";
    private const string DatabasePrefix = "m_d_";
    private const string TablePrefix = "m_t_";

    private readonly SortedDictionary<string, DatabaseSchema> _databases = new(StringComparer.OrdinalIgnoreCase);

    public long Version { get; private init; }

    public IEnumerable<DatabaseSchema> Databases => _databases.Values;

    public DatabaseSchema? Find(string database) => _databases.GetValueOrDefault(database);

    public DatabaseSchema Database(string name) => Find(name) ?? throw SqlErrors.UnknownDatabase(name);

    public TableSchema? Table(string database, string table) => Find(database)?.Tables.GetValueOrDefault(table);

    /// <summary>The version in the store; 0 when the cluster has never been used.</summary>
    public static long StoredVersion(IKeyValue store) => ReadNumber(store, VersionKey);

    public static long ReadNumber(IKeyValue store, string key) =>
        store.Get(key) is { } bytes ? long.Parse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture) : 0;

    public static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    public static Catalog Load(IKeyValue store, long version)
    {
        var catalog = new Catalog { Version = version };
        foreach (var (_, value) in new Transaction(store).Scan(DatabasePrefix, KeyCodec.After(DatabasePrefix)))
        {
            var database = SchemaJson.ReadDatabase(Parse(value));
            catalog._databases[database.Name] = database;
        }

        foreach (var (_, value) in new Transaction(store).Scan(TablePrefix, KeyCodec.After(TablePrefix)))
        {
            var table = SchemaJson.ReadTable(Parse(value));
            catalog.Find(table.Database)?.Tables.Add(table.Name, table);
        }

        return catalog;
    }

    public static string KeyOf(DatabaseSchema database)
    {
        var key = new StringBuilder(DatabasePrefix);
        KeyCodec.Append(key, SqlValue.Of(database.Name.ToLowerInvariant()), ColumnType.Text);
        return key.ToString();
    }

    public static string KeyOf(TableSchema table) => $"{TablePrefix}{table.Id:X8}";

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonObject Parse(byte[] value) => JsonNode.Parse(value)!.AsObject();
}
