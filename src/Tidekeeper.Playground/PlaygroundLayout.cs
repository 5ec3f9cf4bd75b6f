using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground;

/// <summary>What a playground is made of.</summary>
public sealed record PlaygroundLayout
{
    /// <summary>
    /// Worker nodes, spread over the zones in turn. With 0 there is a control plane only, as in a cluster whose
    /// workers have not joined: one node that takes no pods, and no storage classes.
    /// </summary>
    public int Nodes { get; init; } = 3;

    public int Zones { get; init; } = 3;

    /// <summary>CPUs of each node.</summary>
    public string Cpu { get; init; } = "64";

    public string Memory { get; init; } = "256Gi";

    /// <summary>Where volumes are kept as files; null keeps them in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>What the addresses of a node and of its pods begin with, by number of the node.</summary>
    public Func<int, string> Addresses { get; init; } = AddressPool.Loopback(AddressPool.Blocks[0]);

    /// <summary>Where logs of containers are kept, for <c>kubectl logs</c>.</summary>
    public PodLogs Logs { get; init; } = new();

    /// <summary>What container images do.</summary>
    public ProgramCatalog Programs { get; init; } = new();

    /// <summary>The nodes by name: <c>node-1</c> in <c>zone-a</c> and so on.</summary>
    internal IReadOnlyList<NodeSpec> NodeSpecs => Nodes == 0
        ? [new NodeSpec("control-plane", "zone-a") { Taints = ["node-role.kubernetes.io/control-plane=NoSchedule"] }]
        :
        [
            .. Enumerable.Range(0, Nodes).Select(n =>
                new NodeSpec($"node-{n + 1}", ZoneName(n % Math.Max(1, Zones))) { Cpu = Cpu, Memory = Memory }),
        ];

    private static string ZoneName(int number) =>
        number < 26 ? $"zone-{(char)('a' + number)}" : $"zone-{number + 1}";
}
