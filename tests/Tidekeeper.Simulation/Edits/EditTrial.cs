using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Mappings;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits;

/// <summary>What became of an edit.</summary>
public enum Verdict
{
    /// <summary>It changed nothing that was not so already.</summary>
    Nothing,

    /// <summary>The API server refused it.</summary>
    RefusedAtAdmission,

    /// <summary>A condition refuses it, and nothing was done.</summary>
    RefusedByOperator,

    /// <summary>It was carried out.</summary>
    Fulfilled,

    /// <summary>It cannot be carried out: it cost one member at most, and putting the old value back heals.</summary>
    Harmless,
}

/// <summary>
/// Edits one cluster, one property after another, and asks the oracles after each: do all objects agree with the spec,
/// does the status agree with the world, would a new cluster of that spec be the same, and does the old value bring the
/// old state back?
/// </summary>
internal sealed class EditTrial(EditedCluster cluster, Func<JsonObject, Snapshot>? fresh)
{
    // From then on pods have things that they take only at their next restart, so a new cluster's are others.
    private bool _podsLag;

    public int Differentials { get; private set; }
    public int Reverts { get; private set; }

    /// <param name="revert">Whether the old value is put back where the edit was carried out.</param>
    public Verdict Try(Edit edit, bool revert)
    {
        var before = cluster.Spec;
        var wanted = before.Copy();
        edit.Change(wanted);
        if (JsonNode.DeepEquals(before, wanted))
            return Verdict.Nothing;
        var (pods, snapshot, templates) = (cluster.Pods(), cluster.Snapshot(), Templates());
        if (cluster.Write(wanted, $"{edit}") is { } refusal)
        {
            Refused(edit, refusal);
            return Verdict.RefusedAtAdmission;
        }

        if (cluster.View.Status.Number("observedGeneration")
            != cluster.World.Cluster(EditedCluster.Name).Number("metadata", "generation"))
            throw Broken("Silence", edit, $"no status answers it: {string.Join("; ", cluster.Errors.TakeLast(1))}");
        var lost = Disrupted(pods);
        var verdict = Judge(edit, lost);
        if (verdict == Verdict.Fulfilled)
            Fulfilled(edit, lost, templates);
        if (verdict != Verdict.Fulfilled || revert)
            Revert(edit, before, snapshot);
        else
            _podsLag |= Lags(edit);
        return verdict;
    }

    private void Refused(Edit edit, string message)
    {
        if (edit.Kind == EditKind.Valid)
            throw Broken("Admission", edit, $"it is refused: {message}");
        if (!Names(edit, message))
            throw Broken("Sentence", edit, $"the refusal does not name the property: {message}");
    }

    private Verdict Judge(Edit edit, IReadOnlyList<string> lost)
    {
        var view = cluster.View;
        var accepted = view.Condition("Accepted");
        if (accepted.Text("status") == "False")
        {
            var message = accepted.Text("message") ?? "";
            if (edit.Kind == EditKind.Valid)
                throw Broken("Liveness", edit, $"it is refused: {message}");
            if (lost.Count > 0)
                throw Broken("Misoperation", edit, $"it is refused and {string.Join(", ", lost)} no longer serve");
            return Names(edit, message) ? Verdict.RefusedByOperator
                : throw Broken("Sentence", edit, $"the refusal does not name the property: {message}");
        }

        if (Consistency.TwoViews(view) is { } lie)
            throw Broken("TwoViews", edit, lie);
        var why = Unfinished(view);
        if (why is null)
            return Verdict.Fulfilled;
        if (edit.Kind == EditKind.Valid)
            throw Broken("Liveness", edit, $"it is not carried out: {why}");
        // Where PD has one member, losing that one takes all others along.
        if (NotServing(lost) is { Count: > 1 } many && view.Spec.Number("pd", "replicas") > 1)
            throw Broken("Misoperation", edit, $"{string.Join(", ", many)} no longer serve: {why}");
        // What crashes does not tell why: then at least who it is.
        if (!Names(edit, why) && !why.Contains($"{EditedCluster.Name}-{edit.Component}", StringComparison.Ordinal)
            && !why.Contains(SpecPath.Last(edit.Path), StringComparison.Ordinal))
            throw Broken("Sentence", edit, $"nothing says what is wrong: {why}");
        if (cluster.Errors.FirstOrDefault(IsUnforeseen) is { } unforeseen)
            throw Broken("Errors", edit, unforeseen);
        if (cluster.Errors.Count > 30)
            throw Broken("Errors", edit, $"{cluster.Errors.Count} errors and no end: {cluster.Errors[^1]}");
        return Verdict.Harmless;
    }

