using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Controllers;

public class JobTests
{
    [Fact]
    public void Pods_that_never_had_a_node_go_with_their_job()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: j}
            spec:
              template:
                spec: {restartPolicy: Never, containers: [{name: c, image: busybox:1}]}
            """);
        cluster.Pass(5);
        Assert.Equal("Pending", Assert.Single(cluster.Api.List("v1/pods")).Text("status", "phase"));

        cluster.Api.Delete("batch/v1/jobs", "default", "j");
        cluster.Pass(5);
        Assert.Empty(cluster.Api.List("v1/pods"));
    }

    [Fact]
    public void A_pod_deleted_before_it_had_a_node_counts_as_failed_and_goes()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: j}
            spec:
              backoffLimit: 0
              template:
                spec: {restartPolicy: Never, containers: [{name: c, image: busybox:1}]}
            """);
        cluster.Pass(5);
        cluster.Api.Delete("v1/pods", "default", Assert.Single(cluster.Api.List("v1/pods")).Name());
        cluster.Pass(5);
        Assert.Empty(cluster.Api.List("v1/pods"));
        Assert.Equal(1, cluster.Get("batch/v1/jobs", "j").Number("status", "failed"));
    }
}
