using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>
/// What released operators made of clusters: <c>released/VERSION/CASE/cluster.json</c>, and the StatefulSets as they
/// were applied, with their hashes. These files never change; a release adds a folder (docs/testing.md).
/// </summary>
internal static class ReleasedTemplates
{
    public static IEnumerable<(string Release, string Case)> All =>
        from release in Directory.GetDirectories(Home()).Order(StringComparer.Ordinal)
        from path in Directory.GetDirectories(release).Order(StringComparer.Ordinal)
        select (Path.GetFileName(release), Path.GetFileName(path));

    public static JsonObject Cluster(string release, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Home(), release, name, "cluster.json")))!.AsObject();

    public static IReadOnlyList<JsonObject> Sets(string release, string name) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Home(), release, name, "statefulsets.json")))!.AsArray()
            .Select(set => set!.AsObject())];

    /// <summary>What this operator makes of the cluster, in the order of its components.</summary>
    public static IReadOnlyList<JsonObject> Rendered(JsonObject cluster)
    {
        var sets = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var seen = Load(cluster);
        foreach (var then in Creation)
        {
            seen = then(seen);
            foreach (var apply in seen.Plan().Acts.OfType<Act.Apply>().Where(act => act.Kind == "StatefulSet"))
                sets[apply.Name] = apply.Object;
            seen = seen.Applied();
        }

        return [.. sets.Values];
    }

    /// <summary>A settled cluster whose StatefulSets and pods are these.</summary>
    public static Seen Living(JsonObject cluster, IReadOnlyList<JsonObject> sets)
    {
        var seen = Load(cluster);
        foreach (var then in Creation)
            seen = then(seen).Applied();
        var stored = sets.Select(set =>
        {
            var item = set.DeepClone();
            item["metadata"]!["uid"] = $"uid-of-StatefulSet-{item["metadata"]!["name"]}";
            item["metadata"]!["generation"] = 1;
            item["status"] = new JsonObject { ["observedGeneration"] = 1 };
            return ObservedStatefulSet.Read(JsonSerializer.SerializeToElement(item, JsonTestContext.Node));
        }).ToList();

        // The files that they name are there as well, though this operator may render others.
        var named = stored.SelectMany(set => set.ConfigMaps.Select(name => (set.Component, name)));
        var maps = seen.Now.Objects.Where(one => one.Kind == "ConfigMap").ToList();
        var files = named.Where(one => maps.All(map => map.Name != one.name)).Select(one => new Observed
        {
            Kind = "ConfigMap",
            Name = one.name,
            Namespace = seen.Now.Cluster.Metadata.Namespace,
            Labels = new Dictionary<string, string> { [Labels.Component] = one.Component },
            OwnerUid = seen.Now.Cluster.Metadata.Uid,
            RenderedHash = "of an earlier release",
        });
        seen = new(seen.Now with
        {
            StatefulSets = stored,
            Objects = [.. seen.Now.Objects.Where(one => one.Kind != "ConfigMap" || Names(stored, one)), .. files],
        });
        return stored.Aggregate(seen, (now, set) => now.WithPods(set.Component)).Applied();
    }

    /// <summary>Stores what this operator renders as what that release made.</summary>
    public static void Write(string release, string name, JsonObject cluster)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Home(), release, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "cluster.json"), JsonTestContext.Text(cluster));
        File.WriteAllText(Path.Combine(folder, "statefulsets.json"),
            JsonTestContext.Text(new JsonArray([.. Rendered(cluster)])));
    }

    private static bool Names(IEnumerable<ObservedStatefulSet> sets, Observed map) =>
        sets.Any(set => set.ConfigMaps.Contains(map.Name, StringComparer.Ordinal));

    private static Seen Load(JsonObject cluster)
    {
        var (read, problems) = TidbClusterReader.Read(JsonSerializer.SerializeToElement(cluster, JsonTestContext.Node));
        return Seen.Of(read!).With([.. problems, .. Validation.Check(read!)]);
    }

    private static readonly IReadOnlyList<Func<Seen, Seen>> Creation =
    [
        now => now,
        now => now.WithPods("pd"),
        now => now.WithPd(now.Now.Cluster.Spec.Pd!.Replicas, name: now.Now.Cluster.Metadata.Name),
        now => Stores(Stores(now, "tikv"), "tiflash"),
        now => Has(now, "tidb") ? now.WithPods("tidb").WithTidb(100) : now,
    ];

    private static Seen Stores(Seen now, string component) => Has(now, component)
        ? now.WithPods(component).WithStores(component,
            now.Now.StatefulSets.Single(set => set.Component == component).Replicas, now.Now.Cluster.Metadata.Name)
        : now;

    private static bool Has(Seen now, string component) => now.Now.StatefulSets.Any(set => set.Component == component);

    private static string Home([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "released");
}
