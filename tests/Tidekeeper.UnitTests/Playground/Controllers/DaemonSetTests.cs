using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Controllers;

public class DaemonSetTests
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: d}
        spec:
          selector: {matchLabels: {app: d}}
          template:
            metadata: {labels: {app: d}}
            spec: {containers: [{name: c, image: test/server:1}]}
        """;

    [Fact]
    public void Every_node_gets_one_pod_also_one_that_takes_no_others()
    {
        var cluster = new TestCluster(nodes: 3);
        var cordoned = cluster.Api.Get("v1/nodes", null, cluster.Cluster.Nodes[0])!.Copy();
        cordoned.Section("spec")["unschedulable"] = true;
        cluster.Api.Update("v1/nodes", cordoned);
        cluster.Apply(Manifest);
        cluster.Pass(20);
        var pods = cluster.Api.List("v1/pods", "default");
        Assert.Equal(cluster.Cluster.Nodes, pods.Select(p => p.Text("spec", "nodeName")).Order(StringComparer.Ordinal));
        var status = cluster.Get("apps/v1/daemonsets", "d")["status"];
        Assert.Equal((3, 3), (status.Number("desiredNumberScheduled"), status.Number("numberAvailable")));
    }

    [Fact]
    public void A_new_template_reaches_all_nodes()
    {
        var cluster = new TestCluster(nodes: 3);
        cluster.Apply(Manifest);
        cluster.Pass(20);
        cluster.Change("apps/v1/daemonsets", "d",
            set => set["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "test/server:2");
        cluster.Pass(200);
        Assert.All(cluster.Api.List("v1/pods", "default"),
            pod => Assert.Equal("test/server:2", (string?)pod["spec"]!["containers"]![0]!["image"]));
        Assert.Equal(3, cluster.Get("apps/v1/daemonsets", "d").Number("status", "updatedNumberScheduled"));
    }
}
