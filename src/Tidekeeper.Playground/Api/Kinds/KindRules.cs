using Tidekeeper.Playground.Api.Crd;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// The rules of all builtin kinds. A kind without rules has no defaults and accepts what its schema accepts.
/// </summary>
internal static class KindRules
{
    private sealed class NoRules : IKindRules
    {
        public string GroupKind => "";
    }

    private static readonly NoRules None = new();

    private static readonly SortedDictionary<string, IKindRules> ByKind = Index(
    [
        // One line per kind, in alphabetical order.
        new AutoscalerRules(),
        new ConfigMapRules(),
        new ControllerRevisionRules(),
        new CrdRules(),
        new CronJobRules(),
        new DaemonSetRules(),
        new DeploymentRules(),
        new EndpointSliceRules(),
        new EndpointsRules(),
        new EventRules(),
        new IngressClassRules(),
        new IngressRules(),
        new JobRules(),
        new LeaseRules(),
        new LimitRangeRules(),
        new NamespaceRules(),
        new NetworkPolicyRules(),
        new NodeRules(),
        new PersistentVolumeClaimRules(),
        new PersistentVolumeRules(),
        new PodDisruptionBudgetRules(),
        new PodRules(),
        new PodTemplateRules(),
        new PriorityClassRules(),
        new ReplicaSetRules(),
        new ReplicationControllerRules(),
        new ResourceQuotaRules(),
        new RoleBindingRules("ClusterRoleBinding"),
        new RoleBindingRules("RoleBinding"),
        new RoleRules("ClusterRole"),
        new RoleRules("Role"),
        new SecretRules(),
        new ServiceRules(),
        new StatefulSetRules(),
        new StorageClassRules(),
    ]);

    public static IKindRules For(ResourceType type) =>
        type.IsCustom ? None : ByKind.GetValueOrDefault(type.GroupKind, None);

    private static SortedDictionary<string, IKindRules> Index(IReadOnlyList<IKindRules> rules)
    {
        var index = new SortedDictionary<string, IKindRules>(StringComparer.Ordinal);
        foreach (var rule in rules)
            index.Add(rule.GroupKind, rule);
        return index;
    }
}
