namespace Tidekeeper.Playground.Api;

/// <summary>The resources that every Kubernetes server has, as far as the playground serves them.</summary>
internal static class BuiltinResources
{
    private static readonly string[] Everything = ["all"];
    private static readonly string[] Status = ["status"];
    private static readonly string[] Scaled = ["scale", "status"];
    private static readonly string[] ApiExtensions = ["api-extensions"];

    public static readonly IReadOnlyList<ResourceType> All =
    [
        Global("", "v1", "namespaces", "Namespace") with
        {
            ShortNames = ["ns"], Subresources = ["finalize", "status"], SelectableFields = ["status.phase"],
            Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
        },
        Global("", "v1", "nodes", "Node") with
        {
            ShortNames = ["no"], Subresources = ["proxy", "status"], SelectableFields = ["spec.unschedulable"],
        },
        Global("", "v1", "persistentvolumes", "PersistentVolume") with
        {
            ReturnsDeleted = true, ShortNames = ["pv"], Subresources = Status,
        },
        Local("", "v1", "pods", "Pod") with
        {
            ReturnsDeleted = true, ShortNames = ["po"], Categories = Everything, HasGeneration = true,
            Subresources = ["attach", "binding", "ephemeralcontainers", "eviction", "exec", "log", "portforward",
                "proxy", "resize", "status"],
            SelectableFields = ["spec.hostNetwork", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName",
                "spec.serviceAccountName", "status.nominatedNodeName", "status.phase", "status.podIP"],
        },
        Local("", "v1", "services", "Service") with
        {
            CreatesOnUpdate = true, ReturnsDeleted = true, ShortNames = ["svc"], Categories = Everything,
            Subresources = ["proxy", "status"],
            SelectableFields = ["spec.clusterIP", "spec.type"],
        },
        Local("", "v1", "configmaps", "ConfigMap") with { ShortNames = ["cm"] },
        Local("", "v1", "secrets", "Secret") with { SelectableFields = ["type"] },
        Local("", "v1", "endpoints", "Endpoints") with
        {
            CreatesOnUpdate = true, ShortNames = ["ep"], Singular = "endpoints",
        },
        Local("", "v1", "events", "Event") with
        {
            CreatesOnUpdate = true, ShortNames = ["ev"],
            SelectableFields = ["involvedObject.apiVersion", "involvedObject.fieldPath", "involvedObject.kind",
                "involvedObject.name", "involvedObject.namespace", "involvedObject.resourceVersion",
                "involvedObject.uid", "reason", "reportingComponent", "source", "type"],
        },
        Local("", "v1", "limitranges", "LimitRange") with { ShortNames = ["limits"] },
        Local("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim") with
        {
            ReturnsDeleted = true, ShortNames = ["pvc"], Subresources = Status,
        },
        Local("", "v1", "podtemplates", "PodTemplate") with { ReturnsDeleted = true, HasGeneration = true },
        Local("", "v1", "replicationcontrollers", "ReplicationController") with
        {
            ShortNames = ["rc"], Categories = Everything, Subresources = Scaled, HasGeneration = true,
            SelectableFields = ["status.replicas"],
        },
        Local("", "v1", "resourcequotas", "ResourceQuota") with
        {
            ReturnsDeleted = true, ShortNames = ["quota"], Subresources = Status,
        },
        Local("", "v1", "serviceaccounts", "ServiceAccount") with
        {
            ReturnsDeleted = true, ShortNames = ["sa"], Subresources = ["token"],
        },

        Local("apps", "v1", "controllerrevisions", "ControllerRevision"),
        Workload("apps", "v1", "daemonsets", "DaemonSet") with { ShortNames = ["ds"], Subresources = Status },
        Workload("apps", "v1", "deployments", "Deployment") with { ShortNames = ["deploy"], Subresources = Scaled },
        Workload("apps", "v1", "replicasets", "ReplicaSet") with
        {
            ShortNames = ["rs"], Subresources = Scaled, SelectableFields = ["status.replicas"],
        },
        Workload("apps", "v1", "statefulsets", "StatefulSet") with { ShortNames = ["sts"], Subresources = Scaled },

        Workload("batch", "v1", "cronjobs", "CronJob") with { ShortNames = ["cj"], Subresources = Status },
        Workload("batch", "v1", "jobs", "Job") with
        {
            Subresources = Status, SelectableFields = ["status.successful"],
        },

        Workload("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler") with
        {
            ShortNames = ["hpa"], Subresources = Status, HasGeneration = false,
        },
        Local("coordination.k8s.io", "v1", "leases", "Lease") with { NeedsVersion = true, CreatesOnUpdate = true },
        Local("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice") with { HasGeneration = true },
        Local("events.k8s.io", "v1", "events", "Event") with
        {
            ShortNames = ["ev"],
            SelectableFields = ["reason", "regarding.apiVersion", "regarding.fieldPath", "regarding.kind",
                "regarding.name", "regarding.namespace", "regarding.resourceVersion", "regarding.uid",
                "reportingController", "type"],
        },
        Local("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy") with
        {
            ShortNames = ["netpol"], HasGeneration = true,
        },
        Local("networking.k8s.io", "v1", "ingresses", "Ingress") with
        {
            ShortNames = ["ing"], Subresources = Status, HasGeneration = true,
        },
        Global("networking.k8s.io", "v1", "ingressclasses", "IngressClass") with { HasGeneration = true },
        Local("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget") with
        {
            NeedsVersion = true, ShortNames = ["pdb"], Subresources = Status, HasGeneration = true,
        },
        Local("rbac.authorization.k8s.io", "v1", "roles", "Role") with { CreatesOnUpdate = true },
        Local("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding") with { CreatesOnUpdate = true },
        Global("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole") with { CreatesOnUpdate = true },
        Global("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding") with
        {
            CreatesOnUpdate = true,
        },
        Global("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass") with
        {
            ShortNames = ["pc"], HasGeneration = true,
        },
        Global("storage.k8s.io", "v1", "storageclasses", "StorageClass") with
        {
            ReturnsDeleted = true, ShortNames = ["sc"],
        },
        Global("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition") with
        {
            NeedsVersion = true, ShortNames = ["crd", "crds"], Categories = ApiExtensions,
            Subresources = Status, HasGeneration = true,
        },
    ];

    private static ResourceType Local(string group, string version, string plural, string kind) =>
        new(group, version, plural, kind);

    private static ResourceType Global(string group, string version, string plural, string kind) =>
        new(group, version, plural, kind) { Namespaced = false };

    private static ResourceType Workload(string group, string version, string plural, string kind) =>
        new(group, version, plural, kind) { Categories = Everything, HasGeneration = true };
}
