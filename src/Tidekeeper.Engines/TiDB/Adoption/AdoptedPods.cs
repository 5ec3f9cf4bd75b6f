using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// Pods that v1 made bear no intent. Each is compared with the spec once, and told the intent that it was found to
/// have: from then on it is a pod like all others. What cannot be told restarts nobody.
/// </summary>
internal static class AdoptedPods
{
    public static Step Decide(Draft draft)
    {
        var seen = draft.Seen;
        if (AdoptionMark.Of(seen.Cluster).Stage == AdoptionStage.None)
            return new Step.Done();
        var open = Open(draft).ToList();
        if (open.Count == 0)
            return new Step.Done();
        if (!seen.Adoption.Is(out var whole))
            return new Step.Hold(seen.Adoption.WhyUnknown, Patience.ForKubernetes);
        var acts = new List<Act>();
        foreach (var (component, pod) in open)
        {
            if (whole.Find("Pod", pod.Name) is { } document && (string?)document["metadata"]?["uid"] == pod.Uid)
                acts.Add(Tell(component, pod, PodComparison.Of(component, document, whole)));
        }

        return new Step.Hold($"{open[0].Pod.Name} is compared with the spec", Patience.ForKubernetes, acts)
        {
            IsConsequence = true
        };
    }

    /// <summary>The pods that have not been compared yet.</summary>
    public static IEnumerable<(Component Component, ObservedPod Pod)> Open(Draft draft) =>
        from set in draft.Sets
        from pod in draft.Seen.Pods
        where pod.Component == set.Component.Name && pod is { Intent: "", Deleting: null }
            && Ordinal.Of(pod.Name, set.Component.SetName) is not null
        orderby pod.Name
        select (set.Component, pod);

    /// <summary>All that is ours to say of a pod of v1's; without annotations what was said is taken back.</summary>
    public static Act.Apply Write(ObservedPod pod, JsonObject annotations, string why)
    {
        var metadata = new JsonObject { ["name"] = pod.Name, ["namespace"] = pod.Namespace };
        if (annotations.Count > 0)
            metadata["annotations"] = annotations;
        var document = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata };
        return new Act.Apply(document, why) { SeenUid = pod.Uid, ControllerUid = pod.OwnerUid };
    }

    private static Act.Apply Tell(Component component, ObservedPod pod, PodComparison found)
    {
        var intent = Intent.OfPods(component).Split('.');
        if (found.Differs.Count > 0)
            intent[0] = "v1";
        else if (found.HasOtherConfig && intent.Length == 2)
            intent[1] = "v1";
        var annotations = new JsonObject
        {
            [Labels.Intent] = string.Join('.', intent),
            [Labels.Adopted] = string.Join("; ", found.Differs.Concat(found.Unsure))
        };
        if (OnlinePart.Of(component).Keys is { Length: > 0 } online)
            annotations[Labels.OnlineConfig] = online;
        var why = found.Differs.Count > 0
            ? $"it differs from the spec: {found.Differs[0]}"
            : "it is as the spec wants it";
        return Write(pod, annotations, found.Differs.Count == 0 && found.Unsure.Count > 0
            ? $"{why}, as far as can be told: {found.Unsure[0]}"
            : why);
    }
}
