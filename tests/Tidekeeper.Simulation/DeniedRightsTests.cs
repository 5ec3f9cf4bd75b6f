using System.Text.Json.Nodes;
using Tidekeeper.Operator;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation;

/// <summary>
/// A right is missing: that is said, with verb and resource, where somebody looks; nobody asks for it without end; and
/// the operator goes on by itself when it is there.
/// </summary>
public sealed class DeniedRightsTests
{
    private const string Name = "basic";
    private static readonly TimeSpan While = TimeSpan.FromMinutes(10);

    /// <summary>What a creation needs: the rest is asked for in the same way, but not by it.</summary>
    public static TheoryData<string, string, string> Needed
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var right in Rights.All.Where(right => !right.IsIndirect))
                foreach (var verb in right.Verbs)
                    if (verb is "list" or "watch" || IsMade(right, verb))
                        data.Add(verb, right.Group, right.Resource);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Needed))]
    public void A_right_that_is_missing_is_named_and_waited_for(string verb, string group, string resource)
    {
        var isMissing = true;
        var asked = 0;
        List<string> log = [];
        var cluster = new SimulatedCluster(1, new Weather())
        {
            IsDenied = demand => isMissing && demand.Verb == verb && demand.Group == group
                && demand.Resource == resource && ++asked > 0,
            Logged = line => log.AddRange(line.Fields.Select(field => field.Value)),
        };
        cluster.Install();
        cluster.Api.Create(
            "pingcap.com/v1alpha1/tidbclusters", SimulatedCluster.Namespace, Wishes.Cluster(Name, new Random(1)));
        cluster.RunUntil(() => false, While, []);

        var sentence = $"cannot {verb} resource \"{resource}\" in API group \"{group}\"";
        Assert.True(asked > 0, $"nobody asked to {verb} {resource}");
        Assert.True(asked <= 60, $"asked {asked} times in {While.TotalMinutes:0} minutes");
        Assert.Contains(log, text => text.Contains(sentence, StringComparison.Ordinal));
        if (!IsDispensable(resource, verb))
            Assert.Contains(Told(cluster), text => text.Contains(sentence, StringComparison.Ordinal));

        isMissing = false;
        cluster.RunUntil(
            () => cluster.Health!.Forbidden.Count == 0 && Match.Pending(cluster, Name) is null, While, []);
        Assert.Null(Match.Pending(cluster, Name));
        Assert.Empty(cluster.Health!.Forbidden);
    }

    private static bool IsMade(Right right, string verb) => right.Resource switch
    {
        "leases" or "events" or "tidbclusters/status" => verb is not "patch" || right.Resource != "events",
        "pods" or "persistentvolumeclaims" => false,
        _ => verb is "create" or "patch",
    };

    // The operator works without Events and without nodes: its log is the place for that.
    private static bool IsDispensable(string resource, string verb) =>
        resource == "events" || (resource == "nodes" && verb == "list");

    /// <summary>Conditions, Events, and the answer of /readyz.</summary>
    private static IEnumerable<string> Told(SimulatedCluster cluster) =>
    [
        .. cluster.Health!.Forbidden,
        .. (cluster.Cluster(Name)?["status"]?["conditions"] as JsonArray ?? [])
            .Where(one => (string?)one!["type"] == "Progressing" && (string?)one["reason"] == "Forbidden")
            .Select(one => (string)one!["message"]!),
        .. cluster.Api.List("v1/events", SimulatedCluster.Namespace, null)
            .Where(one => (string?)one["reason"] == "Forbidden").Select(one => (string)one["message"]!),
    ];
}
