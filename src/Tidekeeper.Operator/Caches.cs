using Tidekeeper.Kube;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator;

/// <summary>
/// Everything of Kubernetes that is kept in memory for all engines: the objects that operators of this family manage,
/// chosen by their managed-by label, and the nodes. One watch a kind, never one a cluster.
/// </summary>
public sealed class Caches
{
    private const string Selector = $"{Labels.ManagedBy}={Labels.ManagedByValue}";
    private readonly List<ICachedKind> _kinds = [];

    public Caches(WatchSettings settings, ServedApis served, bool nodes, Action<Observed?, Observed?> changed)
    {
        Pods = Add(new CachedKind<ObservedPod>(settings, Resource.Pods, Selector,
            ObservedPod.Read, changed));
        Claims = Add(new CachedKind<ObservedClaim>(settings, Resource.Claims, Selector,
            ObservedClaim.Read, changed));
        StatefulSets = Add(new CachedKind<ObservedStatefulSet>(settings, Resource.StatefulSets, Selector,
            ObservedStatefulSet.Read, changed));
        Deployments = Add(new CachedKind<ObservedDeployment>(settings, Resource.Deployments, Selector,
            ObservedDeployment.Read, changed));
        Others =
        [
            Plain(Resource.Services), Plain(Resource.ConfigMaps), Plain(Resource.ServiceAccounts),
            .. new[] { Resource.DisruptionBudgets, Resource.Roles, Resource.RoleBindings }
                .Where(r => served.Serves(r.ApiVersion)).Select(Plain),
        ];
        if (nodes)
        {
            Nodes = Add(new CachedKind<ObservedNode>(settings, Resource.Nodes, null, ObservedNode.Read, NodeChanged));
        }

        // Heartbeats change a node all the time; what concerns its pods changes rarely.
        void NodeChanged(ObservedNode? before, ObservedNode? after)
        {
            if (before?.Unschedulable == after?.Unschedulable && before?.Ready == after?.Ready)
                return;
            foreach (var pod in Pods!.Store.All().Where(one => one.Node == (after ?? before)!.Name))
                changed(pod, pod);
        }

        CachedKind<Observed> Plain(Resource resource) => Add(new CachedKind<Observed>(settings, resource, Selector,
            item => Observed.Read(item, resource.ApiVersion, resource.Kind), changed));
    }

    public CachedKind<ObservedPod> Pods { get; }
    public CachedKind<ObservedClaim> Claims { get; }
    public CachedKind<ObservedStatefulSet> StatefulSets { get; }
    public CachedKind<ObservedDeployment> Deployments { get; }

    /// <summary>Kinds of which only metadata is kept.</summary>
    public IReadOnlyList<CachedKind<Observed>> Others { get; }

    /// <summary>Null where the operator may not read nodes.</summary>
    public CachedKind<ObservedNode>? Nodes { get; }

    public IReadOnlyList<ICachedKind> Kinds => _kinds;

    /// <summary>The cache of a kind; null when it is not cached.</summary>
    public ICachedKind? Of(string apiVersion, string kind) =>
        _kinds.FirstOrDefault(k => k.Resource.Kind == kind && k.Resource.ApiVersion == apiVersion);

    private CachedKind<T> Add<T>(CachedKind<T> kind) where T : Observed
    {
        _kinds.Add(kind);
        return kind;
    }
}
