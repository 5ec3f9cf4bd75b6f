using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>Something that a user wants, or that befalls the cluster, at some moment of a run.</summary>
public sealed record Step(string Words, Action<Stage> Do);

/// <summary>
/// A cluster and what its users want and suffer one after another. A new operation is a line in
/// <see cref="Scenarios"/>: the run, the weather and the promises are the same for all.
/// </summary>
public sealed record Scenario(string Name, Func<JsonObject> Cluster)
{
    /// <summary>In the order in which they happen.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>Machines of the Kubernetes.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>The Go operator made the cluster, and has gone; this operator was there all the time.</summary>
    public bool IsMadeByV1 { get; init; }

    /// <summary>At the end the cluster is deleted, in whatever state it is.</summary>
    public bool EndsDeleted { get; init; }

    /// <summary>
    /// What is still missing at the end where the cluster cannot be whole again: one of its machines stays away. Null
    /// for a scenario that ends with the cluster as it was wished for.
    /// </summary>
    public Func<SimulatedCluster, string?>? Crippled { get; init; }

    /// <summary>Statements may fail even in fair weather: more is lost at once than a cluster can bear.</summary>
    public bool Interrupts { get; init; }

    public static Scenario Begin(string name, int pd, int tikv, int tidb) =>
        new(name, () => Wishes.Sized("basic", pd, tikv, tidb));

    public Scenario From(Action<JsonObject> change) => this with
    {
        Cluster = () =>
        {
            var cluster = Cluster();
            change(cluster["spec"]!.AsObject());
            return cluster;
        },
    };

    public Scenario Happens(string words, Action<Stage> act) => this with { Steps = [.. Steps, new Step(words, act)] };

    public Scenario Then(string words, Action<JsonObject> change) =>
        Happens($"a user wishes for {words}", stage => stage.Change(change));

    public Scenario Replicas(string component, int replicas) => Then($"{replicas} {component}",
        spec => spec[component]!["replicas"] = replicas);

    public Scenario Version(string version) => Then($"version {version}", spec => spec["version"] = version);

    public Scenario Config(string component, string toml) => Then(
        $"{component} configured with {toml.ReplaceLineEndings(" ")}", spec => spec[component]!["config"] = toml);

    public Scenario MadeByV1() => this with { IsMadeByV1 = true };

    public Scenario Adopted(string stage) => Happens($"tide adopt, {stage}", step => step.Adopt(stage));

    public Scenario Deleted() => this with { EndsDeleted = true };

    public override string ToString() => Name;
}
