using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Nodes;

/// <summary>Machines that go: switched off, deleted, out of service; and disks inside them.</summary>
public class LostNodeTests
{
    private const string Set = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: s}
        spec:
          serviceName: s
          replicas: 1
          selector: {matchLabels: {app: s}}
          template:
            metadata: {labels: {app: s}}
            spec:
              containers:
              - name: c
                image: "test/server:1"
                volumeMounts: [{name: data, mountPath: /data}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              storageClassName: local-storage
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
        """;

    [Fact]
    public void Pods_of_a_deleted_node_are_removed_and_wait_for_their_local_disk()
    {
        var (cluster, node) = WithSet();
        cluster.Api.Delete("v1/nodes", null, node);
        cluster.Pass(30);
        Assert.Contains("s-0", cluster.Pods());
        cluster.Pass(60);
        Assert.Null(cluster.Api.Get("v1/nodes", null, node));
        Assert.Equal("s-0 Pending", cluster.Pods());
        Assert.Contains("0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity",
            cluster.Get("v1/pods", "s-0").ObjectsAt("status", "conditions")
                .Single(c => c.Text("type") == "PodScheduled").Text("message"));

        cluster.Cluster.StartNode(node);
        cluster.Pass(30);
        Assert.Equal($"s-0 Running ready {node}", cluster.Pods());
        Assert.Contains("start 2 on this disk", Log(cluster));
    }

    [Fact]
    public void A_claim_that_is_deleted_with_its_pod_lets_the_pod_go_elsewhere_with_an_empty_disk()
    {
        var (cluster, node) = WithSet();
        cluster.Api.Delete("v1/nodes", null, node);
        cluster.Pass(90);
        cluster.Api.Delete("v1/persistentvolumeclaims", "default", "data-s-0");
        cluster.Cluster.DeletePod("default", "s-0");
        cluster.Pass(10);
        Assert.Matches("^s-0 Running ready node-", cluster.Pods());
        Assert.DoesNotContain(node, cluster.Pods());
        Assert.Contains("start 1 on this disk", Log(cluster));
    }

    [Fact]
    public void A_machine_is_switched_off_and_on_by_an_annotation()
    {
        var (cluster, node) = WithSet();
        Annotate(cluster, node, PowerSwitch.Power, "off");
        Assert.False(cluster.Cluster.IsRunning(node));
        cluster.Pass(400);
        Assert.Equal($"s-0 Running {node}", cluster.Pods());
        Assert.NotNull(cluster.Get("v1/pods", "s-0").At("metadata", "deletionTimestamp"));
        Annotate(cluster, node, PowerSwitch.Power, "on");
        cluster.Pass(30);
        Assert.Equal($"s-0 Running ready {node}", cluster.Pods());
    }

    [Fact]
    public void Of_a_node_out_of_service_the_terminating_pods_are_removed()
    {
        var (cluster, node) = WithSet();
        cluster.Cluster.StopNode(node);
        cluster.Pass(400);
        Change(cluster, node, item => item["spec"]!["taints"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["key"] = "node.kubernetes.io/out-of-service",
            ["effect"] = "NoExecute",
        }));
        cluster.Pass(10);
        Assert.Equal("s-0 Pending", cluster.Pods());
    }

    private static (TestCluster Cluster, string Node) WithSet()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set);
        cluster.Pass(10);
        return (cluster, cluster.Get("v1/pods", "s-0").Text("spec", "nodeName")!);
    }

    private static string Log(TestCluster cluster) => string.Join('\n',
        cluster.Cluster.Logs.Read("default", "s-0", "c", previous: false, from: 0)!.Lines.Select(l => l.Text));

    private static void Annotate(TestCluster cluster, string node, string name, string value) =>
        Change(cluster, node, item =>
        {
            var metadata = item["metadata"]!.AsObject();
            metadata["annotations"] = new JsonObject { [name] = value };
        });

    private static void Change(TestCluster cluster, string node, Action<JsonObject> change)
    {
        var item = cluster.Api.Get("v1/nodes", null, node)!.Copy();
        change(item);
        cluster.Api.Update("v1/nodes", item);
        cluster.Settle();
    }
}
