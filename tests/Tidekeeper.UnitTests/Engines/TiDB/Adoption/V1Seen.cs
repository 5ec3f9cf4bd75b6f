using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Simulation.V1;

namespace Tidekeeper.UnitTests.Engines.TiDB.Adoption;

/// <summary>
/// What is seen of a cluster that v1 made and that serves: its objects, with pods made from their templates.
/// </summary>
internal sealed class V1Seen
{
    public const string Written = "2026-01-01T00:00:00Z";
    private readonly JsonObject _cluster;

    public V1Seen(string spec)
    {
        _cluster = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "basic", ["namespace"] = "shop", ["uid"] = "uid-of-cluster" },
            ["spec"] = JsonNode.Parse(Model.YamlAsJson.Read(spec)!.ToJsonString())
        };
        Go = new GoCluster(_cluster);
        Documents = [.. Go.Documents().Select(Stored)];
        Pods = [.. Documents.Where(one => Kind(one) == "StatefulSet").SelectMany(PodsOf)];
    }

    public GoCluster Go { get; }
    public List<JsonObject> Documents { get; }
    public List<JsonObject> Pods { get; }
    public List<JsonObject> Claims { get; } = [];
    public string? Status { get; init; }
    public SortedDictionary<string, string> Annotations { get; } = new(StringComparer.Ordinal);

    public JsonObject Find(string kind, string name) =>
        Documents.Concat(Pods).Single(one => Kind(one) == kind && Name(one) == name);

    /// <summary>v1 has one replica more of a component.</summary>
    public void Add(string component)
    {
        var set = Find("StatefulSet", $"basic-{component}");
        var replicas = (int)set["spec"]!["replicas"]! + 1;
        set["spec"]!["replicas"] = replicas;
        Pods.Add(Pod(set, replicas - 1));
    }

    public Seen Now(string spec)
    {
        var cluster = Seen.Cluster(spec);
        if (Status is not null)
        {
            var item = new JsonObject
            {
                ["metadata"] = JsonNode.Parse("{}"),
                ["spec"] = new JsonObject(),
                ["status"] = JsonNode.Parse(Status)
            };
            var (read, _) = Tidekeeper.Model.Crds.TidbClusterReader.Read(Element(item));
            cluster = cluster with { Status = read!.Status };
        }

        var seen = Seen.Of(cluster with { Metadata = cluster.Metadata with { Annotations = Annotations } });
        var whole = new AdoptionSeen([.. Documents.Concat(Pods).Select(AsRead)]);
        return new Seen(seen.Now with
        {
            Problems = Validation.Check(seen.Now.Cluster),
            Objects =
            [
                .. Documents.Where(one => Kind(one) is not ("StatefulSet" or "Deployment"))
                    .Select(one => Observed.Read(Element(one)))
            ],
            StatefulSets = [.. Of("StatefulSet", ObservedStatefulSet.Read)],
            Deployments = [.. Of("Deployment", ObservedDeployment.Read)],
            Pods = [.. Pods.Select(pod => ObservedPod.Read(Element(pod)))],
            Claims = [.. Claims.Select(claim => ObservedClaim.Read(Element(claim)))],
            Adoption = Known.Of(whole)
        }).WithPd(3);
    }

    private IEnumerable<T> Of<T>(string kind, Func<JsonElement, T> read) =>
        Documents.Where(one => Kind(one) == kind).Select(one => read(Element(one)));

    public static IEnumerable<JsonObject> PodsOf(JsonObject set) =>
        Enumerable.Range(0, (int)set["spec"]!["replicas"]!).Select(ordinal => Pod(set, ordinal));

    /// <summary>The pod that Kubernetes makes of a StatefulSet.</summary>
    public static JsonObject Pod(JsonObject set, int ordinal)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = set["spec"]!["template"]!["metadata"]!.DeepClone(),
            ["spec"] = set["spec"]!["template"]!["spec"]!.DeepClone(),
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["startTime"] = Written,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" })
            }
        };
        var metadata = pod["metadata"]!;
        metadata["name"] = $"{Name(set)}-{ordinal}";
        metadata["namespace"] = "shop";
        metadata["uid"] = $"uid-of-{Name(set)}-{ordinal}";
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["kind"] = "StatefulSet",
            ["name"] = Name(set),
            ["uid"] = $"uid-of-{Name(set)}",
            ["controller"] = true
        });
        return pod;
    }

    /// <summary>As the API server keeps it.</summary>
    private static JsonObject Stored(JsonObject document)
    {
        var metadata = document["metadata"]!.AsObject();
        metadata["uid"] = $"uid-of-{(Kind(document) == "StatefulSet" ? "" : Kind(document) + "-")}{Name(document)}";
        metadata["generation"] = 1;
        metadata["managedFields"] = new JsonArray(new JsonObject
        {
            ["manager"] = "tidb-controller-manager",
            ["operation"] = "Update",
            ["time"] = Written
        });
        if (Kind(document) == "Service")
            document["spec"]!["type"] ??= "ClusterIP";
        if (Kind(document) == "StatefulSet")
        {
            document["status"] = new JsonObject
            {
                ["replicas"] = document["spec"]!["replicas"]!.DeepClone(),
                ["readyReplicas"] = document["spec"]!["replicas"]!.DeepClone(),
                ["observedGeneration"] = 1
            };
        }

        return document;
    }

    private static JsonObject AsRead(JsonObject item) => JsonNode.Parse(item.ToJsonString())!.AsObject();

    private static string Kind(JsonObject document) => (string)document["kind"]!;

    private static string Name(JsonObject document) => (string)document["metadata"]!["name"]!;

    private static JsonElement Element(JsonObject item) =>
        JsonSerializer.SerializeToElement(item, JsonTestContext.Node);
}
