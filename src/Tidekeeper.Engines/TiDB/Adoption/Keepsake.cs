using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// The way back: a ConfigMap with v1's StatefulSets as they were, written before any of them is. Of all that v1 made,
/// these alone are changed on trial.
/// </summary>
internal static class Keepsake
{
    public static string NameFor(string cluster) => $"{cluster}-before-adoption";

    /// <summary>Keeps every StatefulSet that is not taken yet, and what is kept of the others.</summary>
    public static Step Write(Draft draft)
    {
        var seen = draft.Seen;
        var open = Preconditions.NotTaken(seen);
        if (open.Count == 0)
            return new Step.Done();
        if (!seen.Adoption.Is(out var whole))
            return new Step.Hold(seen.Adoption.WhyUnknown, Patience.ForKubernetes);
        var data = Kept(seen, whole);
        foreach (var set in open)
        {
            if (whole.Find("StatefulSet", set.Name) is { } document)
                data[set.Name] = Essence(document).ToJsonString();
        }

        var map = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = Metadata(seen.Cluster),
            ["data"] = Document.Map(data)
        };
        return new Writes(seen).Want(map).ToStep();
    }

    /// <summary>
    /// Takes back what the trial changed: first the StatefulSets, then what was added. Done when nothing of it is left.
    /// </summary>
    public static Step.Hold? GiveBack(TidbSeen seen)
    {
        var name = seen.Cluster.Metadata.Name;
        var map = Writes.Find(seen, "ConfigMap", NameFor(name));
        if (map is null)
        {
            return Preconditions.Taken(seen).Count > 0
                ? Told(TidbReasons.AdoptionBlocked, $"what v1 had is not kept any more, so {name} cannot be given "
                    + $"back; "
                    + $"tide adopt {name} --commit goes on with it")
                : Told(TidbReasons.GivenBack, $"everything of {name} is as tidb-operator v1 left it, which may go on");
        }

        if (!seen.Adoption.Is(out var whole))
            return Told(TidbReasons.GivingBack, seen.Adoption.WhyUnknown);
        var acts = Sets(seen, whole).ToList();
        if (acts.Count == 0)
            acts = [.. Added(seen), Delete(map, "everything that it kept is back")];
        return Told(TidbReasons.GivingBack, $"what the trial of {name} changed is taken back", acts);
    }

    /// <summary>After the commit there is no way back.</summary>
    public static Step Discard(Draft draft) =>
        Writes.Find(draft.Seen, "ConfigMap", NameFor(draft.Seen.Cluster.Metadata.Name)) is { Deleting: null } map
            && Preconditions.NotTaken(draft.Seen).Count == 0
            ? new Step.Do(Delete(map, "the take-over is committed"))
            : new Step.Done();

    private static IEnumerable<Act> Sets(TidbSeen seen, AdoptionSeen whole)
    {
        var kept = Kept(seen, whole);
        foreach (var set in Preconditions.Taken(seen))
        {
            if (kept.GetValueOrDefault(set.Name) is { } text && JsonNode.Parse(text) is JsonObject document)
            {
                yield return new Act.Apply(document, "it was that of v1") { SeenUid = set.Uid, IsExact = true };
            }
        }
    }

    private static IEnumerable<Act> Added(TidbSeen seen)
    {
        foreach (var pod in seen.Pods.Where(pod => pod.IsAdopted && pod.Deleting is null))
            yield return AdoptedPods.Write(pod, [], "it is v1's again");
        foreach (var one in seen.Objects.Where(one => one is { RenderedHash.Length: > 0, Deleting: null }
            && one.OwnerUid == seen.Cluster.Metadata.Uid && one.WrittenByV1.Length == 0))
        {
            var used = one.Kind == "ConfigMap" && (one.Name == NameFor(seen.Cluster.Metadata.Name)
                || seen.Pods.Any(pod => pod.ConfigMaps.Contains(one.Name, StringComparer.Ordinal)));
            if (one.Kind is "ConfigMap" or "PodDisruptionBudget" && !used)
                yield return Delete(one, "the take-over was taken back");
        }
    }

    private static Act.Delete Delete(Observed one, string why) =>
        new(one.ApiVersion, one.Kind, one.Namespace, one.Name, one.Uid, null, why);

    private static Step.Hold Told(string reason, string why, params IReadOnlyList<Act> acts) =>
        new(why, acts.Count > 0 ? Patience.ForKubernetes : Patience.ForPeople, acts)
        {
            Reason = reason,
            NeedsPerson = true
        };

    private static SortedDictionary<string, string> Kept(TidbSeen seen, AdoptionSeen whole)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var map = whole.Find("ConfigMap", NameFor(seen.Cluster.Metadata.Name));
        foreach (var (name, text) in map?["data"] as JsonObject ?? [])
            data[name] = (string)text!;
        return data;
    }

    /// <summary>What v1 says of it, as it would be applied again.</summary>
    private static JsonObject Essence(JsonObject set)
    {
        var metadata = new JsonObject();
        foreach (var field in (string[])["name", "namespace", "labels", "annotations", "ownerReferences"])
            metadata.Set(field, set["metadata"]?[field]?.DeepClone());
        return (JsonObject)WithoutNulls(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "StatefulSet",
            ["metadata"] = metadata,
            ["spec"] = set["spec"]!.DeepClone()
        })!;
    }

    /// <summary>Go writes times that are not set as null, which an apply would take for a value.</summary>
    private static JsonNode? WithoutNulls(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map.ToList())
                {
                    if (WithoutNulls(value) is null)
                        map.Remove(key);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                    WithoutNulls(item);
                break;
        }

        return node;
    }

    private static JsonObject Metadata(TidbCluster cluster) => new()
    {
        ["name"] = NameFor(cluster.Metadata.Name),
        ["namespace"] = cluster.Metadata.Namespace,
        ["labels"] = new JsonObject
        {
            [Labels.Name] = Labels.NameValue,
            [Labels.ManagedBy] = Labels.ManagedByValue,
            [Labels.Instance] = cluster.Metadata.Instance
        },
        ["ownerReferences"] = new JsonArray(Document.Owner(cluster))
    };
}
