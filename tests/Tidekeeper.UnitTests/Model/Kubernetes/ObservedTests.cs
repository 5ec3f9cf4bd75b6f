using System.Text.Json;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Model;

public class ObservedTests
{
    [Fact]
    public void Metadata_keeps_what_decisions_need()
    {
        var seen = Read("""
            metadata:
              name: basic-pd
              namespace: shop
              uid: u-1
              resourceVersion: "42"
              generation: 3
              creationTimestamp: 2026-01-01T00:00:00Z
              deletionTimestamp: 2026-01-02T00:00:00Z
              labels: { app.kubernetes.io/component: pd, team: blue }
              annotations: { tidekeeper.io/rendered: abc, other: x }
              ownerReferences: [ { uid: o-0 }, { uid: o-1, controller: true } ]
            """, item => Observed.Read(item, "v1", "Service"));
        Assert.Equal(
            ("v1", "Service", "shop", "basic-pd", "u-1", "42", 3, "o-1"),
            (seen.ApiVersion, seen.Kind, seen.Namespace, seen.Name, seen.Uid, seen.ResourceVersion, seen.Generation,
                seen.OwnerUid));
        Assert.Equal(("pd", "abc", ""), (seen.Component, seen.RenderedHash, seen.ForeignTouch));
        Assert.Equal(["app.kubernetes.io/component"], seen.Labels.Keys);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), seen.Deleting);
    }

    [Fact]
    public void Only_the_touch_of_somebody_else_is_foreign()
    {
        var seen = Read("""
            metadata:
              managedFields:
              - { manager: tidekeeper, operation: Apply, time: "2026-01-01T00:00:00Z" }
              - { manager: kube-controller-manager, operation: Update, subresource: status }
              - { manager: kubelet, operation: Update }
              - { manager: metrics, operation: Update, subresource: status }
              - { manager: kubectl-edit, operation: Update, time: "2026-01-03T00:00:00Z" }
              - { manager: hpa, operation: Update, subresource: scale, time: "2026-01-02T00:00:00Z" }
            """, item => Observed.Read(item));
        Assert.Equal("hpa 2026-01-02T00:00:00Z, kubectl-edit 2026-01-03T00:00:00Z", seen.ForeignTouch);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "{ manager: tidb-controller-manager, operation: Update, time: T1 }", "T1")]
    [InlineData("x", "", "T0")]
    [InlineData("x", "{ manager: fork, operation: Update, time: T2, fieldsV1: MARK }", "T2")]
    [InlineData("x", "{ manager: tidekeeper, operation: Apply, time: T3, fieldsV1: MARK }", "")]
    [InlineData("x", "{ manager: tidekeeper, operation: Apply, time: T3, fieldsV1: MARK }, "
        + "{ manager: fork, operation: Update, time: T4, fieldsV1: MARK }", "T4")]
    [InlineData("", "{ manager: kubectl-edit, operation: Update, time: T5 }", "")]
    public void What_v1_wrote_last_is_told_by_its_mark_or_by_the_name_of_its_program(
        string mark, string managers, string when)
    {
        var fields = "{ f:metadata: { f:annotations: { \"f:pingcap.com/last-applied-configuration\": {} } } }";
        var seen = Read($$"""
            metadata:
              creationTimestamp: T0
              annotations: { pingcap.com/last-applied-configuration: "{{mark}}" }
              managedFields: [ {{managers.Replace("MARK", fields)}} ]
            """, item => Observed.Read(item));
        Assert.Equal(when, seen.WrittenByV1);
    }

    [Fact]
    public void A_pod_tells_why_it_does_not_run()
    {
        var seen = Read("""
            metadata:
              name: basic-tikv-12
              labels: { controller-revision-hash: basic-tikv-7 }
              annotations: { tidekeeper.io/intent: i1 }
            spec:
              nodeName: node-a
              volumes:
              - { name: config, configMap: { name: basic-tikv-abc } }
              - { name: both, projected: { sources: [ { configMap: { name: more } } ] } }
              containers:
              - { name: tikv, image: "pingcap/tikv:v8.5.0", envFrom: [ { configMapRef: { name: env } } ] }
            status:
              phase: Pending
              podIP: 10.0.0.7
              startTime: 2026-01-01T00:00:00Z
              conditions:
              - { type: Ready, status: "False" }
              - { type: PodScheduled, status: "True", reason: x }
              initContainerStatuses: [ { restartCount: 0, state: { waiting: { reason: PodInitializing } } } ]
              containerStatuses:
              - restartCount: 4
                state: { waiting: { reason: CrashLoopBackOff, message: back-off } }
                lastState: { terminated: { reason: OOMKilled, exitCode: 137 } }
              - restartCount: 3
            """, ObservedPod.Read);
        Assert.Equal(("Pending", false, null, "", 12), (seen.Phase, seen.Ready, seen.ReadySince,
            seen.UnscheduledReason, seen.Ordinal));
        Assert.Equal(("node-a", "10.0.0.7", "basic-tikv-7", "i1"), (seen.Node, seen.PodIP, seen.Revision, seen.Intent));
        Assert.Equal(("CrashLoopBackOff", "back-off", "OOMKilled", 137, 4), (seen.WaitingReason, seen.WaitingMessage,
            seen.TerminationReason, seen.ExitCode, seen.Restarts));
        Assert.Equal(["basic-tikv-abc", "env", "more"], seen.ConfigMaps);
        Assert.Equal([new ContainerImage("tikv", "pingcap/tikv:v8.5.0")], seen.Images);
    }

    [Fact]
    public void A_pod_tells_why_it_has_no_node()
    {
        var seen = Read("""
            metadata: { name: a-0 }
            status:
              conditions:
              - { type: PodScheduled, status: "False", reason: Unschedulable, message: 0/3 nodes are available }
            """, ObservedPod.Read);
        Assert.Equal(("Unschedulable", "0/3 nodes are available"), (seen.UnscheduledReason, seen.UnscheduledMessage));
    }

    [Fact]
    public void A_workload_and_a_claim_tell_their_numbers()
    {
        var set = Read("""
            metadata: { name: basic-pd, labels: { app.kubernetes.io/component: pd } }
            spec:
              replicas: 3
              updateStrategy: { type: OnDelete }
              template:
                metadata: { annotations: { tidekeeper.io/intent: i1, tidekeeper.io/template-version: "2" } }
                spec: { containers: [ { name: log, image: busybox }, { name: pd, image: "pingcap/pd:v8.5.0" } ] }
            status: { replicas: 3, readyReplicas: 2, updatedReplicas: 1, observedGeneration: 5, updateRevision: r2 }
            """, ObservedStatefulSet.Read);
        Assert.Equal((3, 2, 1, 5, "r2", "OnDelete"), (set.Replicas, set.ReadyReplicas, set.UpdatedReplicas,
            set.ObservedGeneration, set.UpdateRevision, set.UpdateStrategy));
        Assert.Equal(("i1", "2", "pingcap/pd:v8.5.0"), (set.TemplateIntent, set.TemplateVersion, set.Image));
        var claim = Read("""
            spec: { storageClassName: fast, volumeName: pv-1, resources: { requests: { storage: 1Gi } } }
            status: { phase: Bound, capacity: { storage: 2Gi } }
            """, ObservedClaim.Read);
        Assert.Equal(("fast", "pv-1", "Bound", 1L << 30, 1L << 31), (claim.StorageClass, claim.VolumeName, claim.Phase,
            claim.RequestedBytes, claim.CapacityBytes));
    }

    [Fact]
    public void Data_of_a_ConfigMap_is_kept_only_where_it_is_asked_for()
    {
        const string Map = "{ metadata: { name: a }, data: { b: x, a: y } }";
        Assert.Null(Read(Map, ObservedConfigMap.Read).Data);
        Assert.Equal(["a=y", "b=x"], Read(Map, ObservedConfigMap.ReadWithData).Data!.Select(e => $"{e.Key}={e.Value}"));
    }

    private static T Read<T>(string yaml, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(YamlAsJson.Read(yaml).ToJsonString());
        return read(document.RootElement);
    }
}
