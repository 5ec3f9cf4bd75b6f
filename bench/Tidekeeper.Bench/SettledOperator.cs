using System.Text.Json;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Simulation;

namespace Tidekeeper.Bench;

/// <summary>The parts of an operator over a world at rest, with full caches, and nobody who drives them.</summary>
internal sealed class SettledOperator
{
    private readonly SimulatedCluster _world;
    private readonly KubeApi _api;
    private readonly Caches _caches;
    private readonly CachedKind<StoredCluster> _clusters;
    private readonly TidbObserver _observer;
    private readonly IDatabaseWire _wire;

    public SettledOperator(SimulatedCluster world, IDatabaseWire wire)
    {
        (_world, _wire) = (world, wire);
        Transport = new(world.World, TimeSpan.Zero);
        _api = new(Transport, Labels.FieldManager);
        var platform = PlatformOf(_api);
        var settings = new WatchSettings(_api, [], world.Time, new Random(1), (_, _) => { });
        _caches = new(settings, new ServedApis(platform.ServedApis, ""), nodes: true, (_, _) => { });
        _clusters = new(settings, TidbEngine.TidbClusters, null, StoredCluster.ReadCluster, (_, _) => { });
        Fill(_clusters, StoredCluster.ReadCluster);
        Fill(_caches.Pods, ObservedPod.Read);
        Fill(_caches.Claims, ObservedClaim.Read);
        Fill(_caches.StatefulSets, ObservedStatefulSet.Read);
        Fill(_caches.Deployments, ObservedDeployment.Read);
        Fill(_caches.Nodes!, ObservedNode.Read);
        foreach (var kind in _caches.Others)
            Fill(kind, item => Observed.Read(item, kind.Resource.ApiVersion, kind.Resource.Kind));
        _observer = new(_caches, _api, wire, world.Time, () => platform);
    }

    public ApiTransport Transport { get; }

    public ObjectKey Key { get; } = new(SimulatedCluster.Namespace, SettledWorld.Name);

    /// <summary>What the operators of this program run on, and as.</summary>
    public static Platform PlatformOf(KubeApi api) => new()
    {
        OperatorImage = SimulatedCluster.OperatorImage,
        ServedApis = Now(ServedApis.Ask(api, CancellationToken.None)).Versions,
    };

    public TidbSeen Observe() => Now(_observer.Observe(_clusters.Store.Find(Key)!.Value, CancellationToken.None));

    /// <summary>A reconciler that keeps nothing from one of these calls to the next.</summary>
    public Reconciler Reconciler()
    {
        var readings = new ClusterReadings(_world.Time);
        var events = new EventRecorder(_api, Labels.FieldManager, _world.Time, (_, _) => { });
        return new(new TidbEngine(_clusters, _observer),
            new Executor(_api, _caches, new AppliedLedger(), _wire, events, TimeProvider.System),
            new StatusWriter(_api, _world.Time),
            new Reporter(new OperatorLog(_world.Time, _ => { }), new Metrics(), readings, events), readings,
            new Health(), TimeSpan.FromMinutes(5), new Random(1));
    }

    /// <summary>Everything here answers at once.</summary>
    public static T Now<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private void Fill<T>(CachedKind<T> kind, Func<JsonElement, T> read) where T : Observed
    {
        var name = $"{kind.Resource.ApiVersion}/{kind.Resource.Plural}";
        var selector = kind.Resource.Namespaced && kind is not CachedKind<StoredCluster>
            ? $"{Labels.ManagedBy}={Labels.ManagedByValue}"
            : null;
        foreach (var item in _world.Api.List(name, labelSelector: selector))
            kind.Store.Put(WatchEvent.Entry(SettledWorld.Element(item), read));
    }
}
