using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>What one run of a scenario showed.</summary>
/// <param name="Refused">Statements of the client that failed.</param>
/// <param name="Acts">Disturbing acts that were judged.</param>
public sealed record CampaignResult(
    string Scenario, int Seed, string Hash, int Writes, int Acknowledged, int Refused, int Acts, string Faults);

/// <summary>
/// A living cluster under a client: it comes up in fair weather, then its users wish for one thing after another in bad
/// weather, while pods are deleted and a node may be lost. When the weather has cleared the cluster must be what was
/// last wished for, with every row that was ever acknowledged.
/// </summary>
public sealed class CampaignRun
{
    private const string Name = "basic";
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(60);

    private readonly Scenario _scenario;
    private readonly SimulatedCluster _cluster;
    private readonly Weather _weather;
    private readonly Random _chance;
    private readonly Rows _rows;
    private readonly ActRules _acts;
    private readonly IReadOnlyList<IChecker> _checkers;

    private CampaignRun(Scenario scenario, SimulatedCluster cluster, Weather weather)
    {
        (_scenario, _cluster, _weather) = (scenario, cluster, weather);
        _chance = new Random(cluster.Seed ^ 0x2545);
        _rows = new Rows(cluster, SimulatedCluster.Namespace, $"{Name}-pd", new Random(cluster.Seed ^ 0x4f1b));
        _acts = new ActRules(cluster, Name);
        _checkers =
            [new OnePdCluster(SimulatedCluster.Namespace, $"{Name}-pd"), new Explained(Name), _rows, _acts];
    }

    public static CampaignResult Run(Scenario scenario, int seed) =>
        Run(scenario, seed, Weather.Draw(new Random(seed)) with { BrokenNeighbour = false });

    /// <param name="interruptions">One write at which something is planned to go wrong; null for none.</param>
    public static CampaignResult Run(
        Scenario scenario, int seed, Weather weather, Interruptions? interruptions = null)
    {
        var cluster = new SimulatedCluster(seed, weather.Calm()) { Interruptions = interruptions ?? new() };
        cluster.Story.Tell($"{scenario.Name}; weather: {weather}");
        return new CampaignRun(scenario, cluster, weather).Run();
    }

    private CampaignResult Run()
    {
        _cluster.Install();
        _cluster.Api.Create(Clusters, SimulatedCluster.Namespace, _scenario.Cluster());
        Converge("before anything was wished for");
        _cluster.Every(TimeSpan.FromMilliseconds(700), _rows.Work);
        _cluster.RunUntil(() => false, TimeSpan.FromSeconds(20), _checkers);

        _cluster.Weather = _weather;
        var lost = LoseNode();
        foreach (var wish in _scenario.Wishes)
            Wish(wish);
        Misfortunes();
        if (lost is not null)
            _cluster.Playground.StartNode(lost);
        _cluster.Weather = _weather.Calm();
        _cluster.Story.Tell("the weather clears");
        End();
        return new CampaignResult(_scenario.Name, _cluster.Seed, _cluster.Story.Hash, _cluster.Interruptions.Writes,
            _rows.Acknowledged, _rows.Refused, _acts.Judged,
            string.Join(", ", _cluster.Story.Faults.Select(fault => $"{fault.Value} x {fault.Key}")));
    }

    private void Wish(Wish wish)
    {
        _cluster.RunUntil(() => false, TimeSpan.FromSeconds(_chance.Next(60)), _checkers);
        _cluster.Story.Tell($"a user wishes for {wish.Words}");
        var wanted = _cluster.Cluster(Name)!.Copy();
        wish.Change(wanted["spec"]!.AsObject());
        _cluster.Api.Update(Clusters, wanted);
    }

    // Strangers delete pods and operators stand still; never two pods at once, for that no operator can answer.
    private void Misfortunes()
    {
        for (var left = _weather.PodsDeleted + _weather.Pauses; left > 0; left--)
        {
            _cluster.RunUntil(() => false, TimeSpan.FromSeconds(10 + _chance.Next(60)), _checkers);
            if (left <= _weather.Pauses)
                _cluster.PauseOperator(_chance.Next(_weather.Operators), TimeSpan.FromSeconds(5 + _chance.Next(40)));
            else if (Pods() is { Count: > 0 } pods && pods.All(Match.IsReady))
                DeletePod(pods[_chance.Next(pods.Count)]);
        }

        _cluster.RunUntil(() => false, TimeSpan.FromMinutes(3), _checkers);
    }

    private void DeletePod(JsonObject pod)
    {
        var name = (string)pod["metadata"]!["name"]!;
        _cluster.Story.Tell($"a stranger deletes pod {name}");
        _cluster.Story.Fault("pod deleted");
        _cluster.Playground.DeletePod(SimulatedCluster.Namespace, name, _chance.Next(2) == 0 ? 0 : null);
    }

    private string? LoseNode()
    {
        if (!_weather.NodeLost)
            return null;
        var node = _cluster.Playground.Nodes[_chance.Next(_cluster.Playground.Nodes.Count)];
        _cluster.Story.Tell($"node {node} loses its power");
        _cluster.Story.Fault("node lost");
        _cluster.Playground.StopNode(node);
        return node;
    }

    private void End()
    {
        if (!_scenario.EndsDeleted)
        {
            Converge("at the end");
            if (!_cluster.RunUntil(() => _rows.Pending() is null, TimeSpan.FromMinutes(5), _checkers))
                throw Broken("Rows", _rows.Pending()!);
            StayAtRest();
            return;
        }

        _cluster.Api.Delete(Clusters, SimulatedCluster.Namespace, Name);
        if (!_cluster.RunUntil(() => _cluster.Cluster(Name) is null && Pods().Count == 0, Healing, _checkers))
            throw Broken("L4", $"{Name} was deleted and {Pods().Count} of its pods are still there");
    }

    private void StayAtRest()
    {
        _cluster.RunUntil(() => false, TimeSpan.FromMinutes(5), _checkers);
        var rest = AtRest.From(_cluster, Name);
        _cluster.RunUntil(() => false, TimeSpan.FromMinutes(10), _checkers);
        if (rest.Broken() is { } restless)
            throw Broken("S16", restless);
    }

    private void Converge(string when)
    {
        if (!_cluster.RunUntil(() => Match.Pending(_cluster, Name) is null, Healing, _checkers))
            throw Broken("L1", $"{when} still pending after {Healing.TotalMinutes:0} calm minutes: "
                + Match.Pending(_cluster, Name));
    }

    private IReadOnlyList<JsonObject> Pods() =>
        _cluster.Api.List("v1/pods", SimulatedCluster.Namespace, $"app.kubernetes.io/instance={Name}");

    private PromiseBrokenException Broken(string invariant, string sentence) =>
        new(_cluster.Seed, invariant, $"{_scenario.Name}: {sentence}", _cluster.Story.Last(80));
}
