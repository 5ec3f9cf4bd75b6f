using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Simulation.Faults;
using Xunit.Abstractions;

namespace Tidekeeper.Simulation;

/// <summary>
/// An API server that is ill, or that obeys others, for ten minutes in which the user wishes for something: the
/// operator says what is in its way, asks seldom, and goes on by itself when the cause is gone.
/// </summary>
public sealed class ApiFaultTests(ITestOutputHelper output)
{
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";
    private const string Quotas = "v1/resourcequotas";
    private static readonly TimeSpan Illness = TimeSpan.FromMinutes(10);

    // The lease alone costs a request a second; a list or watch of each of ten kinds is tried every half minute, and a
    // reconcile every two.
    private const int Bearable = 800;

    public static TheoryData<string, string> Illnesses => new()
    {
        { "429", "429 too many requests" },
        { "500", "500 etcdserver: request timed out" },
        { "503", "503 apiserver is shutting down" },
        { "silent", "no answer" },
        { "gone", "not sent" },
    };

    [Theory]
    [MemberData(nameof(Illnesses))]
    public void A_server_that_answers_nothing_sensible_is_asked_seldom_and_named_in_the_log(string kind, string said)
    {
        var run = new Run(request => kind switch
        {
            "429" => Status(429, "TooManyRequests", "too many requests") with
            {
                RetryAfter = TimeSpan.FromSeconds(20),
            },
            "500" => Status(500, "", "etcdserver: request timed out"),
            "503" => Status(503, "ServiceUnavailable", "apiserver is shutting down"),
            "silent" => throw new TransportException("no answer within 30 s", mayHaveArrived: true),
            _ => throw new TransportException("connection refused", mayHaveArrived: false),
        });
        run.Suffer();
        output.WriteLine($"{kind}: {run.Asked} requests in {Illness.TotalMinutes} minutes");
        Assert.Contains(run.Logged, line => line.Contains(said, StringComparison.Ordinal));
        Assert.InRange(run.Asked, 1, Bearable);
        run.Recover();
    }

    [Theory]
    [InlineData(403, "Forbidden", "admission webhook \"guard.example.com\" denied the request: no changes on Fridays")]
    [InlineData(500, "InternalError", "Internal error occurred: failed calling webhook \"guard.example.com\": failed"
        + " to call webhook: Post \"https://guard.guard.svc:443/?timeout=10s\": context deadline exceeded")]
    [InlineData(403, "Forbidden", "configmaps is forbidden: exceeded quota: small, requested: count/configmaps=1, used:"
        + " count/configmaps=3, limited: count/configmaps=3")]
    [InlineData(403, "Forbidden", "configmaps is forbidden: unable to create new content in namespace db because it is "
        + "being terminated")]
    public void Somebody_who_refuses_what_the_operator_writes_is_quoted_in_the_condition(
        int status, string reason, string message)
    {
        var run = new Run(request => request.Method is "PATCH" or "POST"
            && request.Path.Contains("/configmaps", StringComparison.Ordinal)
            ? Status(status, reason, message) : null);
        run.Suffer();
        output.WriteLine(run.Condition("Progressing"));
        Assert.Contains(message, run.Condition("Progressing"), StringComparison.Ordinal);
        Assert.InRange(run.Asked, 1, Bearable);
        run.Recover();
    }

