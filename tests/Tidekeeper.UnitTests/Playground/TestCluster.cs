using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;
using YamlDotNet.RepresentationModel;

namespace Tidekeeper.UnitTests.Playground;

/// <summary>
/// A playground whose time the test moves. Programs: <c>test/server</c> listens, <c>test/crash</c> ends at once.
/// </summary>
internal sealed class TestCluster
{
    private readonly Clock _clock = new();

    public TestCluster(int nodes = 3, int zones = 3, string cpu = "64", int seed = 1)
    {
        Programs.Add("test/server", new Server());
        Programs.Add("test/crash", new Ending(1));
        Programs.Add("test/done", new Ending(0));
        World = new World(_clock, seed);
        Cluster = PlaygroundCluster.Build(World, new PlaygroundLayout
        {
            Nodes = nodes,
            Zones = zones,
            Cpu = cpu,
            Programs = Programs,
        });
        Api = new ApiClient(World.Api, "test");
        Settle();
    }

    public World World { get; }
    public PlaygroundCluster Cluster { get; }
    public ProgramCatalog Programs { get; } = new();
    public ApiClient Api { get; }
    public DateTimeOffset Now => _clock.GetUtcNow();

    public DateTimeOffset? Settle() => World.Settle();

    /// <summary>Lets time pass, stopping at every moment at which somebody wants to act.</summary>
    public void Pass(double seconds)
    {
        var end = Now.AddSeconds(seconds);
        for (var steps = 0; steps < 10_000; steps++)
        {
            var due = Settle();
            if (due is null || due >= end)
                break;
            _clock.MoveTo(due.Value > Now ? due.Value : Now.AddMilliseconds(1));
        }

        _clock.MoveTo(end);
        Settle();
    }

    /// <summary>Creates what the YAML says, in namespace default, and lets the cluster settle.</summary>
    public void Apply(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        foreach (var document in stream.Documents)
        {
            var item = (JsonObject)Read(document.RootNode)!;
            var type = World.Api.Catalog.All
                .First(t => t.Kind == item.Kind() && t.ApiVersion == item.Text("apiVersion"));
            Api.Create(type.Path, type.Namespaced ? "default" : null, item);
        }

        Settle();
    }

    public JsonObject Get(string resource, string name) =>
        Api.Get(resource, "default", name) ?? throw new InvalidOperationException($"{resource} {name} is not there");

    public JsonObject? Find(string resource, string name) => Api.Get(resource, "default", name);

    public void Change(string resource, string name, Action<JsonObject> change)
    {
        var item = Get(resource, name).Copy();
        change(item);
        Api.Update(resource, item);
        Settle();
    }

    /// <summary>One line per pod: name, phase or reason, ready or not, node.</summary>
    public string Pods() => string.Join('\n', Api.List("v1/pods", "default").Select(p =>
    {
        var waiting = p.ObjectsAt("status", "containerStatuses").Select(c => c.Text("state", "waiting", "reason"))
            .FirstOrDefault(r => r is not null);
        var ready = p.ObjectsAt("status", "conditions")
            .Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");
        var state = (waiting ?? p.Text("status", "phase")) + (ready ? " ready" : "");
        return $"{p.Name()} {state} {p.Text("spec", "nodeName")}".TrimEnd();
    }));

    public IEnumerable<string> EventsOf(string name) => Api.List("v1/events", "default")
        .Where(e => e.Text("involvedObject", "name") == name).Select(e => $"{e.Text("reason")}: {e.Text("message")}");

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c =>
            KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Read(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        YamlScalarNode quoted => quoted.Value,
        _ => null,
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "true" => true,
        "false" => false,
        "null" or "" => null,
        _ when long.TryParse(text, out var number) => number,
        _ => text,
    };

    internal sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        public override DateTimeOffset GetUtcNow() => _now;
        public void MoveTo(DateTimeOffset to) => _now = to > _now ? to : _now;
    }

    /// <summary>Counts its starts in the volume at /data and writes a line.</summary>
    private sealed class Server : IProgram
    {
        public IRunningProgram Start(ContainerContext context)
        {
            if (context.Volumes.TryGetValue("/data", out var disk))
            {
                var starts = disk.Read("starts") is { } before ? int.Parse(Encoding.UTF8.GetString(before)) + 1 : 1;
                disk.Write("starts", Encoding.UTF8.GetBytes(starts.ToString()));
                context.Log($"start {starts} on this disk");
            }

            context.Log($"hello from {context.PodName}");
            return new Running();
        }
    }

    private sealed class Ending(int code) : IProgram
    {
        public IRunningProgram Start(ContainerContext context)
        {
            context.Log("that was all");
            return new Running { ExitCode = code };
        }
    }

    private sealed class Running : IRunningProgram
    {
        public int? ExitCode { get; set; }
        public DateTimeOffset? Act(DateTimeOffset now) => null;
        public void Terminate() => ExitCode ??= 0;
        public void Kill() => ExitCode ??= 137;
    }
}
