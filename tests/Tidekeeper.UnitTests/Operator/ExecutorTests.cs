using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Kube;
using Tidekeeper.Operator;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.UnitTests.Kube;

namespace Tidekeeper.UnitTests.Operator;

public class ExecutorTests
{
    private static readonly EventSubject Subject =
        new("pingcap.com/v1alpha1", "TidbCluster", "default", "basic", "our-uid");

    private sealed class Wire(TimeProvider time) : IDatabaseWire
    {
        public List<string> Sent { get; } = [];
        public WireReply Reply { get; set; } = new(200, "");

        /// <summary>How long an answer takes.</summary>
        public TimeSpan Slowness { get; set; }

        public async Task<WireReply> Send(WireRequest request, CancellationToken cancel)
        {
            Sent.Add($"{request} {request.Body}");
            if (Slowness > TimeSpan.Zero)
                await Task.Delay(Slowness, time, cancel);
            return Reply;
        }
    }

    private sealed class Scene
    {
        public Scene(VirtualTime time)
        {
            var server = new ApiServer(time, new Random(1));
            Server = server;
            Cluster = new(server, "somebody");
            Transport = new(server, time);
            var api = new KubeApi(Transport, "tidekeeper");
            var served = new ServedApis(["v1", "apps/v1"], "");
            var caches = new Caches(new(api, [], time, new Random(1), (_, _) => { }), served, false, (_, _) => { });
            Wire = new(time);
            Executor = new(api, caches, new AppliedLedger(), Wire,
                new EventRecorder(api, "tidekeeper", time, (_, _) => { }), time);
        }

        public ApiServer Server { get; }
        public ApiClient Cluster { get; }
        public PlaygroundTransport Transport { get; }
        public Wire Wire { get; }
        public Executor Executor { get; }

        /// <summary>A server-side apply as it arrives at the server; its status.</summary>
        public int ApplySet(byte[] body) =>
            Server.Handle(new("PATCH", "/apis/apps/v1/namespaces/default/statefulsets/s")
            {
                Query = new Dictionary<string, string> { ["fieldManager"] = "tidekeeper", ["force"] = "true" },
                ContentType = "application/apply-patch+yaml",
                Body = body,
            }).Status;

        public async Task<string> Do(params Act[] acts)
        {
            Transport.Sent.Clear();
            var execution = await Executor.Execute(Subject, acts, default);
            return $"done {execution.Done.Count}"
                + (execution.IsCutShort ? ", then it was old" : "")
                + (execution.Error is null ? "" : $", then: {execution.Error.Message}");
        }
    }

    private static void Play(Func<Scene, Task> play) => Stage.Run(time => play(new(time)));

