using System.Text;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Server;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>A real control plane and a playground without machines, and what both answered to every topic.</summary>
public sealed class BothServers : IAsyncLifetime
{
    private const string Crd = "deploy/crds/pingcap.com_tidbclusters.yaml";
    private readonly ControlPlane _plane = new();
    private readonly SortedDictionary<string, IReadOnlyList<Deviation>> _found = new(StringComparer.Ordinal);

    internal IReadOnlyList<Deviation> Found(string topic) => _found[topic];

    internal IEnumerable<Deviation> All => _found.Values.SelectMany(each => each);

    /// <summary>How many requests both have answered.</summary>
    public int Asked { get; private set; }

    public async Task InitializeAsync()
    {
        if (ControlPlane.Missing is not null)
            return;
        await _plane.InitializeAsync();
        var world = new World(TimeProvider.System, seed: 1);
        PlaygroundCluster.Build(world, new PlaygroundLayout { Nodes = 0 });
        await using var host = await PlaygroundHost.Start(world, new PlaygroundOptions { PodSockets = false });
        using var real = await _plane.Connect();
        using var here = await Connect(host);
        await Prepare(here);
        foreach (var name in Topic.Names)
        {
            var topic = Topic.Read(name);
            var replies = await Task.WhenAll(
                new Conversation(real, topic, topic.Real).Hold(), new Conversation(here, topic, topic.Here).Hold());
            _found[name] = [.. topic.Steps.SelectMany((step, at) =>
                Comparison.OfReplies($"{name}/{step.Name}", replies[0][at].Said, replies[1][at].Said))];
            Asked += topic.Steps.Count;
            await Keep(name, topic, replies);
        }
    }

    public Task DisposeAsync() => _plane.DisposeAsync();

    private static async Task<HttpTransport> Connect(PlaygroundHost host)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, host.Kubeconfig);
        var access = await KubeAccess.Find(file, null, TimeProvider.System, CancellationToken.None);
        File.Delete(file);
        return new HttpTransport(access.Endpoint, access.Credentials, "test", TimeProvider.System);
    }

    /// <summary>The real one has our definition already, and no node at all.</summary>
    private static async Task Prepare(HttpTransport here)
    {
        var crd = await File.ReadAllBytesAsync(Path.Combine(ControlPlane.Repository, Crd));
        var made = await here.Send(new KubeRequest("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
        {
            Body = crd,
            ContentType = "application/yaml",
        }, CancellationToken.None);
        Assert.True(made.Status == 201, Encoding.UTF8.GetString(made.Body));
        await here.Send(new KubeRequest("DELETE", "/api/v1/nodes"), CancellationToken.None);
    }

    /// <summary>Both answers to everything, for whoever looks into a deviation.</summary>
    private static async Task Keep(string name, Topic topic, IReadOnlyList<Reply>[] replies)
    {
        if (Environment.GetEnvironmentVariable("TIDE_CONFORMANCE_TO") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        await File.WriteAllLinesAsync(Path.Combine(folder, name + ".txt"), topic.Steps.Select((step, at) =>
            $"## {step.Name}\nreal: {replies[0][at].Said.ToJsonString()}\nhere: {replies[1][at].Said.ToJsonString()}"));
    }
}
