using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.V1;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>What the steps of a scenario can do to a world, in words.</summary>
public sealed class Stage(SimulatedCluster cluster, string name, IReadOnlyList<IChecker> checkers)
{
    private const string Clusters = "pingcap.com/v1alpha1/tidbclusters";
    private const string Ns = SimulatedCluster.Namespace;

    public SimulatedCluster World => cluster;

    public string Name => name;

    /// <summary>Time goes by; a broken promise ends the run.</summary>
    public void Wait(TimeSpan how) => cluster.RunUntil(() => false, how, checkers);

    public bool WaitUntil(Func<bool> done, TimeSpan limit) => cluster.RunUntil(done, limit, checkers);

    /// <summary>Edits the spec as it is now, as <c>kubectl edit</c> does; what the server refuses is told.</summary>
    public void Change(Action<JsonObject> change)
    {
        var wanted = cluster.Cluster(name)!.Copy();
        change(wanted["spec"]!.AsObject());
        Write(Clusters, wanted);
    }

    public void Annotate(string resource, string? ns, string item, string key, string? value)
    {
        if (cluster.Api.Get(resource, ns, item)?.Copy() is not { } wanted)
            return;
        var metadata = wanted["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
            metadata["annotations"] = annotations = [];
        if (value is null)
            annotations.Remove(key);
        else
            annotations[key] = value;
        Write(resource, wanted);
    }

    public void AnnotatePod(string pod, string key, string? value) => Annotate("v1/pods", Ns, pod, key, value);

    public void AnnotateCluster(string key, string? value) => Annotate(Clusters, Ns, name, key, value);

    /// <summary>As <c>tide adopt</c> writes it, with what v1 has written last.</summary>
    public void Adopt(string stage) =>
        AnnotateCluster(Labels.Adoption, $"{stage}@{new GoOperator(cluster.World.Api, Ns, name).LastWritten()}");

    public string Now => cluster.Time.Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Deletes a pod and the claims of its data, once nothing else is on the way to the last copy.</summary>
    public void LoseClaim(string component, int ordinal)
    {
        if (CopiesAreSafe())
            DeleteClaim(component, ordinal);
    }

    /// <summary>The same, whatever else is missing.</summary>
    public void DeleteClaim(string component, int ordinal)
    {
        var pod = $"{name}-{component}-{ordinal}";
        cluster.Story.Fault("claim deleted");
        cluster.Api.Delete("v1/persistentvolumeclaims", Ns, ClaimOf(component, pod));
        DeletePod(pod);
    }

    /// <summary>The disk of a pod is empty, and the pod starts again; the objects know nothing of it.</summary>
    public void LoseDisk(string component, int ordinal)
    {
        if (!CopiesAreSafe())
            return;
        var pod = $"{name}-{component}-{ordinal}";
        cluster.Story.Fault("disk lost");
        cluster.Playground.LoseVolume(Ns, ClaimOf(component, pod));
        DeletePod(pod);
    }

    private static string ClaimOf(string component, string pod) =>
        component == "tiflash" ? $"data0-{pod}" : $"{component}-{pod}";

    public void DeletePod(string pod)
    {
        if (cluster.Api.Get("v1/pods", Ns, pod) is not null)
            cluster.Playground.DeletePod(Ns, pod, graceSeconds: 0);
    }

    /// <summary>Where a pod runs; null when it does not.</summary>
    public string? NodeOf(string component, int ordinal) =>
        cluster.Api.Get("v1/pods", Ns, $"{name}-{component}-{ordinal}")?.Text("spec", "nodeName");

    public void PowerOff(string? node)
    {
        if (node is null)
            return;
        cluster.Story.Fault("node lost");
        cluster.Playground.StopNode(node);
    }

    public void PowerOn(string? node)
    {
        if (node is not null)
            cluster.Playground.StartNode(node);
    }

    /// <summary>The machine is given back: off for ever, its object deleted.</summary>
    public void GiveBack(string? node)
    {
        if (node is null || !CopiesAreSafe())
            return;
        PowerOff(node);
        cluster.Api.Delete("v1/nodes", null, node);
    }

    public void Cordon(string? node, bool isCordoned)
    {
        if (node is null || cluster.Api.Get("v1/nodes", null, node)?.Copy() is not { } wanted)
            return;
        wanted["spec"]!["unschedulable"] = isCordoned;
        Write("v1/nodes", wanted);
    }

    /// <summary>As <c>kubectl drain</c>: evicts what budgets let go, for ten minutes at most.</summary>
    public void Drain(string? node)
    {
        if (node is null)
            return;
        Cordon(node, isCordoned: true);
        for (var tries = 0; tries < 120 && PodsOn(node) is { Count: > 0 } pods; tries++)
        {
            foreach (var pod in pods)
                Evict(pod);
            Wait(TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>What those said last who are not ready.</summary>
    public void TellLastWords()
    {
        var pods = cluster.Api.List("v1/pods", Ns, $"app.kubernetes.io/instance={name}");
        foreach (var pod in pods.Where(pod => !Match.IsReady(pod)))
        {
            var container = pod.Text("metadata", "labels", "app.kubernetes.io/component") ?? "";
            var log = cluster.Playground.Logs.Read(Ns, pod.Name(), container, previous: false, from: 0);
            foreach (var line in log?.Lines.TakeLast(3) ?? [])
                cluster.Story.Tell($"log of {pod.Name()}: {line.Text}");
        }
    }

    private List<string> PodsOn(string node) =>
    [
        .. cluster.Api.List("v1/pods", Ns, $"app.kubernetes.io/instance={name}")
            .Where(pod => pod.Text("spec", "nodeName") == node).Select(pod => pod.Name()),
    ];

    private void Evict(string pod) => cluster.World.Api.Handle(
        new ApiRequest("POST", $"/api/v1/namespaces/{Ns}/pods/{pod}/eviction")
        {
            Body = Encoding.UTF8.GetBytes(
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"" + pod + "\"}}"),
            UserAgent = "drain",
        });

    /// <summary>
    /// Waits until every region has all its peers, whole, and PD all its members, so that losing one loses no data:
    /// what would be lost for ever no operator can bring back. False when that moment did not come.
    /// </summary>
    private bool CopiesAreSafe()
    {
        if (WaitUntil(IsEveryCopyThere, TimeSpan.FromMinutes(20)))
            return true;
        cluster.Story.Tell("it does not happen: copies are missing");
        TellLastWords();
        return false;
    }

    private bool IsEveryCopyThere()
    {
        if (cluster.Databases.WithMember(Ns, $"{name}-pd-0") is not [Database database, ..])
            return false;
        var state = database.Pd.State;
        return state.Members.TrueForAll(member => database.Pd.Running(member.MemberId) is not null)
            && database.Stores.Regions.All.All(region => region.Peers.Count(peer =>
                peer.Index == region.Index && database.Stores.Running(peer.StoreId) is not null)
                >= (int)state.Replication.MaxReplicas);
    }

    private void Write(string resource, JsonObject wanted)
    {
        try
        {
            cluster.Api.Update(resource, wanted);
        }
        catch (ApiFault refused)
        {
            cluster.Story.Tell($"refused: {refused.Message}");
        }
    }
}
