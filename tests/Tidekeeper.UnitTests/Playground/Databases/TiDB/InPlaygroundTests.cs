using System.Text;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.UnitTests.Playground.Databases.TiDB;

/// <summary>
/// The programs as containers of pods: names from cluster DNS, volumes from claims, restarts by the kubelet.
/// </summary>
public class InPlaygroundTests
{
    [Fact]
    public void A_cluster_of_StatefulSets_becomes_ready_and_survives_the_loss_of_a_pod()
    {
        var (cluster, registry) = Cluster();
        cluster.Pass(30);
        Assert.Equal(6, cluster.Pods().Split('\n').Count(l => l.Contains(" ready ") && !l.StartsWith("disco")));
        var database = registry.All.Single();
        Assert.Equal(3, database.Pd.State.Members.Count);
        Assert.Equal(2, database.Pd.State.Stores.Count);
        Assert.Single(database.Servers);

        cluster.Cluster.DeletePod("default", "basic-tikv-0", graceSeconds: 0);
        cluster.Cluster.DeletePod("default", "basic-pd-0", graceSeconds: 0);
        cluster.Pass(60);
        Assert.Equal(2, database.Stores.Nodes.Count(n => n.Running));
        Assert.Equal(3, database.Pd.Replicas.Count(r => r.Running));
        Assert.Equal([database], registry.All);
    }

    private static (TestCluster, DatabaseRegistry) Cluster()
    {
        var cluster = new TestCluster();
        var registry = new DatabaseRegistry();
        TidbPrograms.AddTo(cluster.Programs, registry, (rows, server) => new EchoSql(rows, server));
        cluster.Programs.Add("test/discovery", new FirstBegins());
        cluster.Apply(Service("basic-discovery", "app: discovery", 10261) + """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: disco}
            spec:
              serviceName: none
              replicas: 1
              selector: {matchLabels: {app: discovery}}
              template:
                metadata: {labels: {app: discovery}}
                spec:
                  containers: [{name: discovery, image: "test/discovery:1"}]
            """);
        cluster.Apply(Service("basic-pd", "app: pd", 2379) + Set("pd", 3));
        cluster.Apply(Set("tikv", 2));
        cluster.Apply(Set("tidb", 1));
        return (cluster, registry);
    }

    private static string Service(string name, string selector, int port, string more = "") => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}} }
        spec:
          selector: { {{selector}} }
          ports: [{name: main, port: {{port}} }]
        {{more}}
        ---

        """;

    private static string Set(string component, int replicas) =>
        Service($"basic-{component}-peer", $"app: {component}", 1,
            "  clusterIP: \"None\"\n  publishNotReadyAddresses: true") + $$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: basic-{{component}} }
        spec:
          serviceName: basic-{{component}}-peer
          replicas: {{replicas}}
          podManagementPolicy: Parallel
          selector: { matchLabels: { app: {{component}} } }
          template:
            metadata: { labels: { app: {{component}} } }
            spec:
              containers:
              - name: {{component}}
                image: pingcap/{{component}}:v8.5.1
                env:
                - {name: CLUSTER_NAME, value: basic}
                - { name: PEER_SERVICE_NAME, value: "basic-{{component}}-peer" }
                - { name: HEADLESS_SERVICE_NAME, value: "basic-{{component}}-peer" }
                volumeMounts: [{name: data, mountPath: /var/lib/{{component}} }]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: { requests: { storage: 1Gi } }
        """;

    /// <summary>Discovery that lets basic-pd-0 begin and the others join it.</summary>
    private sealed class FirstBegins : IProgram
    {
        public IRunningProgram Start(ContainerContext context) => new Answering(context);

        private sealed class Answering : IRunningProgram, IHttpListener
        {
            public Answering(ContainerContext context) => context.Network.Listen(context.PodAddress, 10261, this);

            public int? ExitCode { get; private set; }
            public DateTimeOffset? Act(DateTimeOffset now) => null;
            public void Terminate() => ExitCode = 0;
            public void Kill() => ExitCode = 137;

            public void Handle(HttpCall call, Action<HttpReply> reply)
            {
                var host = Encoding.UTF8.GetString(Convert.FromBase64String(call.PathAndQuery["/new/".Length..]));
                reply(new HttpReply(200, host.StartsWith("basic-pd-0.", StringComparison.Ordinal)
                    ? $"--initial-cluster=basic-pd-0=http://{host}"
                    : "--join=http://basic-pd-0.basic-pd-peer.default.svc:2379"));
            }
        }
    }
}