    // A cluster that is suspended, or paused by its user, has come to rest as well.
    private static string? Unfinished(View view)
    {
        var progress = view.Condition("Progressing");
        if (progress.Text("reason") is not ("Settled" or "Suspending" or "Suspended") && !IsPaused(view))
            return progress.Text("message") ?? "no reason is given";
        if (Declared(view).Any(view.IsSuspended))
            return view.Running.Any() || !Declared(view).All(one => view.Workload(one) is null)
                ? Suspended(view) : null;
        return view.Condition("Ready").Text("status") == "True" || IsPaused(view) ? null
            : view.Condition("Ready").Text("message") ?? "no reason is given";
    }

    private static IEnumerable<string> Declared(View view) =>
        View.Replicated.Where(one => view.Spec[one] is JsonObject);

    private static string? Suspended(View view) =>
        Declared(view).Where(view.IsSuspended).Any(one => view.Workload(one) is not null || view.Pods(one).Count > 0)
            ? view.Condition("Progressing").Text("message") : null;

    private static bool IsPaused(View view) =>
        view.Spec.Flag("paused") == true || Declared(view).Any(one => view.Spec.Flag(one, "paused") == true);

    private void Fulfilled(Edit edit, IReadOnlyList<string> lost, SortedDictionary<string, string> templates)
    {
        if (cluster.Errors.Count > 0)
            throw Broken("Errors", edit, $"it is carried out, and on the way: {cluster.Errors[0]}");
        if ((Restarted(edit, lost) ?? RestartedForNothing(lost, templates)) is { } restarted)
            throw Broken("Restarts", edit, restarted);
        if (IsPaused(cluster.View))
            return;
        if (Consistency.Broken(cluster.View) is { } disagreement)
            throw Broken("Consistency", edit, disagreement);
        if (edit.Parts.FirstOrDefault(IsSilentlyIgnored) is { } ignored)
            throw Broken("Unnamed", ignored, "it has no effect, and no condition says so");
        // A cluster that is made out of service has no volumes yet.
        // Nor does one come up at all whose spec no cluster can have.
        if (fresh is not null && edit.Kind != EditKind.Invalid && !Declared(cluster.View).Any(cluster.View.IsSuspended))
            CompareWith(fresh, edit, _podsLag || Lags(edit));
    }

    /// <summary>Compares with a new cluster of the same spec, which has come to it without a way.</summary>
    public void CompareWith(Func<JsonObject, Snapshot> made) =>
        CompareWith(made, new Edit("spec", "after all edits", EditKind.Valid, _ => { }), _podsLag);

    private void CompareWith(Func<JsonObject, Snapshot> made, Edit edit, bool ignorePods)
    {
        Differentials++;
        Compare("Differential", edit, cluster.Snapshot(), made(cluster.Spec), "a new cluster of that spec", ignorePods);
    }

    private bool IsSilentlyIgnored(Edit edit) =>
        PropertyTable.NotShown.Any(one => one.IsNamed && one.Path == edit.Path)
        && SpecPath.Get(cluster.Spec, edit.Path) is { } value && Says(value)
        && cluster.View.Condition("FullySupported").Text("message")?.Contains(
            edit.Path.Split('.').Length > 2 ? edit.Path[..edit.Path.LastIndexOf('.')] : edit.Path,
            StringComparison.Ordinal) != true;

    // What says no to something, or nothing at all, asks for nothing.
    private static bool Says(JsonNode value) => value switch
    {
        JsonArray list => list.Count > 0,
        JsonObject map => map.Count > 0,
        _ => value.Flag() != false && value.Text() is not ("" or "Retain") && value.Number() is null or > 1,
    };

    private void Revert(Edit edit, JsonObject before, Snapshot snapshot)
    {
        Reverts++;
        if (cluster.Write(before, $"{edit}, taken back") is { } refusal)
        {
            if (edit.OneWay is null)
                throw Broken("Revert", edit, $"taking it back is refused: {refusal}");
            return;
        }

        if (edit.OneWay is not null)
            return;
        Compare("Revert", edit, cluster.Snapshot(), snapshot, "what was before", ignorePods: false);
        if (Consistency.TwoViews(cluster.View) is { } lie)
            throw Broken("TwoViews", edit, $"after it is taken back: {lie}");
    }

