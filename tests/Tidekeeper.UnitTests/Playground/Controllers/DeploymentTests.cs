using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Controllers;

public class DeploymentTests
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: c, image: "test/server:1"}
        """;

    [Fact]
    public void A_rollout_replaces_all_pods_and_ends_with_the_new_replica_set_available()
    {
        var cluster = new TestCluster();
        cluster.Apply(Web);
        Assert.Equal(2, cluster.Get("apps/v1/deployments", "web").Number("status", "availableReplicas"));

        cluster.Change("apps/v1/deployments", "web", d => d.ObjectsAt("spec", "template", "spec", "containers")
            .First()["image"] = "test/server:2");
        cluster.Pass(60);

        var status = cluster.Get("apps/v1/deployments", "web").ObjectAt("status")!;
        Assert.Equal(2, status.Number("observedGeneration"));
        Assert.Equal((2, 2), (status.Number("updatedReplicas"), status.Number("replicas")));
        Assert.Contains("has successfully progressed", status.ObjectsAt("conditions").Last().Text("message"));
        Assert.All(cluster.Api.List("v1/pods"), p => Assert.Equal("test/server:2",
            p.ObjectsAt("spec", "containers").First().Text("image")));
        Assert.Equal("2", cluster.Get("apps/v1/deployments", "web")
            .Text("metadata", "annotations", "deployment.kubernetes.io/revision"));
    }

    [Fact]
    public void With_Recreate_no_new_pod_starts_before_the_last_old_one_is_gone()
    {
        var cluster = new TestCluster();
        cluster.Apply(Web + "\n  strategy: {type: Recreate}");
        cluster.Change("apps/v1/deployments", "web", d => d.ObjectsAt("spec", "template", "spec", "containers")
            .First()["image"] = "test/server:2");
        cluster.Pass(60);

        Assert.Equal(2, cluster.Get("apps/v1/deployments", "web").Number("status", "availableReplicas"));
        Assert.All(cluster.Api.List("v1/pods"), p => Assert.Equal("test/server:2",
            p.ObjectsAt("spec", "containers").First().Text("image")));
    }
}
