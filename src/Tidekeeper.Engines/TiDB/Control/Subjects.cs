using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Control;

/// <summary>Which component an act changes, told from the act itself, so that no step can forget to say it.</summary>
internal static class Subjects
{
    /// <summary>Null when it belongs to the cluster as a whole.</summary>
    public static string? ComponentOf(Draft draft, Act act)
    {
        var name = act switch
        {
            Act.Apply apply => (string?)apply.Object["metadata"]!["labels"]?[Labels.Component]
                ?? Named(draft.Seen, apply.Kind, apply.Name),
            Act.Delete delete => Named(draft.Seen, delete.Kind, delete.Name),
            Act.Ask ask => Asked(draft.Seen, ask.Call),
            _ => null
        };
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static string? Named(TidbSeen seen, string kind, string name)
    {
        IEnumerable<Observed> all = kind switch
        {
            "Pod" => seen.Pods,
            "PersistentVolumeClaim" => seen.Claims,
            "StatefulSet" => seen.StatefulSets,
            _ => seen.Objects
        };
        return all.FirstOrDefault(one => one.Name == name && (kind == one.Kind || one.Kind.Length == 0))?.Component;
    }

    private static string? Asked(TidbSeen seen, AdminCall call)
    {
        var url = new Uri(call.Url);
        if (StoreOf(seen, call, url) is { } store)
            return PdFacts.IsOf(seen, store, Component.Tiflash) ? Component.Tiflash : Component.Tikv;
        var host = url.Host.Split('.')[0];
        if (host == TidbNames.Set(seen.Cluster, Component.Pd))
            return Component.Pd;
        return seen.Pods.FirstOrDefault(pod => pod.Name == host)?.Component;
    }

    private static StoreSeen? StoreOf(TidbSeen seen, AdminCall call, Uri url)
    {
        if (PdFacts.Of(seen) is not { } pd)
            return null;
        var id = call.Body?["store_id"]?.ToString();
        var parts = url.AbsolutePath.Split('/');
        var at = Array.IndexOf(parts, "store");
        if (id is null && at >= 0 && at + 1 < parts.Length)
            id = parts[at + 1];
        const string scheduler = "evict-leader-scheduler-";
        if (id is null && parts[^1].StartsWith(scheduler, StringComparison.Ordinal))
            id = parts[^1][scheduler.Length..];
        return id is null ? null : pd.Stores.FirstOrDefault(store => store.Id == id);
    }
}
