using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Operator;

/// <summary>Where a right is needed.</summary>
public enum Place
{
    /// <summary>Wherever clusters are: one namespace, some, or all.</summary>
    Clusters,

    /// <summary>In the operator's own namespace.</summary>
    Home,

    /// <summary>For things that are in no namespace. The operator does without.</summary>
    Everywhere,
}

/// <summary>What the operator may do with one resource, and what for.</summary>
/// <param name="Group">Empty for the core group.</param>
public sealed record Right(Place Place, string Group, string Resource, IReadOnlyList<string> Verbs, string Why)
{
    /// <summary>No request of ours asks for it, but the API server does when it judges one.</summary>
    public bool IsIndirect { get; init; }
}

/// <summary>
/// Everything that the operator may do: the chart's roles and docs/rights.md are made of this, the simulation refuses
/// what is not here, and on a real API server both directions are tested. It holds no right over secrets, nor escalate,
/// bind, impersonate or a wildcard: what it grants to discovery's account it has to hold itself.
/// </summary>
public static class Rights
{
    private const string Apps = "apps";
    private const string Budgets = "policy";
    private const string Access = "rbac.authorization.k8s.io";

    private const string Follow = "list watch";
    private const string Followed = "what there is, is what plans are made from: one watch for all clusters";
    private const string Make = "get create patch";

    public static IReadOnlyList<Right> All { get; } =
    [
        Of(TidbCluster.Group, TidbCluster.Plural, Follow, "the wishes"),
        Of(TidbCluster.Group, TidbCluster.Plural, "get",
            "discovery reads the cluster whose PD it begins; only what the operator may do itself it can grant")
            with { IsIndirect = true },
        Of(TidbCluster.Group, $"{TidbCluster.Plural}/status", "patch", "what is said of a cluster; never its spec"),
        Of(TidbCluster.Group, $"{TidbCluster.Plural}/finalizers", "update",
            "owner references that block the owner's deletion, where the server asks for this (OpenShift does)")
            with { IsIndirect = true },

        Of("", "pods", Follow, Followed),
        Of("", "pods", "get delete", "a restart is the deletion of one pod, which is read again just before"),
        Of("", "pods", "patch", "a pod that tidb-operator v1 made is told what it was found to be (tide adopt)"),
        Of("", "persistentvolumeclaims", Follow, Followed),
        Of("", "persistentvolumeclaims", "patch", "claims that are left over are marked; retention needs an owner"),
        Of("", "persistentvolumeclaims", "get delete",
            "a left over claim whose ordinal is used again, and what spec.retention gives away"),
        Of("", "services", Follow, Followed),
        Of("", "services", Make, "by which members and clients find a cluster"),
        Of("", "services", "delete", "a component that the spec does not have any more"),
        Of("", "configmaps", Follow, Followed),
        Of("", "configmaps", Make, "configuration files and start scripts"),
        Of("", "configmaps", "delete", "a configuration that no pod names any more"),
        Of("", "configmaps", "update", "discovery keeps in one who has begun PD") with { IsIndirect = true },
        Of("", "events", "create patch", "what happened, and that it happened again"),

        Of(Apps, "statefulsets", Follow, Followed),
        Of(Apps, "statefulsets", Make, "the members"),
        Of(Apps, "statefulsets", "delete", "a component that the spec does not have any more, or that is suspended"),
        Of(Apps, "deployments", Follow, Followed),
        Of(Apps, "deployments", Make, "discovery"),
        Of(Budgets, "poddisruptionbudgets", Follow, Followed),
        Of(Budgets, "poddisruptionbudgets", Make, "others may evict one pod of a component at a time"),
        Of(Budgets, "poddisruptionbudgets", "delete", "a component that the spec does not have any more"),

        Of("", "serviceaccounts", Follow, Followed),
        Of("", "serviceaccounts", Make, "discovery's account"),
        Of(Access, "roles", Follow, Followed),
        Of(Access, "roles", Make, "what discovery may do: nothing that the operator may not"),
        Of(Access, "rolebindings", Follow, Followed),
        Of(Access, "rolebindings", Make, "gives that role to discovery's account"),

        Of("coordination.k8s.io", "leases", "get create update", "one of several operators works")
            with { Place = Place.Home },

        Of("", "nodes", Follow, "failure domains, drains, and nodes that do not exist any more")
            with { Place = Place.Everywhere },
    ];

    /// <summary>Whether a request is covered, wherever it goes.</summary>
    public static bool Cover(Demand demand) => All.Any(right =>
        right.Group == demand.Group && right.Resource == demand.Resource
        && right.Verbs.Contains(demand.Verb, StringComparer.Ordinal));

    private static Right Of(string group, string resource, string verbs, string why) =>
        new(Place.Clusters, group, resource, verbs.Split(' '), why);
}
