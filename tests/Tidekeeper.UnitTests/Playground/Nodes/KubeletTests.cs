using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Nodes;

public class KubeletTests
{
    private static string Pod(string image, string more = "") => $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: p, labels: {app: a}}
        spec:
          containers:
          - name: c
            image: {{{image}}}
        {{{more}}}
        """;

    private static JsonObject Status(TestCluster cluster) =>
        cluster.Get("v1/pods", "p").ObjectsAt("status", "containerStatuses").First();

    [Fact]
    public void A_container_that_keeps_ending_is_restarted_with_growing_pauses()
    {
        var cluster = new TestCluster();
        cluster.Apply(Pod("test/crash:1"));
        cluster.Pass(5);
        Assert.Equal(1, Status(cluster).Number("restartCount"));
        Assert.Equal("CrashLoopBackOff", Status(cluster).Text("state", "waiting", "reason"));
        Assert.Equal(1, Status(cluster).Number("lastState", "terminated", "exitCode"));

        cluster.Pass(11);
        Assert.Equal(2, Status(cluster).Number("restartCount"));
        cluster.Pass(10);
        Assert.Equal(2, Status(cluster).Number("restartCount"));
        cluster.Pass(8);
        Assert.Equal(3, Status(cluster).Number("restartCount"));
    }

    [Fact]
    public void A_pod_of_which_no_image_can_be_simulated_says_so()
    {
        var cluster = new TestCluster();
        cluster.Apply(Pod("busybox:1", "  nodeName: node-1"));
        Assert.Equal("ImagePullBackOff", Status(cluster).Text("state", "waiting", "reason"));
        Assert.Contains("the playground has no simulated program for image busybox:1",
            Status(cluster).Text("state", "waiting", "message"));
    }

    [Fact]
    public void A_pod_of_which_no_image_can_be_simulated_gets_no_node()
    {
        var cluster = new TestCluster();
        cluster.Apply(Pod("busybox:1"));
        Assert.Equal("p Pending", cluster.Pods());
        Assert.Contains(cluster.EventsOf("p"), e =>
            e.StartsWith("FailedScheduling: ", StringComparison.Ordinal)
            && e.Contains("3 node(s) had no simulated program for image busybox:1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_ConfigMap_holds_the_pod_until_it_is_there()
    {
        var cluster = new TestCluster();
        cluster.Apply(Pod("test/server:1", """
                env:
                - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
            """));
        Assert.Equal("CreateContainerConfigError", Status(cluster).Text("state", "waiting", "reason"));
        Assert.Equal("configmap \"settings\" not found", Status(cluster).Text("state", "waiting", "message"));

        cluster.Apply("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {a: "1"}
            """);
        cluster.Pass(10);
        Assert.Equal("p Running ready node-1", cluster.Pods());
    }

    // A scheduler that has not heard of the deletion binds it; what ran then kept the claim for ever.
    [Fact]
    public void A_pod_does_not_start_on_a_claim_that_is_being_deleted()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data, finalizers: [example.com/kept]}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """);
        cluster.Api.Delete("v1/persistentvolumeclaims", "default", "data");
        cluster.Apply(Pod("test/server:1", """
              nodeName: node-1
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
            """));
        Assert.Equal("p ContainerCreating node-1", cluster.Pods());
        Assert.Contains("FailedMount: error processing PVC default/data: PVC is being deleted", cluster.EventsOf("p"));
    }

    [Theory]
    [InlineData("sleep: {seconds: 5}")]
    [InlineData("exec: {command: [sh, -c, \"sync; sleep 5\"]}")]
    public void A_preStop_hook_puts_off_the_end(string hook)
    {
        var cluster = new TestCluster();
        cluster.Apply(Pod("test/server:1", $$"""
                lifecycle: {preStop: { {{hook}} } }
            """));
        cluster.Cluster.DeletePod("default", "p");
        cluster.Pass(4);
        Assert.StartsWith("p Running", cluster.Pods());
        cluster.Pass(2);
        Assert.Equal("", cluster.Pods());
    }

    [Fact]
    public void A_silent_node_is_noticed_and_its_pods_are_deleted_after_their_patience()
    {
        var cluster = new TestCluster();
        cluster.Apply(Pod("test/server:1"));
        cluster.Cluster.StopNode("node-1");
        cluster.Pass(60);
        Assert.Equal("p Running node-1", cluster.Pods());
        Assert.Contains(cluster.Api.Get("v1/nodes", null, "node-1").ObjectsAt("spec", "taints"),
            t => t.Text("key") == "node.kubernetes.io/unreachable" && t.Text("effect") == "NoExecute");

        cluster.Pass(320);
        Assert.NotNull(cluster.Get("v1/pods", "p").At("metadata", "deletionTimestamp"));

        cluster.Cluster.StartNode("node-1");
        cluster.Pass(40);
        Assert.Null(cluster.Find("v1/pods", "p"));
        Assert.Empty(cluster.Api.Get("v1/nodes", null, "node-1").ObjectsAt("spec", "taints"));
    }

    [Fact]
    public void A_drain_evicts_no_more_pods_than_the_budget_allows()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: c, image: "test/server:1"}]}
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
            """);
        Assert.Equal(1, cluster.Get("policy/v1/poddisruptionbudgets", "web").Number("status", "disruptionsAllowed"));
        var pods = cluster.Api.List("v1/pods").Select(p => p.Name()).ToList();

        Assert.Equal(201, Evict(cluster, pods[0]));
        Assert.Equal(429, Evict(cluster, pods[1]));
        cluster.Pass(10);
        Assert.Equal(201, Evict(cluster, pods[1]));
    }

    [Fact]
    public void A_job_ends_with_its_pod_and_one_that_fails_gives_up()
    {
        var cluster = new TestCluster();
        foreach (var (name, image) in ((string, string)[])[("good", "test/done"), ("bad", "test/crash")])
        {
            cluster.Apply($$$"""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: {{{name}}}}
                spec:
                  backoffLimit: 1
                  template:
                    spec: {restartPolicy: Never, containers: [{name: c, image: "{{{image}}}:1"}]}
                """);
        }

        cluster.Pass(60);
        Assert.Equal(["SuccessCriteriaMet", "Complete"], Conditions(cluster, "good"));
        Assert.Equal(["FailureTarget", "Failed"], Conditions(cluster, "bad"));
        Assert.Equal(2, cluster.Get("batch/v1/jobs", "bad").Number("status", "failed"));
    }

    private static IEnumerable<string?> Conditions(TestCluster cluster, string job) =>
        cluster.Get("batch/v1/jobs", job).ObjectsAt("status", "conditions").Select(c => c.Text("type"));

    private static int Evict(TestCluster cluster, string pod) => cluster.World.Api.Handle(
        new ApiRequest("POST", $"/api/v1/namespaces/default/pods/{pod}/eviction")
        {
            Body = System.Text.Encoding.UTF8.GetBytes($$"""
                {"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{pod}}","namespace":"default"} }
                """),
        }).Status;
}
