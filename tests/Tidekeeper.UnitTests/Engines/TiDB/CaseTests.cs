using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.UnitTests.Engines.TiDB;

/// <summary>
/// Whole clusters in, everything that is made for them out: <c>cases/NAME/cluster.json</c> gives <c>objects.yaml</c>,
/// <c>plan.txt</c> and <c>status.json</c>. Run with TIDEKEEPER_UPDATE=1 to write them anew, and read the difference.
/// </summary>
public sealed class CaseTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Home()).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cluster_becomes_these_objects_this_plan_and_this_status(string name)
    {
        var seen = Load(Path.Combine(Home(), name, "cluster.json"));
        var plan = new StringBuilder();
        var objects = new StringBuilder();
        var status = Follow(seen, plan, objects);

        var differences = string.Concat(
            Compare(name, "plan.txt", plan.ToString()),
            Compare(name, "objects.yaml", objects.ToString()),
            Compare(name, "status.json", JsonTestContext.Text(status)));
        Assert.True(differences.Length == 0, differences);
    }

    /// <summary>The whole creation, with Kubernetes and the database doing their part between two plans.</summary>
    private static JsonNode Follow(Seen seen, StringBuilder text, StringBuilder objects)
    {
        (string What, Func<Seen, Seen> Then)[] world =
        [
            ("a new cluster", now => now),
            ("PD's pods run", now => Is(now, "pd") ? now.WithPods("pd") : now),
            ("PD serves", now => Is(now, "pd") ? now.WithPd(now.Now.Cluster.Spec.Pd!.Replicas, name: Name(now)) : now),
            ("the stores are up", now => Stores(Stores(now, "tikv"), "tiflash")),
            ("TiDB serves", now => Is(now, "tidb") ? now.WithPods("tidb").WithTidb(100) : now),
            ("nothing happens", now => now)
        ];
        foreach (var (what, then) in world)
        {
            seen = then(seen);
            var plan = seen.Plan();
            text.Append("# ").Append(what).Append('\n').Append(plan.Print());
            foreach (var act in plan.Acts.OfType<Act.Apply>())
                ReadableYaml.Document(objects, act.Object);
            seen = seen.Applied();
        }

        return JsonSerializer.SerializeToNode(seen.Now.Cluster.Status, TidbClusterJson.Default.TidbClusterStatus)!;
    }

    private static Seen Stores(Seen now, string component)
    {
        if (!Is(now, component))
            return now;
        var replicas = now.Now.StatefulSets.Single(set => set.Component == component).Replicas;
        return now.WithPods(component).WithStores(component, replicas, Name(now));
    }

    private static bool Is(Seen now, string component) => now.Now.StatefulSets.Any(set => set.Component == component);

    private static string Name(Seen now) => now.Now.Cluster.Metadata.Name;

    private static Seen Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var (cluster, problems) = TidbClusterReader.Read(document.RootElement);
        return Seen.Of(cluster!).With([.. problems, .. Validation.Check(cluster!)]);
    }

    /// <summary>The cases of which a cluster becomes.</summary>
    public static IEnumerable<string> Accepted =>
        from path in Directory.GetDirectories(Home()).Order(StringComparer.Ordinal)
        where File.Exists(Path.Combine(path, "objects.yaml"))
        select Path.GetFileName(path);

    public static JsonObject Cluster(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Home(), name, "cluster.json")))!.AsObject();

    private static string Compare(string name, string file, string actual)
    {
        var path = Path.Combine(Home(), name, file);
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == actual)
            return "";
        if (Environment.GetEnvironmentVariable("TIDEKEEPER_UPDATE") == "1")
        {
            File.WriteAllText(path, actual);
            return "";
        }

        var was = expected.Split('\n');
        var now = actual.Split('\n');
        var at = Enumerable.Range(0, Math.Max(was.Length, now.Length))
            .First(i => i >= was.Length || i >= now.Length || was[i] != now[i]);
        return $"cases/{name}/{file}:{at + 1}\n- {was.ElementAtOrDefault(at)}\n+ {now.ElementAtOrDefault(at)}\n";
    }

    private static string Home([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "cases");
}
