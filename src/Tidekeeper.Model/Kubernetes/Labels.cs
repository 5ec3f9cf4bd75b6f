namespace Tidekeeper.Model.Kubernetes;

/// <summary>Every label and annotation that Tidekeeper writes or reads, each with its meaning.</summary>
/// <remarks>
/// The <c>app.kubernetes.io/*</c> and <c>tidb.pingcap.com/*</c> keys are those of the Go operator (v1), so that its
/// selectors, dashboards and scripts go on working. What is ours alone lives under <c>tidekeeper.io/</c>.
/// </remarks>
public static class Labels
{
    /// <summary>The field manager of our server-side applies.</summary>
    public const string FieldManager = "tidekeeper";

    /// <summary>
    /// Label: what application an object belongs to. Always <see cref="NameValue"/> for a TidbCluster.
    /// </summary>
    public const string Name = "app.kubernetes.io/name";
    public const string NameValue = "tidb-cluster";

    /// <summary>
    /// Label: who writes the object. v1's value is kept, since selectors of StatefulSets cannot change.
    /// </summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "tidb-operator";

    /// <summary>Label: which cluster. The cluster's own label of this key where it has one, else its name.</summary>
    public const string Instance = "app.kubernetes.io/instance";

    /// <summary>
    /// Label: which component, one of <c>pd</c>, <c>tikv</c>, <c>tidb</c>, <c>tiflash</c>, <c>discovery</c>…
    /// </summary>
    public const string Component = "app.kubernetes.io/component";

    /// <summary>Label on Services: <see cref="UsedByEndUser"/> or <see cref="UsedByPeer"/>.</summary>
    public const string UsedBy = "app.kubernetes.io/used-by";
    public const string UsedByEndUser = "end-user";
    public const string UsedByPeer = "peer";

    /// <summary>Label on PersistentVolumes (which have no namespace): the namespace of the cluster.</summary>
    public const string Namespace = "app.kubernetes.io/namespace";

    /// <summary>Label on pods and claims: the id that PD gave the cluster, in decimal digits.</summary>
    public const string ClusterId = "tidb.pingcap.com/cluster-id";

    /// <summary>Label on PD's pods and claims: the member id in decimal digits.</summary>
    public const string MemberId = "tidb.pingcap.com/member-id";

    /// <summary>Label on TiKV's and TiFlash's pods and claims: the store id in decimal digits.</summary>
    public const string StoreId = "tidb.pingcap.com/store-id";

    /// <summary>Annotation on claims: the pod that the claim serves.</summary>
    public const string PodName = "tidb.pingcap.com/pod-name";

    /// <summary>Annotation on claims: since when the member that used it is gone, and its data of no use.</summary>
    public const string DeferDeleting = "tidb.pingcap.com/pvc-defer-deleting";

    /// <summary>Annotation of the user in a component's annotations: a new value restarts that component.</summary>
    public const string RestartedAt = "tidb.pingcap.com/restartedAt";

    /// <summary>
    /// Annotation of the user in a component's annotations: <c>"true"</c> asks v1 for a privileged sysctl
    /// container.
    /// </summary>
    public const string SysctlInit = "tidb.pingcap.com/sysctl-init";

    /// <summary>Annotation on the cluster: <c>"true"</c> makes v1 roll PD without looking at its health.</summary>
    public const string ForceUpgrade = "tidb.pingcap.com/force-upgrade";

    /// <summary>
    /// Suffix of v1's annotations <c>{component}.tidb.pingcap.com/delete-slots</c>: ordinals to leave out.
    /// </summary>
    public const string DeleteSlotsSuffix = ".tidb.pingcap.com/delete-slots";

    /// <summary>Annotation on TiKV pods: <c>none</c> or <c>delete-pod</c> moves the leaders off the pod.</summary>
    public const string EvictLeader = "tidb.pingcap.com/evict-leader";

    /// <summary>Annotation on PD pods: <c>none</c> keeps the pod from leading, <c>delete-pod</c> restarts it.</summary>
    public const string TransferLeader = "tidb.pingcap.com/pd-transfer-leader";

    /// <summary>Annotation on TiDB pods: <c>delete-pod</c> restarts the pod.</summary>
    public const string GracefulShutdown = "tidb.pingcap.com/tidb-graceful-shutdown";

    /// <summary>Annotation of the user on a pod: any value asks for one restart of it; it goes with the pod.</summary>
    public const string Restart = "tidekeeper.io/restart";

