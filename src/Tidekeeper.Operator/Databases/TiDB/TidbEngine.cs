using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Kube;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>TiDB for the operator: its clusters in memory, who wakes whom, and how to decide.</summary>
public sealed class TidbEngine(CachedKind<StoredCluster> clusters, TidbObserver observer) : IEngine
{
    public static readonly Resource TidbClusters =
        new(TidbCluster.Group, TidbCluster.Version, TidbCluster.Plural, TidbCluster.KindName);

    /// <summary>What this operator knows of a TidbCluster.</summary>
    public static readonly JsonObject Schema = CrdDocument.Schema(XmlDocs.None);

    public Resource Resource => TidbClusters;

    public IReadOnlyList<ObjectKey> Clusters =>
        [.. clusters.Store.All().Select(c => new ObjectKey(c.Namespace, c.Name))];

    public async Task<Decision?> Decide(ObjectKey key, CancellationToken cancel)
    {
        if (clusters.Store.Find(key) is not { Value: var stored })
            return null;
        var seen = await observer.Observe(stored, cancel);
        var subject = new EventSubject(stored.ApiVersion, stored.Kind, stored.Namespace, stored.Name, stored.Uid);
        return new(subject, TidbPlan.Plan(seen), plan => Tell(seen, plan), stored.StatusJson, stored.ResourceVersion);
    }

    public void Refresh(JsonElement item) => clusters.Refresh(item);

    /// <summary>The cluster to which an object belongs, by its label; null when there is none.</summary>
    public ObjectKey? OwnerOf(Observed item)
    {
        if (!item.Labels.TryGetValue(Labels.Instance, out var instance))
            return null;
        // An instance is called as its cluster, unless the cluster bears another instance label.
        var key = new ObjectKey(item.Namespace, instance);
        if (clusters.Store.Find(key) is not null)
            return key;
        var labelled = clusters.Store.By(IndexString.OfInstance(item.Namespace, instance));
        return labelled.Count > 0 ? new ObjectKey(labelled[0].Namespace, labelled[0].Name) : null;
    }

    private static Told Tell(TidbSeen seen, Plan plan)
    {
        var status = TidbStatus.Of(seen, plan);
        return new(Json(status), TidbReadings.Of(seen, plan, status));
    }

    private static byte[] Json(TidbClusterStatus status) =>
        JsonSerializer.SerializeToUtf8Bytes(status, TidbClusterJson.Default.TidbClusterStatus);
}
