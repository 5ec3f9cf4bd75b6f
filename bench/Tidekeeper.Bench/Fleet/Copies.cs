using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Operator.Databases.TiDB;
using Tidekeeper.Playground;
using Tidekeeper.Simulation;

namespace Tidekeeper.Bench.Fleet;

/// <summary>
/// Copies of one settled cluster under other names and UIDs, with everything that the operator follows: thousands of
/// clusters without the hours that it would take to simulate each.
/// </summary>
internal sealed partial class Copies
{
    private static readonly (string Resource, string Stored)[] Kinds =
    [
        (SettledWorld.Clusters, "tidbclusters.pingcap.com"), ("v1/pods", "pods"), ("v1/services", "services"),
        ("v1/persistentvolumeclaims", "persistentvolumeclaims"), ("v1/configmaps", "configmaps"),
        ("v1/serviceaccounts", "serviceaccounts"), ("apps/v1/statefulsets", "statefulsets.apps"),
        ("apps/v1/deployments", "deployments.apps"), ("policy/v1/poddisruptionbudgets", "poddisruptionbudgets.policy"),
        ("rbac.authorization.k8s.io/v1/roles", "roles.rbac.authorization.k8s.io"),
        ("rbac.authorization.k8s.io/v1/rolebindings", "rolebindings.rbac.authorization.k8s.io"),
    ];

    private readonly List<(string Stored, string Text)> _templates = [];
    private readonly Platform _platform;
    private readonly IDatabaseWire _wire;

    /// <param name="wire">Answers for the copies.</param>
    public Copies(SimulatedCluster settled, IDatabaseWire wire, Platform platform)
    {
        (_wire, _platform) = (wire, platform);
        foreach (var (resource, stored) in Kinds)
        {
            foreach (var item in settled.Api.List(resource, SimulatedCluster.Namespace))
            {
                if (((string)item["metadata"]!["name"]!).Contains(SettledWorld.Name, StringComparison.Ordinal))
                    _templates.Add((stored, item.ToJsonString()));
            }
        }
    }

    public int ObjectsEach => _templates.Count;

    /// <summary>As long as the name that it stands for must not be a part of any other word in the objects.</summary>
    public static string Name(int number) => $"c{number:00000}";

    public async Task AddTo(World world, int number)
    {
        var items = _templates.Select(template =>
            (template.Stored, Item: JsonNode.Parse(Renamed(template.Text, number))!.AsObject())).ToList();
        var hashes = await Hashes(items[0].Item);
        foreach (var (stored, item) in items)
        {
            var name = (string)item["metadata"]!["name"]!;
            if (hashes.TryGetValue($"{item["kind"]}/{name}", out var hash))
                item["metadata"]!["annotations"]![Labels.Rendered] = hash;
            // Parsed again, a document is little more than its text until somebody looks into it.
            world.Api.Store.Put(stored, SimulatedCluster.Namespace, name,
                JsonNode.Parse(item.ToJsonString())!.AsObject());
        }
    }

    /// <summary>The hashes that the operator puts into the objects of this copy: they count names and UIDs.</summary>
    private async Task<SortedDictionary<string, string>> Hashes(JsonObject cluster)
    {
        var (read, _) = TidbClusterReader.Read(SettledWorld.Element(cluster));
        var copy = read! with { Status = null };
        var pd = await new PdReader(_wire).Read([TidbNames.PdUrl(copy)], false, CancellationToken.None);
        var plan = TidbPlan.Plan(new TidbSeen
        {
            Now = copy.Metadata.CreationTimestamp ?? default,
            Cluster = copy,
            Platform = _platform,
            Pd = pd,
        });
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var apply in plan.Acts.OfType<Act.Apply>())
            hashes[$"{apply.Kind}/{apply.Name}"] = (string)apply.Object["metadata"]!["annotations"]![Labels.Rendered]!;
        return hashes;
    }

    private static string Renamed(string text, int number) =>
        Uid().Replace(text.Replace(SettledWorld.Name, Name(number), StringComparison.Ordinal),
            found => $"{number:x8}{found.Value[8..]}");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();
}
