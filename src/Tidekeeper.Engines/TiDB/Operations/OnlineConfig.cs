using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Configuration that running processes take without a restart. One process is asked first; its answer is read back,
/// and only when it shows the new values do the others follow. What a process has confirmed is in the status, so that
/// an idle cluster is asked nothing.
/// </summary>
internal static class OnlineConfig
{
    /// <summary>PD's members share one configuration.</summary>
    private const string Shared = "pd";

    private const string Asked = "Asked";
    private const string Confirmed = "Confirmed";

    /// <summary>A process whose configuration is to be changed.</summary>
    /// <param name="Name">The pod's name; <c>pd</c> for all of PD.</param>
    /// <param name="Pod">Null for PD.</param>
    public sealed record Process(Component Component, string Name, ObservedPod? Pod);

    /// <summary>Where to read which configurations, by the name of the process: those that are not confirmed.</summary>
    public static IReadOnlyList<(string Name, string Url)> Questions(
        TidbCluster cluster, IReadOnlyList<ObservedPod> pods)
    {
        var questions = new List<(string, string)>();
        foreach (var component in Component.Declared(cluster))
        {
            var part = OnlinePart.Of(component);
            questions.AddRange(
                from process in Processes(component, pods)
                where part.Hash.Length > 0 && !IsConfirmed(cluster, process, part)
                select (process.Name, Url(process) + (process.Pod is null ? "/pd/api/v1/config" : "/config")));
        }

        return questions;
    }

    public static Step Pd(Draft draft) => Decide(draft, Component.Pd);

    public static Step Tikv(Draft draft) => Decide(draft, Component.Tikv);

    public static Step Tidb(Draft draft) => Decide(draft, Component.Tidb);

    private static Step Decide(Draft draft, string name)
    {
        if (draft.Set(name) is not { } change || OnlinePart.Of(change.Component) is not { Hash.Length: > 0 } part)
            return new Step.Done();
        foreach (var process in Processes(change.Component, draft.Seen.Pods))
        {
            if (IsConfirmed(draft.Seen.Cluster, process, part)
                || !draft.Seen.Configs.TryGetValue(process.Name, out var read))
            {
                continue;
            }

            if (!read.Is(out var live))
            {
                return new Step.Hold(
                    $"{process.Name} is to take a changed configuration and does not show its present one: "
                    + read.WhyUnknown, Patience.ForDatabase(draft.Seen));
            }

            var differences = Differences(part, live);
            if (differences.Count == 0)
                continue;
            if (Record(draft.Seen.Cluster, process) is { State: Asked } record && record.Hash == part.Hash
                && record.PodUID == process.Pod?.Uid)
            {
                return Refused(change, process, differences[0], live);
            }

            return new Step.Do(Ask(process, differences));
        }

        return new Step.Done();
    }

    /// <summary>What the processes of a component have been asked and have confirmed, for the status.</summary>
    public static SortedDictionary<string, OnlineConfigStatus>? Records(Draft draft, Plan plan, string name)
    {
        if (draft.Set(name) is not { } change)
            return null;
        var part = OnlinePart.Of(change.Component);
        var records = new SortedDictionary<string, OnlineConfigStatus>(StringComparer.Ordinal);
        foreach (var process in Processes(change.Component, draft.Seen.Pods))
        {
            var record = Record(draft.Seen.Cluster, process);
            var isAsked = plan.Acts.Any(act => act.Undertaking == Undertaking(process));
            var shows = draft.Seen.Configs.TryGetValue(process.Name, out var read) && read.Is(out var live)
                && Differences(part, live).Count == 0;
            if (part.Hash.Length > 0 && (isAsked || shows))
            {
                record = new OnlineConfigStatus
                {
                    Hash = part.Hash,
                    Keys = part.Keys,
                    PodUID = process.Pod?.Uid,
                    State = shows ? Confirmed : Asked
                };
            }

            // What a pod has taken is remembered as long as it runs, as it keeps that when the spec says it no more.
            var speaksOfIt = record?.PodUID == process.Pod?.Uid && (process.Pod is not null || part.Hash.Length > 0);
            if (record is not null && speaksOfIt)
                records[process.Name] = record;
        }

        return records.Count > 0 ? records : null;
    }

