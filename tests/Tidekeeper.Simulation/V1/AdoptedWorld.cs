using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.V1;

/// <summary>A Kubernetes with a cluster that v1 made, in which this operator is installed from the beginning.</summary>
internal sealed class AdoptedWorld
{
    private const string Name = "basic";

    public AdoptedWorld(JsonObject cluster, int seed = 1)
    {
        Cluster = new SimulatedCluster(seed, new Weather());
        Cluster.Install();
        Go = new GoOperator(Cluster.World.Api, SimulatedCluster.Namespace, Name);
        Go.Make(cluster);
    }

    /// <summary>A cluster of 3 + 3 + 2 that v1 has brought up, and that we have looked at.</summary>
    public static AdoptedWorld Serving(Action<JsonObject> change)
    {
        var cluster = Wishes.Sized(Name, pd: 3, tikv: 3, tidb: 2);
        change(cluster["spec"]!.AsObject());
        var world = new AdoptedWorld(cluster);
        world.Until("v1's cluster serves and is left alone",
            () => world.Says(TidbReasons.NotAdopted) && world.Serves());
        world.Rest();
        return world;
    }

    public SimulatedCluster Cluster { get; }
    public GoOperator Go { get; }

    /// <summary>As <c>tide adopt</c> writes it.</summary>
    public void Adopt(string stage)
    {
        var cluster = Cluster.Cluster(Name)!.Copy();
        cluster["metadata"]!["annotations"] ??= new JsonObject();
        cluster["metadata"]!["annotations"]![Labels.Adoption] = $"{stage}@{Go.LastWritten()}";
        Cluster.Api.Update("pingcap.com/v1alpha1/tidbclusters", cluster);
    }

    public void Try()
    {
        Adopt("trial");
        Until("it is on trial", () => Says(TidbReasons.OnTrial) && IsCompared());
    }

    public void Commit()
    {
        Adopt("committed");
        Until("it is ours", () => Says(TidbReasons.TakenOver) && Pending() is null);
    }

    /// <summary>What the condition says of pods.</summary>
    public string Remarks()
    {
        var message = (string?)Adopted?["message"] ?? "";
        var at = message.IndexOf("; basic-", StringComparison.Ordinal);
        return at < 0 ? "" : message[at..];
    }

    public void AnnotatePod(string name, string key, string value)
    {
        var item = Cluster.Api.Get("v1/pods", SimulatedCluster.Namespace, name)!.Copy();
        item.Metadata()["annotations"]![key] = value;
        Cluster.Api.Update("v1/pods", item);
    }

    public void PowerOff(string node)
    {
        var item = Cluster.Api.Get("v1/nodes", null, node)!.Copy();
        item.Metadata()["annotations"] ??= new JsonObject();
        item.Metadata()["annotations"]!["playground.tidekeeper.io/power"] = "off";
        Cluster.Api.Update("v1/nodes", item);
    }

    public JsonNode? Status(string component) => Cluster.Cluster(Name)?["status"]?[component];

    public JsonObject? Claim(string name) =>
        Cluster.Api.Get("v1/persistentvolumeclaims", SimulatedCluster.Namespace, name);

    public IReadOnlyList<string> PodAnnotations() =>
        [.. Pods().Select(pod => $"{pod.Name()} {Sorted(pod["metadata"]!["annotations"])?.ToJsonString()}")];

    public void Until(string what, Func<bool> holds)
    {
        if (!Cluster.RunUntil(holds, TimeSpan.FromMinutes(30), []))
            Assert.Fail($"not within 30 min: {what}\n{Cluster.Cluster(Name)?["status"]?["conditions"]}\n{Pending()}\n"
                + Cluster.Story.Last(60));
    }

    /// <summary>Long enough for whatever is still to come.</summary>
    public void Rest() => Cluster.RunUntil(() => false, TimeSpan.FromMinutes(15), []);

    public JsonNode? Adopted => Cluster.Cluster(Name)?["status"]?["conditions"]?.AsArray()
        .FirstOrDefault(one => (string?)one!["type"] == "Adopted");

    public bool Says(string reason) => (string?)Adopted?["reason"] == reason;

    public IReadOnlyList<JsonObject> Pods() => Cluster.Api.List("v1/pods", SimulatedCluster.Namespace,
        $"app.kubernetes.io/instance={Name},app.kubernetes.io/component!=discovery");

    /// <summary>Every pod is ready and PD has its stores.</summary>
    public bool Serves()
    {
        var now = Go.Now();
        return Pods().Count == now.Components.Sum(now.Replicas) && Pods().All(Match.IsReady);
    }

    public bool IsCompared() => Pods().All(pod => pod.Text("metadata", "annotations", Labels.Intent) is not null);

    public string? Pending() => Match.Pending(Cluster, Name);

    public IReadOnlyList<string> Uids() => [.. Pods().Select(pod => $"{pod.Name()} {pod.Uid()}")];

    /// <summary>What v1 owns, apart from what Kubernetes counts up.</summary>
    public IReadOnlyList<string> Objects() =>
    [
        .. Go.Owned().Select(item =>
        {
            var copy = item.Copy();
            copy.Remove("status");
            foreach (var field in (string[])["managedFields", "resourceVersion", "generation"])
                copy.Metadata().Remove(field);
            return $"{item.Kind()}/{item.Name()} {Sorted(copy)!.ToJsonString()}";
        })
    ];

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        null => null,
        _ => node.DeepClone()
    };
}
