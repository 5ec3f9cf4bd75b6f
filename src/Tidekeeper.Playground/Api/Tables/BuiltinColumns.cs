namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Which columns a builtin kind has.</summary>
internal static class BuiltinColumns
{
    public static IReadOnlyList<TableColumn> For(ResourceType type) => type.Kind switch
    {
        "Pod" => PodColumns.All,
        "Deployment" => WorkloadColumns.Deployment,
        "StatefulSet" => WorkloadColumns.StatefulSet,
        "ReplicaSet" => WorkloadColumns.ReplicaSet,
        "ReplicationController" => WorkloadColumns.ReplicationController,
        "DaemonSet" => WorkloadColumns.DaemonSet,
        "Job" => WorkloadColumns.Job,
        "CronJob" => WorkloadColumns.CronJob,
        "ControllerRevision" => WorkloadColumns.ControllerRevision,
        "PodDisruptionBudget" => WorkloadColumns.Budget,
        "PodTemplate" => WorkloadColumns.PodTemplate,
        "HorizontalPodAutoscaler" => WorkloadColumns.Autoscaler,
        "Service" => NetworkColumns.Service,
        "Endpoints" => NetworkColumns.Endpoints,
        "EndpointSlice" => NetworkColumns.EndpointSlice,
        "NetworkPolicy" => NetworkColumns.Policy,
        "Ingress" => NetworkColumns.Ingress,
        "IngressClass" => NetworkColumns.IngressClass,
        "Namespace" => ClusterColumns.Namespace,
        "Node" => ClusterColumns.Node,
        "Event" => ClusterColumns.Event,
        "ConfigMap" => ClusterColumns.ConfigMap,
        "Secret" => ClusterColumns.Secret,
        "ServiceAccount" => ClusterColumns.ServiceAccount,
        "PersistentVolumeClaim" => ClusterColumns.Claim,
        "PersistentVolume" => ClusterColumns.Volume,
        "StorageClass" => ClusterColumns.StorageClass,
        "Lease" => ClusterColumns.Lease,
        "RoleBinding" or "ClusterRoleBinding" => ClusterColumns.Binding,
        "PriorityClass" => ClusterColumns.PriorityClass,
        "ResourceQuota" => ClusterColumns.Quota,
        _ => ClusterColumns.Plain,
    };
}
