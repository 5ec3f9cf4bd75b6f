using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground.Nodes;

public class ClusterDnsTests
{
    private static TestCluster WithDatabase()
    {
        var cluster = new TestCluster();
        cluster.Apply("""
            apiVersion: v1
            kind: Service
            metadata: {name: peer}
            spec:
              clusterIP: None
              publishNotReadyAddresses: true
              selector: {app: db}
              ports: [{name: client, port: 2379}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec:
              selector: {app: db}
              ports: [{name: client, port: 2379}]
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              serviceName: peer
              replicas: 2
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  containers:
                  - name: c
                    image: test/server:1
                    readinessProbe: {tcpSocket: {port: 2379}}
            """);
        return cluster;
    }

    private static string AddressOf(TestCluster cluster, string pod) =>
        cluster.Get("v1/pods", pod).Text("status", "podIP")!;

    [Fact]
    public void A_pod_behind_a_headless_service_is_found_by_name_before_it_is_ready()
    {
        var cluster = WithDatabase();
        var address = AddressOf(cluster, "db-1");
        Assert.Equal([address], cluster.World.Network.Resolve("", "db-1.peer.default.svc.cluster.local"));
        Assert.Equal([address], cluster.World.Network.Resolve(AddressOf(cluster, "db-0"), "db-1.peer"));
        Assert.Equal(2, cluster.World.Network.Resolve("", "peer.default.svc").Count);
        Assert.Empty(cluster.World.Network.Resolve("", "db-7.peer.default.svc"));
    }

    [Fact]
    public void A_service_with_an_address_leads_to_ready_pods_only_and_takes_turns()
    {
        var cluster = WithDatabase();
        Assert.Empty(cluster.World.Network.Resolve("", "db.default"));

        foreach (var pod in (string[])["db-0", "db-1"])
            cluster.World.Network.Listen(AddressOf(cluster, pod), 2379, new Nothing());
        cluster.Pass(15);

        var first = cluster.World.Network.Resolve("", "db.default.svc")[0];
        var second = cluster.World.Network.Resolve("", "db.default.svc")[0];
        Assert.NotEqual(first, second);
        Assert.StartsWith("db-0 Running ready", cluster.Pods());
    }

    [Fact]
    public void Records_are_those_of_a_real_cluster_a_service_has_its_own_address()
    {
        var cluster = WithDatabase();
        var names = new ClusterDns(new Cluster(cluster.World));
        Assert.Equal([cluster.Get("v1/services", "db").Text("spec", "clusterIP")!],
            names.Records("db.default.svc.cluster.local"));
        Assert.Equal(2, names.Records("peer.default.svc.cluster.local")!.Count);
        Assert.Equal([AddressOf(cluster, "db-1")], names.Records("db-1.peer.default.svc.cluster.local"));
        Assert.Null(names.Records("db-7.peer.default.svc.cluster.local"));
        Assert.Null(names.Records("db.default.svc"));
    }

    [Fact]
    public void A_bare_name_means_the_service_in_the_namespace_of_who_asks()
    {
        var cluster = WithDatabase();
        Assert.Equal(2, cluster.World.Network.Resolve(AddressOf(cluster, "db-0"), "peer").Count);
    }

    private sealed class Nothing : Tidekeeper.Playground.Network.IListener;
}
