using System.Runtime.CompilerServices;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// What follows from a cluster object alone, worked out once for each one that is read and not at every look at it.
/// Hashes and names are kept, never documents: those of five thousand clusters would fill a gigabyte.
/// </summary>
internal sealed class Blueprint
{
    private static readonly string[] Names = [Component.Pd, Component.Tikv, Component.Tiflash, Component.Tidb];
    private static readonly ConditionalWeakTable<TidbCluster, Blueprint> Blueprints = [];

    private readonly TidbCluster _cluster;
    private (Platform Platform, DocumentSet Documents)? _discovery;

    private Blueprint(TidbCluster cluster)
    {
        _cluster = cluster;
        Declared = [.. Names.Select(name => Component.New(cluster, name)).OfType<Component>()];
        DiscoveryComponent = Component.New(cluster, Component.Discovery)!;
        Services = new(() => Objects.Services.Inside(cluster));
        ServiceForClients = new(() => Objects.Services.ForSql(cluster));
        Budgets = new(() => DisruptionBudgets.Of(cluster));
    }

    public static Blueprint Of(TidbCluster cluster) => Blueprints.GetValue(cluster, static one => new Blueprint(one));

    /// <summary>The components that run in StatefulSets and are declared, in the order in which they start.</summary>
    public IReadOnlyList<Component> Declared { get; }

    public Component DiscoveryComponent { get; }

    /// <summary>The Services by which members find each other.</summary>
    public DocumentSet Services { get; }

    public DocumentSet ServiceForClients { get; }

    public DocumentSet Budgets { get; }

    /// <summary>What validation says of the object.</summary>
    public IReadOnlyList<Problem> Problems => field ??= Validation.Find(_cluster);

    public DocumentSet Discovery(Platform platform)
    {
        if (_discovery is not { } known || known.Platform != platform)
            _discovery = known = (platform, new(() => DiscoveryObjects.Of(_cluster, platform)));
        return known.Documents;
    }
}
