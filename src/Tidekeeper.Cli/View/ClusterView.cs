using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Kube;

namespace Tidekeeper.Cli.View;

/// <summary>One pod and what the database knows of it.</summary>
/// <param name="Role">For example "PD leader", "store 4, Up, 3 leaders"; empty when the database says nothing.</param>
internal sealed record PodView(string Name, string State, bool Ready, string Node, string Version, string Age,
    string Role);

/// <summary>One component of a cluster.</summary>
internal sealed record ComponentView(string Name, string Phase, int Wanted, IReadOnlyList<PodView> Pods)
{
    public int Ready => Pods.Count(p => p.Ready);
}

/// <summary>A cluster as <c>tide status</c> shows it.</summary>
internal sealed record ClusterView(
    string Namespace, string Name, string Version, bool Ready, string Sentence, string Age, int? SqlPort,
    IReadOnlyList<ComponentView> Components)
{
    // What people have told the operator to do or to leave, which nobody may overlook.
    private static readonly string[] Notes = ["BreakerOpen", "Overridden", "Paused"];

    public IReadOnlyList<string> Remarks { get; private init; } = [];
    public IReadOnlyList<UndertakingView> Plan { get; private init; } = [];

    private static readonly string[] Order = ["pd", "tikv", "tiflash", "tidb"];

    public static async Task<ClusterView> Read(ClusterApi api, JsonObject cluster, CancellationToken cancel)
    {
        var ns = (string)cluster["metadata"]!["namespace"]!;
        var name = (string)cluster["metadata"]!["name"]!;
        var pods = await api.List(Resource.Pods, ns, $"app.kubernetes.io/instance={name}", cancel);
        List<ComponentView> components = [];
        foreach (var component in Order)
        {
            if (cluster["spec"]?[component] is not JsonObject spec)
                continue;
            var views = pods.Where(p => (string?)p["metadata"]!["labels"]?["app.kubernetes.io/component"] == component)
                .OrderBy(p => Ordinal((string)p["metadata"]!["name"]!))
                .Select(p => Pod(p, component, cluster)).ToArray();
            var phase = (string?)cluster["status"]?[component]?["phase"] ?? "";
            components.Add(new ComponentView(component, phase, (int?)spec["replicas"] ?? 0, views));
        }

        var (isReady, sentence) = Judge(cluster, components);
        return new ClusterView(
            ns, name, (string?)cluster["spec"]?["version"] ?? "", isReady, sentence,
            Words.Since((string?)cluster["metadata"]!["creationTimestamp"]),
            SqlAddresses.Read().TryGetValue((ns, name), out var port) ? port : null, components)
        {
            Remarks =
            [
                .. Notes.Select(type => (string?)Words.Condition(cluster, type)?["message"]).OfType<string>(),
                .. Doubts(cluster),
                .. Waiting(cluster, sentence),
            ],
            Plan = UndertakingView.Of(cluster),
        };
    }

    /// <summary>A status that calls ready what is not there was written before that, by an operator now gone.</summary>
    private static (bool IsReady, string Sentence) Judge(
        JsonObject cluster, IReadOnlyList<ComponentView> components)
    {
        var ready = Words.Condition(cluster, "Ready");
        var sentence = (string?)ready?["message"] ?? "the operator has not looked at it yet";
        if ((string?)ready?["status"] != "True")
        {
            // Who waits for what is not ready mostly says the same, and more.
            var why = (string?)cluster["status"]?["waiting"]?["why"];
            return (false, why?.Contains(sentence, StringComparison.Ordinal) == true ? why : sentence);
        }

        var less = components.Where(c => c.Ready < c.Wanted).Select(c => $"{c.Name} {c.Ready}/{c.Wanted}").ToArray();
        return less.Length == 0
            ? (true, sentence)
            : (false, $"the operator called it ready and has not looked at it since: {string.Join(", ", less)} now");
    }

    /// <summary>What is acted upon, though probably not meant.</summary>
    private static IEnumerable<string> Doubts(JsonObject cluster)
    {
        const string Mark = "; mind: ";
        var accepted = (string?)Words.Condition(cluster, "Accepted")?["message"] ?? "";
        if (accepted.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
            yield return accepted[(at + Mark.Length)..];
    }

    /// <summary>What the operator waits for, where that is another thing than that something is not ready.</summary>
    private static IEnumerable<string> Waiting(JsonObject cluster, string sentence)
    {
        if (cluster["status"]?["waiting"] is JsonObject waiting && (string?)waiting["why"] != sentence)
            yield return $"waits for {Words.Since((string?)waiting["since"])}: {waiting["why"]}";
    }

    public JsonObject ToJson() => new()
    {
        ["namespace"] = Namespace,
        ["name"] = Name,
        ["version"] = Version,
        ["ready"] = Ready,
        ["message"] = Sentence,
        ["remarks"] = new JsonArray([.. Remarks.Select(one => JsonValue.Create(one))]),
        ["plan"] = new JsonArray([.. Plan.Select(one => new JsonObject
        {
            ["name"] = one.Name,
            ["what"] = one.What,
            ["state"] = one.State,
            ["why"] = one.Why,
        })]),
        ["mysql"] = SqlPort is null ? null : $"127.0.0.1:{SqlPort}",
        ["components"] = new JsonArray([.. Components.Select(c => new JsonObject
        {
            ["name"] = c.Name,
            ["phase"] = c.Phase,
            ["wanted"] = c.Wanted,
            ["ready"] = c.Ready,
            ["pods"] = new JsonArray([.. c.Pods.Select(p => new JsonObject
            {
                ["name"] = p.Name,
                ["state"] = p.State,
                ["ready"] = p.Ready,
                ["node"] = p.Node,
                ["version"] = p.Version,
                ["role"] = p.Role,
            })]),
        })]),
    };

    private static PodView Pod(JsonObject pod, string component, JsonObject cluster)
    {
        var name = (string)pod["metadata"]!["name"]!;
        var ready = Words.Is(pod, "Ready");
        var main = pod["spec"]!["containers"]!.AsArray().OfType<JsonObject>()
            .FirstOrDefault(c => (string?)c["name"] == component);
        var image = (string?)main?["image"] ?? "";
        var version = image[(image.LastIndexOf(':') + 1)..];
        return new PodView(
            name, State(pod, ready), ready, (string?)pod["spec"]!["nodeName"] ?? "no node", version,
            Words.Since((string?)pod["metadata"]!["creationTimestamp"]), Roles.Of(name, component, cluster));
    }

    private static string State(JsonObject pod, bool ready)
    {
        if (pod["metadata"]!["deletionTimestamp"] is not null)
            return "Terminating";
        var waiting = pod["status"]?["containerStatuses"]?.AsArray()
            .Select(c => (string?)c?["state"]?["waiting"]?["reason"]).FirstOrDefault(r => r is not null);
        return waiting ?? (ready ? "Ready" : (string?)pod["status"]?["phase"] ?? "Unknown");
    }

    private static int Ordinal(string pod) =>
        int.TryParse(pod[(pod.LastIndexOf('-') + 1)..], out var ordinal) ? ordinal : int.MaxValue;
}
