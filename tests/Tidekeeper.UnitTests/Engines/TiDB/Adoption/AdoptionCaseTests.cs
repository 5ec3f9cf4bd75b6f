using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.UnitTests.Engines.TiDB.Adoption;

/// <summary>
/// What v1 leaves behind (<c>adoption/NAME/v1.yaml</c>), what <c>tide adopt --dry-run</c> says of it, and what is
/// planned at each stage. Run with TIDEKEEPER_UPDATE=1 to write them anew, and read the difference.
/// </summary>
public sealed class AdoptionCaseTests
{
    private const string Basic = """
        version: v8.5.1
        pd: { replicas: 3, requests: { storage: 1Gi }, config: "[log]\nlevel = \"warn\"\n" }
        tikv: { replicas: 3, requests: { storage: 10Gi, memory: 2Gi }, limits: { storage: 10Gi }, config: {} }
        tidb: { replicas: 2, service: { type: NodePort }, config: {} }
        """;

    private const string Tiflash = Basic + "\n" + """
        tiflash: { replicas: 1, storageClaims: [ { resources: { requests: { storage: 10Gi } } } ] }
        """;

    private const string Rolling = Basic + "\nconfigUpdateStrategy: RollingUpdate\n";

    public static TheoryData<string> Cases =>
        ["basic", "tiflash", "failed-store", "claim-left-over", "rollout-in-the-middle", "file-written-in-place",
            "file-not-rolled-yet", "pump-and-tls"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cluster_of_v1_is_taken_over_like_this(string name)
    {
        var (v1, spec) = Build(name);
        var objects = new StringBuilder();
        foreach (var document in v1.Documents)
            ReadableYaml.Document(objects, WithoutServersFields(document));
        var report = AdoptionReport.Of(Now(v1, spec).Now).Print();
        var differences = string.Concat(
            Compare(name, "v1.yaml", objects.ToString()), Compare(name, "dry-run.txt", WithoutHashes(report)),
            Compare(name, "plan.txt", WithoutHashes(Stages(v1, spec))));
        Assert.True(differences.Length == 0, differences);
    }

    /// <summary>A change of a start script is no news here.</summary>
    private static string WithoutHashes(string text) =>
        Regex.Replace(text, "(basic-[a-z]+)-[0-9a-f]{8}\\b", "$1-HASH8CHR");

    private static string Stages(V1Seen v1, string spec)
    {
        var text = new StringBuilder();
        var seen = Now(v1, spec);
        Print("nobody has asked");
        Mark("trial");
        Print("on trial");
        seen = seen.Applied();
        Print("on trial, with the StatefulSets written and the pods compared");
        Mark("committed");
        Print("committed");
        return text.ToString();

        void Mark(string stage) => seen = seen.Annotated(Labels.Adoption, $"{stage}@{V1Seen.Written}");
        void Print(string what) => text.Append("# ").Append(what).Append('\n').Append(seen.Plan().Print());
    }

    private static Seen Now(V1Seen v1, string spec)
    {
        var seen = v1.Now(spec);
        foreach (var component in (string[])["tikv", "tiflash"])
        {
            if (seen.Now.StatefulSets.FirstOrDefault(set => set.Component == component) is { } set)
                seen = seen.WithStores(component, set.Replicas);
        }

        return seen.WithTidb(2);
    }

    private static (V1Seen V1, string Spec) Build(string name)
    {
        switch (name)
        {
            case "tiflash":
                return (new V1Seen(Tiflash), Tiflash);
            case "failed-store":
                var failed = new V1Seen(Basic)
                {
                    Status = """
                        { "tikv": { "failoverUID": "f", "failureStores":
                            { "2": { "podName": "basic-tikv-1", "storeID": "2" } } } }
                        """
                };
                failed.Add("tikv");
                return (failed, Basic);
            case "claim-left-over":
                var left = new V1Seen(Basic);
                left.Claims.Add(Claim("tikv-basic-tikv-3"));
                return (left, Basic);
            case "rollout-in-the-middle":
                return InTheMiddle();
            case "file-written-in-place":
                var later = new V1Seen(Basic);
                var owners = later.Find("ConfigMap", "basic-tikv")["metadata"]!["managedFields"]!;
                owners[0]!["time"] = "2026-01-02T00:00:00Z";
                return (later, Basic);
            case "file-not-rolled-yet":
                return (new V1Seen(Rolling), Rolling.Replace("level = \\\"warn\\\"", "level = \\\"error\\\""));
            case "pump-and-tls":
                return (new V1Seen(Basic), Basic + "\npump: { replicas: 1 }\ntlsCluster: { enabled: true }\n");
            default:
                return (new V1Seen(Basic), Basic);
        }
    }

    /// <summary>v1 has written the next template, and let Kubernetes roll down to ordinal 1.</summary>
    private static (V1Seen, string) InTheMiddle()
    {
        var next = Basic.Replace("tikv: {", "tikv: { version: v8.5.2,");
        var v1 = new V1Seen(next);
        var before = new V1Seen(Basic);
        v1.Pods[v1.Pods.IndexOf(v1.Find("Pod", "basic-tikv-0"))] = before.Find("Pod", "basic-tikv-0");
        v1.Find("StatefulSet", "basic-tikv")["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 1;
        return (v1, next);
    }

    private static JsonObject Claim(string name) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "shop",
            ["uid"] = "uid-of-claim",
            ["labels"] = Simulation.V1.GoCluster.Labels("basic", "tikv"),
            ["annotations"] = new JsonObject { ["tidb.pingcap.com/pvc-defer-deleting"] = "2025-12-01T00:00:00Z" }
        },
        ["spec"] = new JsonObject { ["resources"] = new JsonObject() }
    };

    private static JsonObject WithoutServersFields(JsonObject document)
    {
        var copy = (JsonObject)document.DeepClone();
        copy.Remove("status");
        foreach (var field in (string[])["uid", "generation", "managedFields"])
            copy["metadata"]!.AsObject().Remove(field);
        return copy;
    }

    private static string Compare(string name, string file, string actual)
    {
        var path = Path.Combine(Home(), name, file);
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == actual)
            return "";
        if (Environment.GetEnvironmentVariable("TIDEKEEPER_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return "";
        }

        return $"adoption/{name}/{file} is now:\n{actual}\n";
    }

    private static string Home([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "adoption");
}
