namespace Tidekeeper.Kube;

/// <summary>A kind of object and where the API serves it.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in paths: <c>statefulsets</c>.</param>
public sealed record Resource(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    public static readonly Resource Pods = new("", "v1", "pods", "Pod");
    public static readonly Resource Services = new("", "v1", "services", "Service");
    public static readonly Resource ConfigMaps = new("", "v1", "configmaps", "ConfigMap");
    public static readonly Resource Secrets = new("", "v1", "secrets", "Secret");
    public static readonly Resource ServiceAccounts = new("", "v1", "serviceaccounts", "ServiceAccount");
    public static readonly Resource Events = new("", "v1", "events", "Event");
    public static readonly Resource Nodes = new("", "v1", "nodes", "Node", Namespaced: false);
    public static readonly Resource PersistentVolumes = new("", "v1", "persistentvolumes", "PersistentVolume", false);
    public static readonly Resource Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");
    public static readonly Resource StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet");
    public static readonly Resource Deployments = new("apps", "v1", "deployments", "Deployment");
    public static readonly Resource DisruptionBudgets =
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");
    public static readonly Resource Roles = new("rbac.authorization.k8s.io", "v1", "roles", "Role");
    public static readonly Resource RoleBindings =
        new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding");
    public static readonly Resource Leases = new("coordination.k8s.io", "v1", "leases", "Lease");
    public static readonly Resource StorageClasses =
        new("storage.k8s.io", "v1", "storageclasses", "StorageClass", Namespaced: false);
    public static readonly Resource CustomResourceDefinitions =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);

    private static readonly Resource[] Known =
    [
        Pods, Services, ConfigMaps, Secrets, ServiceAccounts, Events, Nodes, PersistentVolumes, Claims, StatefulSets,
        Deployments, DisruptionBudgets, Roles, RoleBindings, Leases, StorageClasses, CustomResourceDefinitions,
    ];

    /// <summary>The built-in resource of that kind; null when this client does not know it.</summary>
    public static Resource? Find(string apiVersion, string kind) =>
        Known.FirstOrDefault(r => r.Kind == kind && r.ApiVersion == apiVersion);

    /// <summary>As in <c>apiVersion</c>: <c>apps/v1</c>, <c>v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As users write it: <c>statefulsets.apps</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Path of the collection; of all namespaces when <paramref name="ns"/> is null.</summary>
    public string Path(string? ns)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return Namespaced && ns is not null ? $"{root}/namespaces/{Escape(ns)}/{Plural}" : $"{root}/{Plural}";
    }

    /// <summary>Path of one object.</summary>
    public string Path(string? ns, string name)
    {
        if (Namespaced && string.IsNullOrEmpty(ns))
            throw new ArgumentException($"{Kind} {name} has no namespace, and {this} are namespaced");
        return $"{Path(ns)}/{Escape(name)}";
    }

    private static string Escape(string segment) =>
        Uri.EscapeDataString(segment).Replace("%3A", ":", StringComparison.Ordinal);
}
