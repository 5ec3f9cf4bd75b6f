namespace Tidekeeper.EndToEnd;

/// <summary>A test that needs programs; skipped, by name, where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(params string[] programs) => Skip = TestWorld.ObstacleFor(programs);
}

/// <summary>The same for a test with a table.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(params string[] programs) => Skip = TestWorld.ObstacleFor(programs);
}

/// <summary>A test about the playground itself, which in another world has nothing to say.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PlaygroundFactAttribute : FactAttribute
{
    public PlaygroundFactAttribute(params string[] programs) => Skip = TestWorld.IsPlayground
        ? TestWorld.ObstacleFor(programs)
        : "it is about the playground's own commands";
}

/// <summary>A test that takes the API server away, which is nobody's to do with a cluster that is lent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnServerFactAttribute : FactAttribute
{
    public OwnServerFactAttribute(params string[] programs) => Skip = LentCluster.KubeConfigFile is null
        ? TestWorld.ObstacleFor(programs)
        : "the API server of a lent cluster is not stopped";
}

/// <summary>A test that breaks machines or disks by commands of <c>tide</c>, which real ones do not obey.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SimulatedNodesFactAttribute : FactAttribute
{
    public SimulatedNodesFactAttribute(params string[] programs) => Skip = TestWorld.Name == TestWorld.Kubelet
        ? "it breaks machines or disks, which can be done to simulated nodes only"
        : TestWorld.ObstacleFor(programs);
}
