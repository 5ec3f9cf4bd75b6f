using System.Text.Json.Nodes;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.UnitTests.Playground;

/// <summary>Simulated nodes in a cluster whose control plane is elsewhere: here, in another world.</summary>
public sealed class JoinedNodesTests
{
    private readonly Elsewhere _there = new();
    private readonly World _world;

    public JoinedNodesTests()
    {
        _world = new World(new TestCluster.Clock(), seed: 2, elsewhere: _there);
        _there.Mirror = _world.Api.Mirror!;
        var programs = new ProgramCatalog();
        programs.Add("test/server", new IdleServer());
        PlaygroundCluster.Join(_world, new PlaygroundLayout
        {
            Nodes = 1,
            Programs = programs,
            Addresses = number => $"198.18.{number}.",
        });
        _world.Settle();
    }

    [Fact]
    public void A_node_registers_there_and_runs_what_is_bound_to_it()
    {
        Assert.Equal("True", _there.Api.Get("v1/nodes", null, "node-1")!.ObjectsAt("status", "conditions")
            .Single(c => c.Text("type") == "Ready").Text("status"));
        _there.Api.Create("v1/pods", "default", Pod());
        _there.Tell();
        _world.Settle();
        var pod = _there.Api.Get("v1/pods", "default", "web")!;
        Assert.Equal("Running", pod.Text("status", "phase"));
        Assert.Equal("198.18.0.1", pod.Text("status", "podIP"));
        // What somebody else wrote meanwhile is not undone by a status.
        Assert.Equal("kept", pod.Text("metadata", "labels", "by"));
    }

    [Fact]
    public void A_volume_is_made_when_the_control_plane_asks_for_it()
    {
        var claim = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "data",
                ["annotations"] = new JsonObject
                {
                    ["volume.beta.kubernetes.io/storage-provisioner"] = "playground/disk",
                    ["volume.kubernetes.io/selected-node"] = "node-1",
                },
            },
            ["spec"] = new JsonObject
            {
                ["storageClassName"] = "standard",
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } },
            },
        };
        var made = _there.Api.Create("v1/persistentvolumeclaims", "default", claim);
        _there.Tell();
        _world.Settle();
        var volume = _there.Api.Get("v1/persistentvolumes", null, $"pvc-{made.Uid()}")!;
        Assert.Equal(made.Uid(), volume.Text("spec", "claimRef", "uid"));
        // No driver has to attach it, and the scheduler keeps its pods in its zone.
        Assert.NotNull(volume.Text("spec", "local", "path"));
        Assert.NotNull(volume.At("spec", "nodeAffinity", "required"));
    }

    [Fact]
    public void A_released_volume_that_was_made_here_is_deleted()
    {
        _there.Api.Create("v1/persistentvolumes", null, (JsonObject)JsonNode.Parse("""
            {"metadata":{"name":"old","annotations":{"pv.kubernetes.io/provisioned-by":"playground/disk"}},
             "spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},
             "persistentVolumeReclaimPolicy":"Delete"}}
            """)!);
        var released = _there.Api.Get("v1/persistentvolumes", null, "old")!.Copy();
        released["status"] = new JsonObject { ["phase"] = "Released" };
        _there.Api.UpdateStatus("v1/persistentvolumes", released);
        _there.Tell();
        _world.Settle();
        Assert.True(_there.Api.Get("v1/persistentvolumes", null, "old")?.IsBeingDeleted() ?? true);
    }

    [Fact]
    public void Old_news_does_not_replace_what_an_answer_said()
    {
        var type = _world.Api.Catalog.Get("v1/configmaps");
        JsonObject At(int version, string uid = "a") => (JsonObject)JsonNode.Parse(
            $$$"""{"metadata":{"name":"m","namespace":"n","uid":"{{{uid}}}","resourceVersion":"{{{version}}}"}}""")!;
        var mirror = _world.Api.Mirror!;
        mirror.Seen(type, At(7));
        mirror.Seen(type, At(5));
        Assert.Equal(7, Known()!.ResourceVersion());
        mirror.Seen(type, At(9, "b"));
        mirror.Gone(type, At(8));
        Assert.Equal("b", Known()!.Uid());
        mirror.Gone(type, At(10, "b"));
        Assert.Null(Known());

        JsonObject? Known() => _world.Api.Store.Get("configmaps", "n", "m");
    }

    private static JsonObject Pod() => (JsonObject)JsonNode.Parse("""
        {"metadata":{"name":"web","labels":{"by":"kept"}},"spec":{"nodeName":"node-1",
        "containers":[{"name":"c","image":"test/server:1"}]}}
        """)!;

    /// <summary>The other world: a control plane without nodes, which tells the mirror what has changed.</summary>
    private sealed class Elsewhere : IApiWrites
    {
        private readonly World _control = new(new TestCluster.Clock(), seed: 1);
        private long _told;

        public Elsewhere() => Api = new ApiClient(_control.Api, "test");

        public ApiClient Api { get; }
        public ApiMirror Mirror { get; set; } = null!;

        public JsonObject Create(ResourceType type, string? ns, JsonObject body, string manager) =>
            Api.Create(type.Path, ns, body).Copy();

        public JsonObject Update(ResourceType type, JsonObject body, string subresource, string manager) =>
            (subresource.Length == 0 ? Api.Update(type.Path, body) : Api.UpdateStatus(type.Path, body)).Copy();

        public void Delete(
            ResourceType type, string? ns, string name, string? uid, int? graceSeconds, string propagation) =>
            Api.Delete(type.Path, ns, name, uid, graceSeconds, propagation);

        public void Tell()
        {
            foreach (var type in _control.Api.Catalog.All)
            {
                for (var at = _told; _control.Api.Store.Next(type.GroupResource, at, long.MaxValue) is { } change;
                     at = change.Revision)
                    Mirror.Seen(type, change.Object.Copy());
            }

            _told = _control.Api.Head;
        }
    }

    private sealed class IdleServer : IProgram
    {
        public IRunningProgram Start(ContainerContext context) => new Running();

        private sealed class Running : IRunningProgram
        {
            public int? ExitCode { get; private set; }

            public DateTimeOffset? Act(DateTimeOffset now) => null;

            public void Terminate() => ExitCode = 0;

            public void Kill() => ExitCode = 137;
        }
    }
}