    private void Compare(
        string oracle, Edit edit, Snapshot here, Snapshot there, string what, bool ignorePods)
    {
        var leftover = cluster.World.Api.List("v1/persistentvolumeclaims", SimulatedCluster.Namespace)
            .Where(one => one.Text("metadata", "annotations", "tidb.pingcap.com/pvc-defer-deleting") is not null)
            .Select(one => $"persistentvolumeclaims {one.Name()}").ToList();
        var differences = here.Differences(there, fact =>
            // A ConfigMap stays as long as a pod reads it.
            (ignorePods && (fact.StartsWith("pods ", StringComparison.Ordinal)
                || fact.StartsWith("configmaps ", StringComparison.Ordinal)))
            || leftover.Exists(one => fact.StartsWith(one, StringComparison.Ordinal)));
        if (differences.Count > 0)
        {
            throw Broken(oracle, edit, $"the cluster is not {what}:\n  "
                + string.Join("\n  ", differences.Take(12)));
        }
    }

    private bool Lags(Edit edit) => edit.Parts.Any(part => PropertyTable.ReachOf(part.Path) == Reach.Nobody)
        || View.Replicated.Any(one => cluster.View.Spec[one] is not null
            && (cluster.View.Either(one, "configUpdateStrategy").Text() != "RollingUpdate"
                || cluster.View.Pods(one).Any(pod => ComponentMappings.ConfigMap(pod["spec"])
                    != ComponentMappings.ConfigMap(cluster.View.Pod(one)))));

    // S17: a pod restarts only for a reason that its user gave, and what is not in pods is no reason.
    private string? Restarted(Edit edit, IReadOnlyList<string> lost)
    {
        var strangers = lost.Where(pod => cluster.View.Get("v1/pods", pod) is not null
            && !edit.Parts.Any(part => MayRestart(part, pod)));
        return string.Join(", ", strangers) is { Length: > 0 } names ? $"{names} restarted for it" : null;
    }

    private string? RestartedForNothing(IReadOnlyList<string> lost, SortedDictionary<string, string> before)
    {
        var now = Templates();
        var needless = lost.Where(pod => cluster.View.Get("v1/pods", pod) is not null
            && now.Any(one => pod.StartsWith($"{EditedCluster.Name}-{one.Key}-", StringComparison.Ordinal)
                && before.GetValueOrDefault(one.Key) == one.Value));
        return string.Join(", ", needless) is { Length: > 0 } names
            ? $"{names} restarted, and nothing of their template has changed" : null;
    }

    // What the operator notes for itself is no part of a pod.
    private SortedDictionary<string, string> Templates()
    {
        var templates = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var component in View.Replicated)
        {
            if (cluster.View.Template(component)?.DeepClone() is not JsonObject template)
                continue;
            (template.At("metadata", "annotations") as JsonObject)?.Remove("tidekeeper.io/intent");
            templates[component] = template.ToJsonString();
        }

        return templates;
    }

    private static bool MayRestart(Edit edit, string pod) => PropertyTable.ReachOf(edit.Path) switch
    {
        Reach.All => true,
        Reach.Component => pod.StartsWith($"{EditedCluster.Name}-{edit.Component}-", StringComparison.Ordinal),
        _ => false,
    };

    private IReadOnlyList<string> Disrupted(SortedDictionary<string, string> before)
    {
        var now = cluster.Pods();
        return [.. before.Where(pod => now.GetValueOrDefault(pod.Key) != pod.Value).Select(pod => pod.Key)];
    }

    private IReadOnlyList<string> NotServing(IReadOnlyList<string> lost)
    {
        var now = cluster.Pods();
        return [.. lost.Where(pod => !now.ContainsKey(pod))];
    }

    // What neither the API server nor the database said.
    private static bool IsUnforeseen(string line) => !line.Contains("the API server answered", StringComparison.Ordinal)
        && !line.Contains("http://", StringComparison.Ordinal);

    private static bool Names(Edit edit, string message) =>
        message.Contains(edit.Path, StringComparison.Ordinal)
        || (edit.AlsoNamed is { } other && message.Contains(other, StringComparison.Ordinal));

    private Checkers.PromiseBrokenException Broken(string oracle, Edit edit, string sentence) =>
        cluster.Broken(oracle, $"{edit}: {sentence}");
}
