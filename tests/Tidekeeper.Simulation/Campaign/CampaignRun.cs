using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.V1;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>What one run of a scenario showed.</summary>
/// <param name="Refused">Statements of the client that failed.</param>
/// <param name="Acts">Disturbing acts that were judged.</param>
public sealed record CampaignResult(
    string Scenario, int Seed, string Hash, int Writes, int Acknowledged, int Refused, int Acts,
    IReadOnlyDictionary<string, int> Faults)
{
    public override string ToString() =>
        $"{Scenario}, seed {Seed}, hash {Hash}: {Writes} writes of the operator, {Acts} acts judged, "
        + $"{Acknowledged} rows acknowledged, {Refused} statements refused; faults: "
        + string.Join(", ", Faults.Select(fault => $"{fault.Value} x {fault.Key}"));
}

/// <summary>
/// A living cluster under a client: it comes up in fair weather, then one thing after another is wished for or befalls
/// it in bad weather, while pods are deleted and a node may be lost. When the weather has cleared the cluster must be
/// what was last wished for, with every row that was ever acknowledged.
/// </summary>
public sealed class CampaignRun
{
    private const string Name = "basic";
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(90);

    private readonly Trial _trial;
    private readonly SimulatedCluster _cluster;
    private readonly Stage _stage;
    private readonly Random _chance;
    private readonly Rows _rows;
    private readonly ActRules _acts;

    private CampaignRun(Trial trial, Action<string>? tell)
    {
        _trial = trial;
        _cluster = new SimulatedCluster(trial.Seed, trial.Weather.Calm(), nodes: trial.Scenario.Nodes)
        {
            Interruptions = new Interruptions { Plan = trial.Plan },
            Again = trial.ToString(),
        };
        _cluster.Story.Told = tell;
        _cluster.Story.Tell(trial.ToString());
        _chance = new Random(trial.Seed ^ 0x2545);
        _rows = new Rows(_cluster, SimulatedCluster.Namespace, $"{Name}-pd", new Random(trial.Seed ^ 0x4f1b));
        _acts = new ActRules(_cluster, Name);
        _stage = new Stage(_cluster, Name,
            [new OnePdCluster(SimulatedCluster.Namespace, $"{Name}-pd"), new Explained(Name), _rows, _acts]);
    }

    public static CampaignResult Run(Trial trial, Action<string>? tell) => new CampaignRun(trial, tell).Run();

    private CampaignResult Run()
    {
        _cluster.Install();
        if (_trial.Scenario.IsMadeByV1)
            new GoOperator(_cluster.World.Api, SimulatedCluster.Namespace, Name).Make(_trial.Scenario.Cluster());
        else
            _cluster.Api.Create(Clusters, SimulatedCluster.Namespace, _trial.Scenario.Cluster());
        Converge("before anything happened", _trial.Scenario.IsMadeByV1 ? NotServingYet : Whole);
        _cluster.Every(TimeSpan.FromMilliseconds(700), _rows.Work);
        _stage.Wait(TimeSpan.FromSeconds(20));

        _cluster.Story.Begin();
        _cluster.Weather = _trial.Weather;
        var lost = LoseNode();
        foreach (var step in _trial.Steps.Select(number => _trial.Scenario.Steps[number]))
        {
            _stage.Wait(TimeSpan.FromSeconds(_chance.Next(60)));
            _cluster.Story.Tell(step.Words);
            step.Do(_stage);
        }

        Misfortunes();
        _stage.PowerOn(lost);
        _cluster.Weather = _trial.Weather.Calm();
        _cluster.Story.Tell("the weather clears");
        End();
        if (_cluster.Story.Told is not null && _cluster.Cluster(Name) is { } last)
            _cluster.Story.Tell($"in the end: {last["status"]!.ToJsonString()}");
        return new CampaignResult(_trial.Scenario.Name, _trial.Seed, _cluster.Story.Hash,
            _cluster.Interruptions.Writes, _rows.Acknowledged, _rows.Refused, _acts.Judged, _cluster.Story.Faults);
    }