    [Fact]
    public void A_quota_that_leaves_no_room_is_named_and_growing_goes_on_when_there_is_room()
    {
        var run = new Run(_ => null);
        run.World.Api.Create(Quotas, SimulatedCluster.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "small" },
            ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["count/configmaps"] = "0" } },
        });
        run.Suffer();
        output.WriteLine(run.Condition("Progressing"));
        Assert.Contains("exceeded quota: small", run.Condition("Progressing"), StringComparison.Ordinal);
        run.World.Api.Delete(Quotas, SimulatedCluster.Namespace, "small");
        run.Recover();
    }

    [Fact]
    public void Watches_that_end_at_once_are_not_opened_again_and_again()
    {
        var run = new Run(_ => null) { EndsWatches = true };
        run.Suffer();
        output.WriteLine($"{run.Asked} requests");
        Assert.InRange(run.Asked, 1, Bearable);
        run.Recover();
    }

    private static KubeResponse Status(int code, string reason, string message) => new(code, Encoding.UTF8.GetBytes(
        new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["reason"] = reason,
            ["message"] = message,
            ["code"] = code,
        }.ToJsonString()));

    /// <summary>A cluster that is up, then the illness and a wish, then health.</summary>
    private sealed class Run
    {
        private const string Name = "basic";
        private bool _ill;

        public Run(Func<KubeRequest, KubeResponse?> illness)
        {
            World = new SimulatedCluster(7, new Weather())
            {
                Logged = line => Logged.Add(line.Plain()),
                Wrap = inner => new Wire(inner, request =>
                {
                    if (!_ill)
                        return null;
                    Asked++;
                    return illness(request);
                }, () => _ill && EndsWatches),
            };
            World.Install();
            World.Api.Create(Clusters, SimulatedCluster.Namespace, Wishes.Sized(Name, 1, 1, 1));
            Assert.True(Serves(), "it did not come up");
            Logged.Clear();
        }

        public SimulatedCluster World { get; }
        public List<string> Logged { get; } = [];
        public bool EndsWatches { get; init; }
        public int Asked { get; private set; }

        public void Suffer()
        {
            _ill = true;
            var wish = (JsonObject)World.Cluster(Name)!.DeepClone();
            wish["spec"]!["tikv"]!["config"] = "log-level = \"warn\"\n";
            World.Api.Update(Clusters, wish);
            World.RunUntil(() => false, Illness, []);
            _ill = false;
        }

        public void Recover()
        {
            Assert.True(World.RunUntil(IsDone, TimeSpan.FromMinutes(15), []), Condition("Progressing"));
            Assert.Null(World.Bug);
        }

        public string Condition(string type) =>
            World.Cluster(Name)!["status"]!["conditions"]!.AsArray().Where(one => (string?)one!["type"] == type)
                .Select(one => $"{one!["status"]} {one["reason"]}: {one["message"]}").Single();

        // The generation tells that it is the wish's Ready, not the one before.
        private bool IsDone()
        {
            var cluster = World.Cluster(Name)!;
            return (long?)cluster["status"]!["observedGeneration"] == (long?)cluster["metadata"]!["generation"]
                && Condition("Ready").StartsWith("True", StringComparison.Ordinal)
                && Condition("Progressing").StartsWith("False Settled", StringComparison.Ordinal);
        }

        private bool Serves() => World.RunUntil(() => World.Cluster(Name)?["status"]?["conditions"] is not null
            && Condition("Ready").StartsWith("True", StringComparison.Ordinal), TimeSpan.FromMinutes(30), []);
    }

    private sealed class Wire(IKubeTransport inner, Func<KubeRequest, KubeResponse?> illness, Func<bool> endsWatches)
        : IKubeTransport
    {
        public async Task<KubeResponse> Send(KubeRequest request, CancellationToken cancel) =>
            illness(request) ?? await inner.Send(request, cancel);

        public async Task<WatchOpening> Watch(KubeRequest request, CancellationToken cancel)
        {
            if (illness(request) is { } refusal)
                return new WatchOpening.Refused(refusal);
            var opening = await inner.Watch(request, cancel);
            if (!endsWatches() || opening is not WatchOpening.Opened opened)
                return opening;
            await opened.Stream.DisposeAsync();
            return new WatchOpening.Opened(new Ended());
        }
    }

    private sealed class Ended : IWatchStream
    {
        public Task<byte[]?> Read(CancellationToken cancel) => Task.FromResult<byte[]?>(null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
