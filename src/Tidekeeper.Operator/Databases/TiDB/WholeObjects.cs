using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Engines.TiDB;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Operator.Databases.TiDB;

/// <summary>
/// Reads whole objects for a take-over. The caches keep little of each, and this little is right for a thousand
/// clusters of which none is being taken over.
/// </summary>
public sealed class WholeObjects(KubeApi api)
{
    public async Task<Known<AdoptionSeen>> Read(TidbSeen seen, CancellationToken cancel)
    {
        try
        {
            var ns = seen.Cluster.Metadata.Namespace;
            List<JsonObject> all = [];
            foreach (var resource in (Resource[])[Resource.StatefulSets, Resource.Pods])
                all.AddRange(await List(resource, ns, seen.Cluster.Metadata.Instance, cancel));
            foreach (var name in AdoptionSeen.ConfigMaps(seen))
            {
                var read = await api.Get(Resource.ConfigMaps, ns, name, Whole(Resource.ConfigMaps), cancel);
                if (read.ValueOrAbsent is { } map)
                    all.Add(map);
            }

            return Known.Of(new AdoptionSeen(all));
        }
        catch (KubeException e)
        {
            return Known.Unknown<AdoptionSeen>(e.Message);
        }
    }

    private async Task<IReadOnlyList<JsonObject>> List(
        Resource resource, string ns, string instance, CancellationToken cancel)
    {
        List<JsonObject> all = [];
        var options = new ListOptions { LabelSelector = $"{Labels.Instance}={instance}", Limit = 500 };
        do
        {
            var page = (await api.List(resource, ns, options, Whole(resource), cancel)).Value;
            all.AddRange(page.Items);
            options = options with { Continue = page.Continue };
        }
        while (options.Continue is { Length: > 0 });
        return all;
    }

    /// <summary>Items of a list do not say their kind.</summary>
    private static Func<JsonElement, JsonObject> Whole(Resource resource) => item =>
    {
        var whole = JsonObject.Create(item.Clone())!;
        whole["apiVersion"] = resource.ApiVersion;
        whole["kind"] = resource.Kind;
        return whole;
    };
}
