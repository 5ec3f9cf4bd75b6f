using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Controllers;

public class StatefulSetTests
{
    private const string Sets = "apps/v1/statefulsets";

    private static string Set(string policy = "Parallel", string strategy = "OnDelete", int replicas = 3,
        string image = "test/server:1") => $$$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          serviceName: db-peer
          replicas: {{{replicas}}}
          podManagementPolicy: {{{policy}}}
          updateStrategy: {type: "{{{strategy}}}"}
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              containers:
              - name: c
                image: {{{image}}}
                volumeMounts: [{name: data, mountPath: /data}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
        """;

    [Fact]
    public void Its_pods_run_one_per_zone_each_with_a_claim_of_its_own()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set());

        Assert.Equal("""
            db-0 Running ready node-1
            db-1 Running ready node-2
            db-2 Running ready node-3
            """, cluster.Pods());
        Assert.Equal("Bound", cluster.Get("v1/persistentvolumeclaims", "data-db-2").Text("status", "phase"));
        Assert.Equal(
            """{"observedGeneration":1,"replicas":3,"readyReplicas":3,"currentReplicas":3,"updatedReplicas":3}""",
            Counts(cluster));
    }

    [Fact]
    public void A_pod_that_is_deleted_comes_back_with_the_same_claim_and_what_is_on_it()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set());
        var before = cluster.Get("v1/pods", "db-1").Uid();
        var claim = cluster.Get("v1/persistentvolumeclaims", "data-db-1").Uid();

        cluster.Cluster.DeletePod("default", "db-1");
        cluster.Pass(5);

        var pod = cluster.Get("v1/pods", "db-1");
        Assert.NotEqual(before, pod.Uid());
        Assert.Equal("Running", pod.Text("status", "phase"));
        Assert.Equal(claim, cluster.Get("v1/persistentvolumeclaims", "data-db-1").Uid());
        Assert.Equal("start 2 on this disk",
            cluster.Cluster.Logs.Read("default", "db-1", "c", false, 0)!.Lines[0].Text);
    }

    [Fact]
    public void With_OnDelete_a_new_template_touches_no_pod_and_a_deleted_pod_takes_it()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set());
        var uids = cluster.Api.List("v1/pods").Select(p => p.Uid()).ToList();

        cluster.Change(Sets, "db", set => Container(set)["image"] = "test/server:2");
        cluster.Pass(60);
        Assert.Equal(uids, cluster.Api.List("v1/pods").Select(p => p.Uid()));

        cluster.Cluster.DeletePod("default", "db-2");
        cluster.Pass(5);
        Assert.Equal(["test/server:1", "test/server:1", "test/server:2"], cluster.Api.List("v1/pods")
            .Select(p => p.ObjectsAt("spec", "containers").First().Text("image")));
        Assert.Equal(1, cluster.Get(Sets, "db").Number("status", "updatedReplicas"));
    }

    [Fact]
    public void A_rolling_update_goes_from_the_highest_ordinal_down_to_the_partition()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set("OrderedReady", "RollingUpdate"));
        cluster.Pass(5);
        cluster.Change(Sets, "db", set =>
        {
            Container(set)["image"] = "test/server:2";
            set["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 1;
        });
        cluster.Pass(120);

        Assert.Equal(["test/server:1", "test/server:2", "test/server:2"], cluster.Api.List("v1/pods")
            .Select(p => p.ObjectsAt("spec", "containers").First().Text("image")));
    }

    [Fact]
    public void In_order_the_second_pod_waits_until_the_first_is_ready()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set("OrderedReady", image: "unknown/image:1"));
        cluster.Pass(5);
        Assert.Equal("db-0 Pending", cluster.Pods());
    }

    [Fact]
    public void Scaling_in_takes_the_highest_ordinals_and_keeps_their_claims()
    {
        var cluster = new TestCluster();
        cluster.Apply(Set());
        cluster.Change(Sets, "db", set => set["spec"]!["replicas"] = 1);
        cluster.Pass(60);

        Assert.Equal("db-0 Running ready node-1", cluster.Pods());
        Assert.NotNull(cluster.Find("v1/persistentvolumeclaims", "data-db-2"));
    }

    [Fact]
    public void A_claim_that_somebody_made_before_is_used_as_it_is()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data-db-0, labels: {mine: "yes"}}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 7Gi}}
            """);
        var uid = cluster.Get("v1/persistentvolumeclaims", "data-db-0").Uid();
        cluster.Apply(Set(replicas: 1));

        var claim = cluster.Get("v1/persistentvolumeclaims", "data-db-0");
        Assert.Equal(uid, claim.Uid());
        Assert.Equal("7Gi", claim.Text("status", "capacity", "storage"));
        Assert.Null(claim.At("metadata", "ownerReferences"));
    }

    private static JsonObject Container(JsonObject set) =>
        set.ObjectsAt("spec", "template", "spec", "containers").First();

    private static string Counts(TestCluster cluster)
    {
        var status = cluster.Get(Sets, "db").ObjectAt("status")!.Copy();
        foreach (var field in (string[])["currentRevision", "updateRevision", "collisionCount", "availableReplicas"])
            status.Remove(field);
        return status.ToJsonString();
    }
}