    /// <summary>Annotation of the user on the cluster: <c>MEMBER@TIME</c>, who shall lead PD once.</summary>
    public const string PdLeader = "tidekeeper.io/pd-leader";

    /// <summary>
    /// Annotation of the user on the cluster: the undertakings that are approved, separated by commas, each
    /// <c>NAME</c> or <c>NAME@SINCE</c> with the time of <c>status.plan</c>.
    /// </summary>
    public const string Approved = "tidekeeper.io/approved";

    /// <summary>Annotation of the user on the cluster: the circuit breaker is reset as of that time.</summary>
    public const string BreakerReset = "tidekeeper.io/breaker-reset";

    /// <summary>Annotation of the user on the cluster: JSON that names a guard to be ignored for a while.</summary>
    public const string Override = "tidekeeper.io/override";

    /// <summary>
    /// Annotation of the user on the cluster, written by <c>tide adopt</c>: <c>STAGE@TIME</c>, how far the take-over of
    /// a cluster that v1 made has got, and when v1 had last written an object of it when that was decided.
    /// </summary>
    public const string Adoption = "tidekeeper.io/adoption";

    /// <summary>
    /// Annotation on pods that v1 made: what could not be compared with the spec, or differs from it; empty when they
    /// are as the spec wants them.
    /// </summary>
    public const string Adopted = "tidekeeper.io/adopted";

    /// <summary>v1's annotation on Services, Deployments and StatefulSets: the spec as it wrote it last.</summary>
    public const string LastAppliedByV1 = "pingcap.com/last-applied-configuration";

    /// <summary>The field manager of v1, which is the name of its program.</summary>
    public const string FieldManagerOfV1 = "tidb-controller-manager";

    /// <summary>Annotations on pod templates: whether, where and on which port Prometheus scrapes the pod.</summary>
    public const string PrometheusScrape = "prometheus.io/scrape";
    public const string PrometheusPath = "prometheus.io/path";
    public const string PrometheusPort = "prometheus.io/port";

    /// <summary>
    /// Annotation on every object of ours: hash of the document as rendered, to write only what changed.
    /// </summary>
    public const string Rendered = "tidekeeper.io/rendered";

    /// <summary>
    /// Annotation on pod templates: hash of what the user wants of the pod. Only a new value restarts a pod.
    /// </summary>
    public const string Intent = "tidekeeper.io/intent";

    /// <summary>
    /// Annotation on pod templates: the version of our template. It may differ between pods without a restart: a pod
    /// takes the newer template when it restarts for another reason.
    /// </summary>
    public const string TemplateVersion = "tidekeeper.io/template-version";

    /// <summary>
    /// Annotation on pod templates: the configuration keys, separated by commas, that the process can change while it
    /// runs and that its file sets.
    /// </summary>
    public const string OnlineConfig = "tidekeeper.io/online-config";

    /// <summary>
    /// Annotation of the user on the cluster: a new value has the newest template written, which pods take when they
    /// are made anew; it restarts none.
    /// </summary>
    public const string AdoptTemplate = "tidekeeper.io/adopt-template";

    /// <summary>
    /// Annotation on the cluster: the id under which PD bootstrapped, kept to never bootstrap twice.
    /// </summary>
    public const string PinnedClusterId = "tidekeeper.io/cluster-id";

    /// <summary>Annotation that Kubernetes puts on claims: the node for which the volume was made.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    /// <summary>Label that Kubernetes puts on pods of a StatefulSet: the revision of the template.</summary>
    public const string ControllerRevision = "controller-revision-hash";

    /// <summary>Label that Kubernetes puts on pods of a StatefulSet: the pod's name.</summary>
    public const string StatefulSetPodName = "statefulset.kubernetes.io/pod-name";

    /// <summary>Labels of nodes that name their failure domains, from large to small.</summary>
    public const string Region = "topology.kubernetes.io/region";
    public const string Zone = "topology.kubernetes.io/zone";
    public const string Hostname = "kubernetes.io/hostname";

    /// <summary>Whether the operator remembers this label of an object; the others would only cost memory.</summary>
    public static bool IsOfInterest(string key) =>
        key.StartsWith("app.kubernetes.io/", StringComparison.Ordinal)
        || key.StartsWith("tidb.pingcap.com/", StringComparison.Ordinal)
        || key.StartsWith("tidekeeper.io/", StringComparison.Ordinal)
        || key.StartsWith("topology.kubernetes.io/", StringComparison.Ordinal)
        || key is ControllerRevision or Hostname;
}
