using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>What a user wants at some moment of a run, and how it is put into the spec.</summary>
public sealed record Wish(string Words, Action<JsonObject> Change);

/// <summary>
/// A cluster and what its users want of it one after another. A new operation is a line here: the run, the weather and
/// the promises are the same for all.
/// </summary>
public sealed record Scenario(string Name, Func<JsonObject> Cluster)
{
    /// <summary>In the order in which they are wished for.</summary>
    public IReadOnlyList<Wish> Wishes { get; init; } = [];

    /// <summary>At the end the cluster is deleted, in whatever state it is.</summary>
    public bool EndsDeleted { get; init; }

    public static Scenario Begin(string name, int pd, int tikv, int tidb) =>
        new(name, () => Simulation.Wishes.Sized("basic", pd, tikv, tidb));

    public Scenario Then(string words, Action<JsonObject> change) =>
        this with { Wishes = [.. Wishes, new Wish(words, change)] };

    public Scenario Replicas(string component, int replicas) => Then($"{replicas} {component}",
        spec => spec[component]!["replicas"] = replicas);

    public Scenario Version(string version) => Then($"version {version}", spec => spec["version"] = version);

    public Scenario Deleted() => this with { EndsDeleted = true };

    public override string ToString() => Name;
}

/// <summary>All scenarios of the campaign.</summary>
public static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Scenario.Begin("nothing is wished for", pd: 3, tikv: 3, tidb: 2),
        Scenario.Begin("TiKV grows", pd: 3, tikv: 3, tidb: 2).Replicas("tikv", 5),
        Scenario.Begin("TiDB grows twice", pd: 1, tikv: 3, tidb: 1).Replicas("tidb", 2).Replicas("tidb", 4),
        Scenario.Begin("PD grows", pd: 1, tikv: 3, tidb: 1).Replicas("pd", 3),
        Scenario.Begin("all grow at once", pd: 3, tikv: 3, tidb: 1)
            .Then("more of all", spec =>
            {
                spec["pd"]!["replicas"] = 5;
                spec["tikv"]!["replicas"] = 4;
                spec["tidb"]!["replicas"] = 3;
            }),
        Scenario.Begin("TiKV shrinks", pd: 1, tikv: 5, tidb: 1).Replicas("tikv", 3),
        Scenario.Begin("PD shrinks", pd: 5, tikv: 3, tidb: 1).Replicas("pd", 3),
        Scenario.Begin("TiDB shrinks", pd: 1, tikv: 3, tidb: 3).Replicas("tidb", 1),
        Scenario.Begin("TiKV grows and shrinks", pd: 1, tikv: 3, tidb: 1).Replicas("tikv", 5).Replicas("tikv", 3),
        Scenario.Begin("another version", pd: 3, tikv: 3, tidb: 2).Version("v8.5.2"),
        Scenario.Begin("another version and back", pd: 3, tikv: 3, tidb: 2).Version("v8.5.2").Version("v8.5.1"),
        Scenario.Begin("a cluster is deleted", pd: 3, tikv: 3, tidb: 1).Deleted(),
    ];
}
