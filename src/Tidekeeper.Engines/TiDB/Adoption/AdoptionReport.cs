using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// What a take-over would do, object by object: <c>tide adopt --dry-run</c> prints it. It is made by what the operator
/// decides with, from what it would see.
/// </summary>
public sealed class AdoptionReport
{
    private readonly TidbSeen _seen;
    private readonly Draft _draft;
    private readonly AdoptionSeen _whole;
    private readonly List<(string Chapter, string Object, string Says)> _lines = [];
    private readonly List<string> _restarts = [];

    private AdoptionReport(TidbSeen seen)
    {
        _seen = seen;
        _draft = Draft.Of(seen);
        _whole = seen.Adoption.Is(out var whole) ? whole : new AdoptionSeen([]);
        // Who cannot ask PD leaves that to the operator, which asks before it writes anything.
        var silence = seen.Pd.Is(out _) ? null : PdFacts.WhyNoQuorum(seen);
        Obstacles = [.. Preconditions.Obstacles(seen).Where(obstacle => obstacle != silence)];
        Trial();
        Commit();
        Stays();
    }

    /// <summary>What is in the way, each a sentence.</summary>
    public IReadOnlyList<string> Obstacles { get; }

    /// <summary>When v1 wrote last what it owns, which the annotation says.</summary>
    public string LastWritten =>
        Foreigners.Of(_seen).Select(one => one.WrittenByV1).DefaultIfEmpty("").Max(StringComparer.Ordinal)!;

    /// <summary>Whether anything of the cluster is v1's.</summary>
    public bool IsOfV1 => Foreigners.Of(_seen).Count > 0;

    public static AdoptionReport Of(TidbSeen seen) => new(seen);

    /// <param name="more">What is in the way beside what the cluster itself tells.</param>
    public string Print(params IReadOnlyList<string> more)
    {
        var text = new StringBuilder();
        var width = _lines.Count == 0 ? 0 : _lines.Max(line => line.Object.Length);
        foreach (var chapter in _lines.GroupBy(line => line.Chapter))
        {
            text.Append(chapter.Key).Append(":\n");
            foreach (var (_, item, says) in chapter)
                text.Append("  ").Append(item.PadRight(width)).Append("  ").Append(says).Append('\n');
        }

        text.Append("no database pod restarts on trial");
        text.Append(_restarts.Count == 0
            ? ", and none because of the commit\n"
            : $"; after the commit these restart, one after another: {string.Join(", ", _restarts)}\n");
        IReadOnlyList<string> all = [.. more, .. Obstacles];
        if (all.Count > 0)
            text.Append("in the way:\n");
        foreach (var obstacle in all)
            text.Append("  - ").Append(obstacle).Append('\n');
        return text.ToString();
    }

    private void Trial()
    {
        const string chapter = "on trial (tide adopt)";
        Add(chapter, $"ConfigMap/{Keepsake.NameFor(_seen.Cluster.Metadata.Name)}",
            "made: v1's StatefulSets as they are, for the way back");
        foreach (var set in _draft.Sets)
        {
            Add(chapter, $"ConfigMap/{set.ConfigMapName}", Exists("ConfigMap", set.ConfigMapName) ? "there" : "made");
            if (_whole.Find("StatefulSet", set.Component.SetName) is not { } has)
                continue;
            Add(chapter, $"StatefulSet/{set.Component.SetName}", Preconditions.Taken(_seen).Contains(set.Current!)
                ? "taken already"
                : $"taken, pods go on: {Strategy(has)}; pods that are made anew differ in "
                    + string.Join(", ", Differences.Of(has["spec"]!, StatefulSets.Of(set.Component, 1)["spec"]!)));
        }

        foreach (var budget in DisruptionBudgets.Of(_seen.Cluster))
        {
            Add(chapter, $"PodDisruptionBudget/{NameOf(budget)}", _seen.Platform.Serves("policy/v1")
                ? "made: one pod at a time may be evicted"
                : "not made: this server does not serve policy/v1");
        }

        foreach (var (component, pod) in AdoptedPods.Open(_draft))
        {
            if (_whole.Find("Pod", pod.Name) is { } document)
                Tell(chapter, pod, PodComparison.Of(component, document, _whole), component.ConfigRestarts);
        }
    }

