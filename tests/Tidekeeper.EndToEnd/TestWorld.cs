namespace Tidekeeper.EndToEnd;

/// <summary>Where the tests of databases run: <c>./tide test --world NAME</c>, which sets <c>TIDE_WORLD</c>.</summary>
internal static class TestWorld
{
    public const string Playground = "playground";

    /// <summary>A real control plane, simulated nodes.</summary>
    public const string ControlPlane = "control-plane";

    /// <summary>A real control plane and real kubelets with real containers.</summary>
    public const string Kubelet = "kubelet";

    public static string Name { get; } = Said("TIDE_WORLD") ?? Playground;

    public static bool IsPlayground => Name == Playground;

    /// <summary>
    /// How long a new cluster may take. A real pod needs some ten seconds to end and to start again, most of them the
    /// kubelet's; a new cluster fifteen on idle processors, and CI's are not.
    /// </summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(Name == Kubelet ? 150 : 60);

    /// <summary>Why a test cannot run in this world; null when it can.</summary>
    public static string? Obstacle { get; } = Said("TIDE_WORLD_OBSTACLE") ?? Name switch
    {
        Playground => null,
        ControlPlane => OnControlPlane,
        Kubelet => OnControlPlane ?? RealNodes.Missing,
        _ => $"TIDE_WORLD: there is no world '{Name}'; known: {Playground}, {ControlPlane}, {Kubelet}",
    };

    private static string? OnControlPlane =>
        (LentCluster.KubeConfigFile is null ? EndToEnd.ControlPlane.Missing : null)
        ?? (Client.IsInstalled("helm") ? null : "helm is not installed");

    public static string? ObstacleFor(string[] programs) =>
        programs.FirstOrDefault(program => !Client.IsInstalled(program)) is { } missing
            ? $"{missing} is not installed"
            : Obstacle;

    private static string? Said(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } said ? said : null;
}
