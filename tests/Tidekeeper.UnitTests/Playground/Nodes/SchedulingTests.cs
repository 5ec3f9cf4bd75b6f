using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Nodes;

public class SchedulingTests
{
    private static string Pod(string name, string more = "", string requests = "") => $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, labels: {app: a}}
        spec:
          containers:
          - name: c
            image: test/server:1
            resources: {requests: {{{{requests}}}}}
        {{{more}}}
        """;

    private static string Why(TestCluster cluster, string pod) => cluster.Get("v1/pods", pod)
        .ObjectsAt("status", "conditions").Single(c => c.Text("type") == "PodScheduled").Text("message")!;

    [Fact]
    public void A_pod_that_fits_nowhere_says_why_for_every_node()
    {
        var cluster = new TestCluster(cpu: "2");
        cluster.Apply(Pod("big", requests: "cpu: 3"));
        cluster.Apply(Pod("picky", "  nodeSelector: {disk: ssd}"));
        Assert.Equal("0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: "
            + "0/3 nodes are available: 3 Preemption is not helpful for scheduling.", Why(cluster, "big"));
        Assert.StartsWith("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
            Why(cluster, "picky"));
        Assert.Contains(cluster.EventsOf("big"), e => e.StartsWith("FailedScheduling: 0/3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pod_that_did_not_fit_is_placed_when_room_is_made()
    {
        var cluster = new TestCluster(nodes: 1, cpu: "2");
        cluster.Apply(Pod("first", requests: "cpu: 2"));
        cluster.Apply(Pod("second", requests: "cpu: 2"));
        Assert.Equal("first Running ready node-1\nsecond Pending", cluster.Pods());

        cluster.Cluster.DeletePod("default", "first");
        cluster.Pass(5);
        Assert.Equal("second Running ready node-1", cluster.Pods());
    }

    [Fact]
    public void A_hard_spread_constraint_leaves_the_pod_out_rather_than_crowd_a_zone()
    {
        var cluster = new TestCluster(nodes: 4, zones: 2);
        for (var i = 0; i < 3; i++)
        {
            cluster.Apply(Pod($"p{i}", """
                  topologySpreadConstraints:
                  - maxSkew: 1
                    topologyKey: kubernetes.io/hostname
                    whenUnsatisfiable: DoNotSchedule
                    labelSelector: {matchLabels: {app: a}}
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                        - matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [zone-a]}]
                """));
        }

        Assert.Equal(["node-1", "node-3"], cluster.Api.List("v1/pods").Take(2)
            .Select(p => p.Text("spec", "nodeName")).Order());
        Assert.Contains(cluster.Get("v1/pods", "p2").Text("spec", "nodeName"), (string[])["node-1", "node-3"]);
    }

    [Fact]
    public void Anti_affinity_keeps_two_of_a_kind_off_one_node()
    {
        var cluster = new TestCluster(nodes: 1);
        const string Apart = """
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: a}}}
            """;
        cluster.Apply(Pod("one", Apart));
        cluster.Apply(Pod("two", Apart));
        Assert.StartsWith("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.",
            Why(cluster, "two"));
    }

    [Fact]
    public void Without_workers_a_pod_finds_only_the_tainted_control_plane()
    {
        var cluster = new TestCluster(nodes: 0);
        cluster.Apply(Pod("p"));
        Assert.Equal("0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, "
            + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.", Why(cluster, "p"));
    }
}