    private void Tell(string chapter, ObservedPod pod, PodComparison found, bool configRestarts)
    {
        if (found.Differs.Count > 0)
            _restarts.Add(pod.Name);
        var says = found.Differs.Count > 0
            ? $"goes on, and restarts after the commit: {string.Join("; ", found.Differs)}"
            : "goes on, as the spec wants it";
        if (found is { Differs.Count: 0, HasOtherConfig: true } && !configRestarts)
            says = "goes on with an earlier configuration, which restarts nobody with configUpdateStrategy InPlace";
        Add(chapter, $"Pod/{pod.Name}", found.Unsure.Count > 0
            ? $"{says}; not certain: {string.Join("; ", found.Unsure)}"
            : says);
    }

    private void Commit()
    {
        const string chapter = "at the commit (tide adopt --commit)";
        var plan = Blueprint.Of(_seen.Cluster);
        foreach (var service in plan.Services.Render().Concat(plan.ServiceForClients.Render()))
        {
            var differences = _whole.Find("Service", NameOf(service)) is { } has
                ? Differences.Of(has["spec"]!, service["spec"]!)
                : [];
            Add(chapter, $"Service/{NameOf(service)}", !Exists("Service", NameOf(service)) ? "made"
                : differences.Count == 0 ? "taken, unchanged"
                : $"taken; changes: {string.Join(", ", differences)}");
        }

        foreach (var one in plan.Discovery(_seen.Platform).Render().Where(one => (string?)one["kind"] != "Service"))
        {
            var kind = (string)one["kind"]!;
            Add(chapter, $"{kind}/{NameOf(one)}", !Exists(kind, NameOf(one)) ? "made"
                : kind == "Deployment" ? "taken: its pod is made anew with this operator's image; it holds no data, "
                    + "and only "
                    + "PD members without data ask it"
                : "taken");
        }

        foreach (var map in _seen.Objects.Where(one => one is { Kind: "ConfigMap", WrittenByV1.Length: > 0 }))
            Add(chapter, $"ConfigMap/{map.Name}", "v1's: removed once no pod uses it");
        foreach (var set in _draft.Sets.Where(set => set.Current is { } has && has.Replicas != set.WantedReplicas))
        {
            Add(chapter, $"StatefulSet/{set.Component.SetName}",
                $"{set.Current!.Replicas} replicas, {set.WantedReplicas} wanted: that goes on behind the gate");
        }
    }

    private void Stays()
    {
        const string chapter = "stays";
        foreach (var claim in _seen.Claims.Where(one => one.DeferDeleting.Length > 0))
        {
            Add(chapter, $"PersistentVolumeClaim/{claim.Name}", $"left over since {claim.DeferDeleting}: nobody "
                + $"begins with "
                + "its data; it is deleted when its ordinal is used again, and kept by whoever removes the annotation");
        }

        foreach (var component in _draft.Sets.Select(set => set.Component))
        {
            foreach (var record in Failures.Records(_seen, component.Name))
            {
                Add(chapter, $"Pod/{record.PodName}", $"failed, as v1 has recorded; {(component.Name == Component.Pd
                    ? "it is dropped and joins anew"
                    : "its stand-in stays until it serves again, then leaves by itself")}");
            }
        }
    }

    private void Add(string chapter, string item, string says) => _lines.Add((chapter, item, says));

    private bool Exists(string kind, string name) => Writes.Find(_seen, kind, name) is not null;

    private static string NameOf(JsonObject document) => (string)document["metadata"]!["name"]!;

    private static string Strategy(JsonObject set)
    {
        var strategy = set["spec"]!["updateStrategy"];
        var partition = (long?)strategy?["rollingUpdate"]?["partition"];
        var replicas = (long?)set["spec"]!["replicas"] ?? 1;
        var middle = partition < replicas
            ? $" with partition {partition} of {replicas}, in the middle of a rollout, which goes on after the commit"
            : "";
        return $"updateStrategy {(string?)strategy?["type"]}{middle} becomes OnDelete";
    }
}
