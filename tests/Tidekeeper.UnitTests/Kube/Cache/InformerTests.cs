using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;
using Tidekeeper.Playground.Api;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube.Cache;

public class InformerTests
{
    private sealed class Scene
    {
        public Scene(VirtualTime time, int pageSize = 500)
        {
            var server = new ApiServer(time, new Random(1));
            Cluster = new(server, "test");
            Transport = new(server, time);
            Informer = new(new KubeApi(Transport, "test"), new(Resource.ConfigMaps, "default", "app=x"), Store,
                item => item.GetProperty("metadata").GetProperty("name").GetString()!,
                (before, after) => Changes.Add($"{before?.Value ?? "-"}>{after?.Value ?? "-"}"), time, new Random(1))
            {
                PageSize = pageSize,
                Failing = (_, why) => Failures.Add(why),
            };
        }

        public ApiClient Cluster { get; }
        public PlaygroundTransport Transport { get; }
        public Store<string> Store { get; } = new(_ => []);
        public Informer<string> Informer { get; }
        public List<string> Changes { get; } = [];
        public List<string> Failures { get; } = [];

        public void Make(string name, string app = "x") => Cluster.Create("v1/configmaps", "default", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app"] = app } },
        });
    }

    private static void Play(Func<Scene, VirtualTime, Task> play, int pageSize = 500, Action<Scene>? before = null) =>
        Stage.Run(async time =>
        {
            var scene = new Scene(time, pageSize);
            before?.Invoke(scene);
            using var stop = new CancellationTokenSource();
            var running = scene.Informer.Run(stop.Token);
            await play(scene, time);
            stop.Cancel();
            await running;
        });

    [Fact]
    public void What_exists_is_listed_page_by_page_and_shown_only_when_complete() => Play(async (scene, time) =>
    {
        await scene.Informer.Synced;
        await time.Pass(1);
        Assert.Equal(["a", "b", "c"], scene.Store.All());
        Assert.Equal([">a", ">b", ">c"], scene.Changes.Select(c => c.TrimStart('-')));
        Assert.Equal(2, scene.Transport.Sent.Count);
    }, pageSize: 2, before: scene =>
    {
        scene.Make("a");
        scene.Make("b");
        scene.Make("c");
        scene.Make("other", app: "y");
    });

    [Fact]
    public void What_happens_later_is_followed() => Play(async (scene, time) =>
    {
        await scene.Informer.Synced;
        scene.Make("late");
        await time.Pass(1);
        Assert.Equal(["late"], scene.Store.All());
        scene.Cluster.Delete("v1/configmaps", "default", "late");
        await time.Pass(1);
        Assert.Empty(scene.Store.All());
        Assert.Equal(["->late", "late>-"], scene.Changes);
    });

    [Fact]
    public void A_server_that_refuses_is_asked_again_later() => Play(async (scene, time) =>
    {
        scene.Make("a");
        await time.Pass(5);
        Assert.Empty(scene.Store.All());
        scene.Transport.Instead = _ => null;
        await time.Pass(60);
        Assert.Equal(["a"], scene.Store.All());
        Assert.Contains("list: 403 not you", scene.Failures);
        Assert.True(scene.Transport.Sent.Count < 12, "it must not ask without a pause");
    }, before: scene => scene.Transport.Instead = _ => new(403, """{"code":403,"message":"not you"}"""u8.ToArray()));

    [Fact]
    public void An_idle_informer_asks_for_nothing() => Play(async (scene, time) =>
    {
        await scene.Informer.Synced;
        await time.Pass(3600);
        Assert.Single(scene.Transport.Sent);
    });
}