    private static List<KeyValuePair<string, TomlValue>> Differences(OnlinePart part, JsonObject live) =>
        [.. part.Entries.Where(entry => !ConfigValues.Same(entry.Value, ConfigValues.Find(live, entry.Key)))];

    private static Step.Hold Refused(
        SetChange change, Process process, KeyValuePair<string, TomlValue> entry, JsonObject live)
    {
        var shown = ConfigValues.Find(live, entry.Key)?.ToJsonString() ?? "nothing";
        return new Step.Hold(
            $"spec.{change.Component.Name}.config: {entry.Key} = {entry.Value} was asked of {process.Name}, which "
            + $"shows {shown}; the others keep their values; write what it accepts, or restart it to take the file",
            Patience.ForPeople)
        {
            Reason = TidbReasons.ConfigNotTaken,
            NeedsPerson = true
        };
    }

    private static Act.Ask Ask(Process process, List<KeyValuePair<string, TomlValue>> differences)
    {
        var body = new JsonObject();
        foreach (var (key, value) in differences)
            body[key] = ConfigValues.Json(value);
        var told = string.Join(", ", differences.Select(entry => $"{entry.Key} = {entry.Value}"));
        var call = process.Component.Name switch
        {
            Component.Pd => new AdminCall("POST", Url(process) + "/pd/api/v1/config", body, $"PD to take {told}"),
            Component.Tikv => new AdminCall("POST", Url(process) + "/config", body, $"{process.Name} to take {told}"),
            _ => new AdminCall(
                "POST", Url(process) + "/settings?" + Form(differences), null, $"{process.Name} to take {told}")
        };
        return new Act.Ask(call, "it can without a restart")
        {
            Undertaking = Undertaking(process),

            // TiKV wants to write its file as well, which is a ConfigMap and cannot be written.
            DoneDespite = process.Component.Name == Component.Tikv ? "config changed, but failed to persist" : ""
        };
    }

    private static string Form(List<KeyValuePair<string, TomlValue>> differences) =>
        string.Join('&', differences.Select(entry =>
        {
            var name = entry.Key == "log.level" ? "log_level" : entry.Key[(entry.Key.LastIndexOf('.') + 1)..];
            var text = entry.Value is TomlBoolean truth ? (truth.Value ? "1" : "0") : ConfigValues.Text(entry.Value);
            return $"{name}={Uri.EscapeDataString(text)}";
        }));

    private static string Undertaking(Process process) => $"configure-{process.Name}";

    private static IEnumerable<Process> Processes(Component component, IReadOnlyList<ObservedPod> pods)
    {
        var running = pods.Where(pod => pod is { Ready: true, Deleting: null } && pod.Component == component.Name)
            .OrderBy(pod => pod.Ordinal).ToList();
        return component.Name == Component.Pd
            ? running.Count > 0 ? [new Process(component, Shared, null)] : []
            : running.Select(pod => new Process(component, pod.Name, pod));
    }

    private static string Url(Process process)
    {
        var cluster = process.Component.Cluster;
        if (process.Pod is null)
            return TidbNames.PdUrl(cluster);
        var port = process.Component.Name == Component.Tikv
            ? TidbPorts.TikvStatus(cluster)
            : TidbPorts.TidbStatus(cluster);
        return $"http://{TidbNames.Host(cluster, process.Component.Name, process.Name)}:{port}";
    }

    private static bool IsConfirmed(TidbCluster cluster, Process process, OnlinePart part) =>
        Record(cluster, process) is { State: Confirmed } record && record.Hash == part.Hash
        && record.PodUID == process.Pod?.Uid;

    private static OnlineConfigStatus? Record(TidbCluster cluster, Process process) =>
        ComponentStatuses.Stored(cluster, process.Component.Name)?.OnlineConfig?.GetValueOrDefault(process.Name);
}
