namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>
/// Every TiDB cluster that exists in the playground. Two clusters under the same names are two entries here: that is
/// how a checker sees that somebody bootstrapped twice.
/// </summary>
public sealed class DatabaseRegistry
{
    private readonly SortedDictionary<ulong, Database> _databases = [];

    /// <summary>Of the databases that will begin; those that exist keep theirs.</summary>
    public DatabaseScale Scale { get; set; } = new();

    /// <summary>In order of cluster id.</summary>
    public IReadOnlyCollection<Database> All => _databases.Values;

    public Database? Find(ulong clusterId) => _databases.GetValueOrDefault(clusterId);

    /// <summary>Databases that a PD member of this name and namespace belongs to or once belonged to.</summary>
    public IReadOnlyList<Database> WithMember(string ns, string name) =>
        [.. All.Where(d => d.Pd.Replicas.Any(r => r.Namespace == ns && r.Name == name))];

    /// <summary>A database that members with the same flag, more than one in it, are beginning together.</summary>
    internal Database? Forming(string ns, string initialCluster) => !initialCluster.Contains(',') ? null
        : All.FirstOrDefault(d => d.InitialCluster == (ns, initialCluster)
            && d.Pd.State.Members.Count > d.Pd.Replicas.Count);

    /// <summary>The database of that id; a new one when its first member has just read its volume.</summary>
    internal Database Open(ulong clusterId, Random chance, Func<DateTimeOffset> now)
    {
        if (!_databases.TryGetValue(clusterId, out var database))
            _databases.Add(clusterId, database = new Database(clusterId, chance, Scale, now));
        return database;
    }
}