    // Strangers delete pods, operators stand still or hear nothing; never two pods at once, for that no operator can
    // answer.
    private void Misfortunes()
    {
        var weather = _trial.Weather;
        Action[] all =
        [
            .. Enumerable.Repeat(DeletePod, weather.PodsDeleted), .. Enumerable.Repeat(Pause, weather.Pauses),
            .. Enumerable.Repeat(() => Blind(forgets: false), weather.StaleViews),
            .. Enumerable.Repeat(() => Blind(forgets: true), weather.MissedEvents),
        ];
        _chance.Shuffle(all);
        foreach (var misfortune in all)
        {
            _stage.Wait(TimeSpan.FromSeconds(10 + _chance.Next(60)));
            misfortune();
        }

        _stage.Wait(TimeSpan.FromMinutes(3));
    }

    private void Pause() =>
        _cluster.PauseOperator(_chance.Next(_trial.Weather.Operators), TimeSpan.FromSeconds(5 + _chance.Next(40)));

    private void Blind(bool forgets)
    {
        string?[] resources =
            [null, "pods", "persistentvolumeclaims", "statefulsets.apps", "nodes", "tidbclusters.pingcap.com"];
        _cluster.BlindOperator(_chance.Next(_trial.Weather.Operators), resources[_chance.Next(resources.Length)],
            TimeSpan.FromSeconds(5 + _chance.Next(115)), forgets);
    }

    private void DeletePod()
    {
        if (Pods() is not { Count: > 0 } pods || !pods.All(Match.IsReady))
            return;
        var name = pods[_chance.Next(pods.Count)].Name();
        _cluster.Story.Tell($"a stranger deletes pod {name}");
        _cluster.Story.Fault("pod deleted");
        _cluster.Playground.DeletePod(SimulatedCluster.Namespace, name, _chance.Next(2) == 0 ? 0 : null);
    }

    private string? LoseNode()
    {
        if (!_trial.Weather.NodeLost || _trial.Scenario.Crippled is not null)
            return null;
        var node = _cluster.Playground.Nodes[_chance.Next(_cluster.Playground.Nodes.Count)];
        _cluster.Story.Tell($"node {node} loses its power");
        _stage.PowerOff(node);
        return node;
    }

    private void End()
    {
        if (!_trial.Scenario.EndsDeleted)
        {
            Converge("at the end", _trial.Scenario.Crippled ?? Whole);
            if (!_stage.WaitUntil(() => _rows.Pending() is null, TimeSpan.FromMinutes(5)))
                throw Broken("Rows", _rows.Pending()!);
            StayAtRest();
            return;
        }

        _cluster.Api.Delete(Clusters, SimulatedCluster.Namespace, Name);
        if (!_stage.WaitUntil(() => _cluster.Cluster(Name) is null && Pods().Count == 0, Healing))
            throw Broken("L4", $"{Name} was deleted and {Pods().Count} of its pods are still there");
    }

    private void StayAtRest()
    {
        _stage.Wait(TimeSpan.FromMinutes(5));
        var rest = AtRest.From(_cluster, Name);
        _stage.Wait(TimeSpan.FromMinutes(10));
        if (rest.Broken() is { } restless)
            throw Broken("S16", restless);
    }

    private void Converge(string when, Func<SimulatedCluster, string?> pending)
    {
        if (_stage.WaitUntil(() => pending(_cluster) is null, TimeSpan.FromMinutes(20)))
            return;

        // Many members went down at once: that somebody looks is what the breaker waits for.
        if (_cluster.Cluster(Name)?["status"]?["breaker"] is not null)
        {
            _cluster.Story.Tell("somebody has looked, and resets the circuit breaker");
            _stage.AnnotateCluster(Labels.BreakerReset, _stage.Now);
        }

        if (_stage.WaitUntil(() => pending(_cluster) is null, Healing))
            return;
        _stage.TellLastWords();
        throw Broken("L1", $"{when} still pending after {Healing.TotalMinutes:0} calm minutes: "
                + pending(_cluster));
    }

    /// <summary>Of a cluster that is v1's nobody says more than that its pods are ready.</summary>
    private string? NotServingYet(SimulatedCluster cluster) =>
        Pods() is { Count: > 3 } pods && pods.All(Match.IsReady) ? null : "v1's pods are not ready";

    private static string? Whole(SimulatedCluster cluster) => Match.Pending(cluster, Name);

    private IReadOnlyList<JsonObject> Pods() =>
        _cluster.Api.List("v1/pods", SimulatedCluster.Namespace, $"app.kubernetes.io/instance={Name}");

    private PromiseBrokenException Broken(string invariant, string sentence) => _cluster.Broken(invariant, sentence);
}
