using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Controllers;

public class RevisionNameTests
{
    /// <summary>The name was read from a real cluster, for this template.</summary>
    [Fact]
    public void A_revision_has_the_name_that_the_real_controller_gives_it()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              serviceName: s
              replicas: 2
              selector: {matchLabels: {app: x}}
              template:
                metadata: {labels: {app: x}}
                spec:
                  containers:
                  - name: c
                    image: busybox:1
                    ports: [{containerPort: 80, name: http}]
                    env: [{name: A, value: "1"}]
                    volumeMounts: [{name: data, mountPath: /data}]
              volumeClaimTemplates:
              - metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """);
        cluster.Pass(5);
        Assert.Equal("db-59c6d5f6b6", Assert.Single(cluster.Api.List("apps/v1/controllerrevisions")).Name());
        Assert.All(cluster.Api.List("v1/persistentvolumeclaims"),
            claim => Assert.Null(claim.Text("spec", "storageClassName")));
    }
}