    private static JsonObject Map(string name, string owner, string hash = "h1") => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "default",
            ["annotations"] = new JsonObject { ["tidekeeper.io/rendered"] = hash },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "pingcap.com/v1alpha1",
                ["kind"] = "TidbCluster",
                ["name"] = "basic",
                ["uid"] = owner,
                ["controller"] = true,
            }),
        },
    };

    private static JsonObject Set(int replicas, string hash)
    {
        var set = Map("s", Subject.Uid, hash);
        set["apiVersion"] = "apps/v1";
        set["kind"] = "StatefulSet";
        set["metadata"]!["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "tidb-operator" };
        set["spec"] = JsonNode.Parse("""
            {"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
            "spec":{"containers":[{"name":"c","image":"i"}]}}}
            """);
        set["spec"]!["replicas"] = replicas;
        return set;
    }

    private static Act.Apply Apply(string name, string hash = "h1") => new(Map(name, Subject.Uid, hash), "of a test");

    private static Act.Delete Delete(string name, string uid) =>
        new("v1", "ConfigMap", "default", name, uid, null, "of a test");

    [Fact]
    public void A_plan_that_has_grown_old_is_not_gone_on_with() => Play(async scene =>
    {
        scene.Wire.Slowness = TimeSpan.FromSeconds(11);
        var ask = new Act.Ask(new("POST", "http://pd/x", null, "PD to do it"), "of a test");
        Assert.Equal("done 1, then it was old", await scene.Do(ask, ask));
        Assert.Single(scene.Wire.Sent);

        scene.Wire.Slowness = TimeSpan.FromSeconds(2);
        Assert.Equal("done 2", await scene.Do(ask, ask));
    });

    [Fact]
    public void What_was_applied_is_not_applied_again_although_the_cache_has_not_heard_of_it() => Play(async scene =>
    {
        Assert.Equal("done 1", await scene.Do(Apply("a")));
        Assert.Equal("done 0", await scene.Do(Apply("a")));
        Assert.Empty(scene.Transport.Sent);
        Assert.Equal("done 1", await scene.Do(Apply("a", hash: "h2")));
    });

    [Fact]
    public void An_operator_that_was_restarted_finds_what_it_applied() => Play(async scene =>
    {
        scene.Cluster.Create("v1/configmaps", "default", Map("a", Subject.Uid));
        var head = scene.Server.Head;
        Assert.Equal("done 0", await scene.Do(Apply("a")));
        Assert.Equal(head, scene.Server.Head);
    });

    [Fact]
    public void An_object_of_somebody_else_is_left_alone_and_named() => Play(async scene =>
    {
        scene.Cluster.Create("v1/configmaps", "default", Map("a", "other-uid"));
        var head = scene.Server.Head;
        Assert.Equal("done 0, then: ConfigMap default/a exists and does not belong to TidbCluster basic; delete or "
            + "rename it", await scene.Do(Apply("a")));
        Assert.Equal(head, scene.Server.Head);
    });

    [Fact]
    public void What_is_made_for_the_first_time_costs_one_request_and_leaves_its_fields_to_later_applies() =>
        Play(async scene =>
        {
            var first = Map("a", Subject.Uid);
            first["data"] = new JsonObject { ["kept"] = "1", ["dropped"] = "2" };
            Assert.Equal("done 1", await scene.Do(new Act.Apply(first, "of a test")));
            Assert.Single(scene.Transport.Sent);
            var second = Map("a", Subject.Uid, "h2");
            second["data"] = new JsonObject { ["kept"] = "1" };
            Assert.Equal("done 1", await scene.Do(new Act.Apply(second, "of a test")));
            var made = scene.Cluster.Get("v1/configmaps", "default", "a")!;
            Assert.Equal("""{"kept":"1"}""", made["data"]!.ToJsonString());
            Assert.Null(made["metadata"]!["deletionGracePeriodSeconds"]);
        });

    [Fact]
    public void A_creation_that_arrives_when_the_next_leader_has_made_and_changed_the_object_is_refused() =>
        Play(async scene =>
        {
            byte[]? late = null;
            scene.Transport.Instead = request =>
            {
                late = request.Body;
                return new(500, []);
            };
            Assert.StartsWith("done 0, then: ", await scene.Do(new Act.Apply(Set(3, "h1"), "of a test")));
            scene.Transport.Instead = _ => null;
            Assert.Equal(201, scene.ApplySet(Encoding.UTF8.GetBytes(Set(5, "h2").ToJsonString())));
            Assert.Equal(422, scene.ApplySet(late!));
            var kept = scene.Cluster.Get("apps/v1/statefulsets", "default", "s")!;
            Assert.Equal(5, (int)kept["spec"]!["replicas"]!);
        });

    [Fact]
    public void A_stateful_set_that_the_plan_took_for_missing_is_not_written_over() => Play(async scene =>
    {
        scene.Cluster.Create("apps/v1/statefulsets", "default", Set(5, "h2"));
        var execution = await scene.Executor.Execute(Subject, [new Act.Apply(Set(3, "h1"), "of a test")], default);
        Assert.Equal("StatefulSet default/s has come since the plan was made; it is looked at again first",
            execution.Error!.Message);
        Assert.True(((RefusedActException)execution.Error).IsPassing);
        var kept = scene.Cluster.Get("apps/v1/statefulsets", "default", "s")!;
        Assert.Equal(5, (int)kept["spec"]!["replicas"]!);
    });

    // Nobody follows it without its label, so no later plan would see it either.
    [Theory]
    [InlineData("h1")]
    [InlineData("h2")]
    public void A_stateful_set_that_lost_its_label_gets_it_back(string hash) => Play(async scene =>
    {
        var bare = Set(3, "h1");
        bare["metadata"]!.AsObject().Remove("labels");
        scene.Cluster.Create("apps/v1/statefulsets", "default", bare);
        Assert.Equal("done 1", await scene.Do(new Act.Apply(Set(3, hash), "of a test")));
        var healed = scene.Cluster.Get("apps/v1/statefulsets", "default", "s")!;
        Assert.Equal("tidb-operator", (string?)healed["metadata"]!["labels"]?["app.kubernetes.io/managed-by"]);
    });

    [Fact]
    public void The_first_act_that_fails_is_the_last() => Play(async scene =>
    {
        scene.Cluster.Create("v1/configmaps", "default", Map("b", "other-uid"));
        Assert.StartsWith("done 1, then: ", await scene.Do(Apply("a"), Apply("b"), Apply("c")));
        Assert.Null(scene.Cluster.Get("v1/configmaps", "default", "c"));
    });

    [Fact]
    public void A_namesake_made_in_the_meantime_is_not_deleted() => Play(async scene =>
    {
        scene.Cluster.Create("v1/configmaps", "default", Map("a", Subject.Uid));
        Assert.Equal("done 0", await scene.Do(Delete("a", "uid-of-its-predecessor")));
        Assert.NotNull(scene.Cluster.Get("v1/configmaps", "default", "a"));
    });

    [Fact]
    public void What_is_gone_already_needs_no_delete() => Play(async scene =>
    {
        Assert.Equal("done 0", await scene.Do(Delete("a", "u")));
        Assert.Empty(scene.Transport.Writes);
    });

    [Fact]
    public void The_very_object_is_deleted() => Play(async scene =>
    {
        var made = scene.Cluster.Create("v1/configmaps", "default", Map("a", Subject.Uid));
        Assert.Equal("done 1", await scene.Do(Delete("a", (string)made["metadata"]!["uid"]!)));
        Assert.Null(scene.Cluster.Get("v1/configmaps", "default", "a"));
    });

    [Fact]
    public void A_database_that_refuses_is_quoted() => Play(async scene =>
    {
        var ask = new Act.Ask(new("POST", "http://pd/x", new JsonObject { ["a"] = 1 }, "PD to do x"), "of a test");
        Assert.Equal("done 1", await scene.Do(ask));
        scene.Wire.Reply = new(400, "not now");
        Assert.Equal("done 0, then: POST http://pd/x: status 400: not now", await scene.Do(ask));
        Assert.Equal("POST http://pd/x {\"a\":1}", scene.Wire.Sent[0]);
    });
}
