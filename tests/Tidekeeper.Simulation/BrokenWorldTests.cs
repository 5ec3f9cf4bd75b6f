using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation;

/// <summary>Whole runs in which somebody does what must never be done; each promise has its name.</summary>
public class BrokenWorldTests
{
    private const string Service = "/api/v1/namespaces/db/services/basic-pd";
    private const string TikvSet = "/apis/apps/v1/namespaces/db/statefulsets/basic-tikv";

    [Fact]
    public void Two_PD_clusters_under_one_name_are_noticed()
    {
        var broken = Assert.Throws<PromiseBrokenException>(() =>
            Creation.Run(new Weather(), new SimulatedCluster(1, new Weather(), new GenerousDiscovery())));
        Assert.Equal("S3", broken.Invariant);
        Assert.Contains("has 2 PD clusters", broken.Message);
    }

    [Fact]
    public void A_write_at_rest_is_noticed()
    {
        var broken = Run(inner => new Tampered(inner)
        {
            // With every fiftieth renewal of its lease this operator touches a Service.
            Instead = async (request, count, cancel) => request.Method == "PUT" && count % 50 < 2
                ? await inner.Send(Touch(Service, count), cancel)
                : null,
        });
        Assert.Equal("S16", broken.Invariant);
        Assert.Contains("v1/services basic-pd", broken.Message);
    }

    [Fact]
    public void Too_many_requests_are_noticed()
    {
        var broken = Run(inner => new Tampered(inner)
        {
            Instead = async (request, _, cancel) =>
            {
                for (var i = 0; i < 30 && request.Method == "GET"; i++)
                    await inner.Send(request, cancel);
                return null;
            },
        });
        Assert.Equal("L5", broken.Invariant);
        Assert.Contains("are bearable", broken.Message);
    }

    [Fact]
    public void A_cluster_that_never_comes_up_is_noticed()
    {
        var broken = Run(inner => new Tampered(inner)
        {
            // An operator that believes to have made the TiKV pods, and has not.
            Instead = (request, _, _) => Task.FromResult(
                request.Path == TikvSet && request.Method == "PATCH"
                    ? new KubeResponse(200, request.Body)
                    : null),
        });
        Assert.Equal("L1", broken.Invariant);
        Assert.Contains("StatefulSet basic-tikv does not exist", broken.Message);
    }

    private static PromiseBrokenException Run(Func<IKubeTransport, IKubeTransport> wrap) =>
        Assert.Throws<PromiseBrokenException>(() =>
            Creation.Run(new Weather(), new SimulatedCluster(1, new Weather()) { Wrap = wrap }));

    private static KubeRequest Touch(string path, int count) => new("PATCH", path)
    {
        Body = Encoding.UTF8.GetBytes("{\"metadata\":{\"annotations\":{\"seen\":\"" + count + "\"}}}"),
        ContentType = "application/merge-patch+json",
    };

    // An operator whose requests go astray.
    private sealed class Tampered(IKubeTransport inner) : IKubeTransport
    {
        private int _count;

        public required Func<KubeRequest, int, CancellationToken, Task<KubeResponse?>> Instead { get; init; }

        public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel) =>
            await Instead(request, ++_count, cancel) ?? await inner.Send(request, cancel);

        public Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel) => inner.Watch(request, cancel);
    }

    // Lets everybody who asks begin a cluster of his own.
    private sealed class GenerousDiscovery : IProgram
    {
        public IRunningProgram Start(ContainerContext context) => new Running(context);

        private sealed class Running : IRunningProgram, IHttpListener
        {
            public Running(ContainerContext context) => context.Network.Listen(context.PodAddress, 10261, this);

            public int? ExitCode { get; private set; }

            public DateTimeOffset? Act(DateTimeOffset now) => null;

            public void Terminate() => ExitCode = 0;

            public void Kill() => ExitCode = 137;

            public void Handle(HttpCall call, Action<HttpReply> reply)
            {
                var who = Encoding.UTF8.GetString(Convert.FromBase64String(
                    Uri.UnescapeDataString(call.PathAndQuery.Split('/')[^1])));
                var name = who.Split('.')[0];
                reply(new HttpReply(200, $"--initial-cluster={name}=http://{who}", "text/plain"));
            }
        }
    }
}
