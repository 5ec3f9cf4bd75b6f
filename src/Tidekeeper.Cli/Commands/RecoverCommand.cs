using System.CommandLine;
using System.Text.Json.Nodes;
using Tidekeeper.Cli.Cluster;
using Tidekeeper.Cli.View;
using Tidekeeper.Kube;

namespace Tidekeeper.Cli.Commands;

/// <summary>
/// <c>tide recover pd CLUSTER</c>: what is left of a PD without its majority, and the way back step by step. It changes
/// nothing: who gives up members that may still come back can lose what they alone knew, so a person decides.
/// </summary>
internal static class RecoverCommand
{
    public static Command Build()
    {
        var which = new ClusterArguments();
        var pd = new Command("pd", "Explain how to bring back a PD that has lost its majority; changes nothing");
        which.AddForOne(pd);
        pd.SetAction((arguments, cancel) => Run(which, arguments, cancel));
        return new Command("recover", "Guidance for what the operator never does by itself") { pd };
    }

    private static async Task<int> Run(ClusterArguments which, ParseResult arguments, CancellationToken cancel)
    {
        var api = which.Connect(arguments);
        var cluster = await which.FindOne(api, arguments, cancel);
        var ns = (string)cluster["metadata"]!["namespace"]!;
        var name = (string)cluster["metadata"]!["name"]!;
        var pods = (await ClusterPods.Of(api, cluster, cancel))
            .Where(pod => (string?)pod["metadata"]!["labels"]!["app.kubernetes.io/component"] == "pd").ToArray();
        var claims = (await api.List(Resource.Claims, ns, "app.kubernetes.io/component=pd", cancel))
            .ToDictionary(claim => (string)claim["metadata"]!["name"]!, claim => (string)claim["metadata"]!["uid"]!);
        var members = (cluster["status"]?["pd"]?["members"] as JsonObject ?? []).Select(one => one.Key).ToArray();
        if (members.Length == 0)
            throw new CommandFailure(ExitCodes.Refused, $"{ns}/{name}: PD has never had members; see: tide why {name}");

        List<string> serving = [], withData = [];
        Console.WriteLine($"{ns}/{name}: the operator knew these members of PD last:");
        foreach (var member in members)
        {
            var podName = member.Split('.')[0];
            var pod = pods.FirstOrDefault(one => (string?)one["metadata"]!["name"] == podName);
            var runs = pod is not null && Words.Is(pod, "Ready");
            if (runs)
                serving.Add(podName);
            var state = pod is null ? "no pod" : runs ? "ready" : (string?)pod["status"]?["phase"] ?? "not ready";
            var claim = claims.GetValueOrDefault($"pd-{podName}");
            var known = (string?)cluster["status"]!["pd"]!["members"]![member]!["claimUID"];
            var hasData = claim is not null && (known is null || known == claim);
            if (hasData && (string?)pod?["status"]?["phase"] == "Running")
                withData.Add(podName);
            var volume = hasData ? "exists" : claim is null ? "is gone" : "is a new one: what it knew is lost";
            Console.WriteLine($"  {member,-24} {state,-10} its volume claim {volume}");
        }

        var majority = (members.Length / 2) + 1;
        Console.WriteLine(serving.Count >= majority
            ? $"{serving.Count} of {members.Length} are ready, {majority} are needed: nothing has to be recovered."
            : $"{serving.Count} of {members.Length} are ready, {majority} are needed.");
        if (serving.Count < majority)
        {
            var survivors = serving.Concat(withData).Distinct(StringComparer.Ordinal).ToArray();
            Explain(ns, name, (string?)cluster["status"]?["clusterID"], survivors);
        }

        return ExitCodes.Done;
    }

    private static void Explain(string ns, string name, string? clusterId, string[] survivors)
    {
        Console.WriteLine($$"""

            1. First try to bring members back: whoever still has its volume comes back by itself once its pod runs.
                 kubectl describe pods -n {{ns}} -l app.kubernetes.io/instance={{name}},app.kubernetes.io/component=pd
               Go on only if a majority of the volumes is lost for good: what only they knew is lost with them.
            """);
        if (survivors.Length == 0)
            Console.WriteLine(NobodyLeft(ns, name, clusterId));
        else
            Console.WriteLine(OneLeft(ns, name, survivors[0], survivors[1..]));
    }

    /// <param name="others">Have data of the time before, with which nobody lets them in again.</param>
    private static string OneLeft(string ns, string name, string survivor, string[] others) => $$"""
        2. {{survivor}} still has its data and can go on alone. Say so in the spec; none that serves restarts by that:
             kubectl edit tc {{name}} -n {{ns}}
               spec.pd.env: add {name: TIDEKEEPER_FORCE_NEW_CLUSTER, value: {{survivor}}}
        3. Restart it. It drops all other members and leads alone:
             kubectl delete pod {{survivor}} -n {{ns}}
        4. At once take the line out of spec.pd.env again: every start with it drops the other members.
        5. Members whose volume is new or gone join as new ones by themselves, one by one.
             tide watch {{ns}}/{{name}}{{string.Concat(others.Select(pod =>
                $"\n     {pod} must leave its old data behind, when the others serve:"
                + $"\n       kubectl delete pvc/pd-{pod} pod/{pod} -n {ns}"))}}
        """;

    private static string NobodyLeft(string ns, string name, string? clusterId) => $$"""
        2. No volume of PD is left. A new PD must be told who it is, or every store refuses it. Stop the operator, so
           that it does not take the new PD for the cluster:
             kubectl scale deployment tidekeeper -n tidekeeper-system --replicas=0   (or where it was installed)
        3. Allow a new beginning: discovery refuses one while these exist.
             kubectl delete configmap {{name}}-pd-members -n {{ns}}
             kubectl patch tc {{name}} -n {{ns}} --subresource status --type json \
               -p '[{"op": "remove", "path": "/status/clusterID"}]'
        4. Delete the volume claims and the pods of PD, and wait until a new PD leads.
        5. Give it the identity of the old one, from a pod with pd-recover, then restart all pods of PD:
             pd-recover -endpoints http://{{name}}-pd.{{ns}}:2379 -cluster-id {{clusterId ?? "ID"}} -alloc-id N
           N must be larger than every id that the old PD gave out: the largest of
             grep "idAllocator allocates a new id" in the logs of the old PD, plus a million.
        6. Start the operator again:
             kubectl scale deployment tidekeeper -n tidekeeper-system --replicas=1
           It refuses a PD whose cluster id is not {{clusterId ?? "the pinned one"}} once that is in the status.
        """;
}
