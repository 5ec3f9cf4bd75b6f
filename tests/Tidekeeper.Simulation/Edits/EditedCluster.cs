using System.Text.Json.Nodes;
using Tidekeeper.Operator;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Edits.Oracles;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Edits;

/// <summary>One living cluster in fair weather whose spec is edited, and what became of its pods meanwhile.</summary>
internal sealed class EditedCluster
{
    public const string Name = "basic";
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";

    private readonly SimulatedCluster _cluster;
    private readonly Settling _settling;
    private readonly IReadOnlyList<IChecker> _checkers;
    private readonly List<string> _errors = [];

    private EditedCluster(int seed)
    {
        _cluster = new SimulatedCluster(seed, new Weather()) { Logged = Note, Again = $"edits/{seed}" };
        _checkers = [new OnePdCluster(SimulatedCluster.Namespace, $"{Name}-pd"), new Explained(Name)];
        _settling = new Settling(_cluster, Name);
    }

    public SimulatedCluster World => _cluster;

    public View View => new(_cluster, Name);

    public JsonObject Spec => ((JsonObject)_cluster.Cluster(Name)!["spec"]!).Copy();

    /// <summary>What the operator logged since the spec changed last: errors, and reconciles that failed.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>A cluster of that spec, which has come up as far as it does.</summary>
    public static EditedCluster Made(int seed, JsonObject spec)
    {
        var made = new EditedCluster(seed);
        made._cluster.Install();
        made._cluster.Api.Create("v1/configmaps", SimulatedCluster.Namespace, EditSeeds.Bootstrap());
        made._cluster.Api.Create(Clusters, SimulatedCluster.Namespace, EditSeeds.Item(Name, spec));
        made.Settle("its creation");
        return made;
    }

    /// <summary>Makes that the spec, and waits until nothing happens any more.</summary>
    /// <returns>What the API server says when it refuses; null when it does not.</returns>
    public string? Write(JsonObject spec, string words)
    {
        var item = _cluster.Cluster(Name)!.Copy();
        item["spec"] = spec.Copy();
        _cluster.Story.Tell($"a user: {words}");
        _errors.Clear();
        try
        {
            _cluster.Api.Update(Clusters, item);
        }
        catch (ApiFault refusal) when (refusal.Code is 400 or 422)
        {
            return refusal.Message;
        }

        Settle(words);
        return null;
    }

    /// <summary>The pods that serve, by name with their UIDs.</summary>
    public SortedDictionary<string, string> Pods()
    {
        var pods = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pod in View.Replicated.SelectMany(View.Pods).Where(Match.IsReady))
            pods[pod.Name()] = pod.Uid();
        return pods;
    }

    public Snapshot Snapshot() => Oracles.Snapshot.Of(_cluster, Name);

    public PromiseBrokenException Broken(string oracle, string sentence) =>
        new(_cluster.Again, oracle, sentence, _cluster.Story.Last(80));

    private void Settle(string words)
    {
        if (_settling.Wait(_checkers) is { } restless)
            throw Broken("L1", $"{words}: {restless}");
        if (_cluster.Bug is { } bug)
            throw Broken("Errors", $"{words}: the operator's process ended: {bug.Message}");
    }

    private void Note(LogLine line)
    {
        if (line.Level == LogLevel.Error || line.Message == "a reconcile failed")
            _errors.Add(line.Plain());
    }
}
