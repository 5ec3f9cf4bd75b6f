using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>Pods that do not run or are not even made, and why.</summary>
internal static class Pods
{
    /// <summary>
    /// Names the first pod in trouble. It changes nothing: it gives the wait of everything that depends on the pod its
    /// true reason.
    /// </summary>
    public static Step Trouble(Draft draft)
    {
        if (MissingPods.Of(draft) is { } missing)
            return new Step.Hold(missing, Patience.ForKubernetes) { Reason = TidbReasons.PodInTrouble };
        foreach (var pod in InOrder(draft).Where(pod => !Leaves(draft, pod)))
        {
            if (Of(draft.Seen, pod) is { } trouble)
            {
                return new Step.Hold(trouble, Patience.ForKubernetes)
                {
                    Reason = TidbReasons.PodInTrouble,
                    IsConsequence = HasFailed(draft, pod)
                };
            }
        }

        return new Step.Done();
    }

    /// <summary>A store that PD has buried ends by itself, before its pod is gone.</summary>
    private static bool Leaves(Draft draft, ObservedPod pod) =>
        draft.Set(pod.Component) is { } set && pod.Ordinal >= set.WantedReplicas;

    /// <summary>Its member has failed: then there is more to say than that the pod does not run.</summary>
    private static bool HasFailed(Draft draft, ObservedPod pod) =>
        draft.Set(pod.Component) is not null && Failures.Records(draft.Seen, pod.Component)
            .Any(one => one.PodName == pod.Name && one.Phase is Failures.Confirmed or Failures.Replacing);

    /// <summary>What is wrong with a pod; null when nothing is, or it is merely starting.</summary>
    public static string? Of(TidbSeen seen, ObservedPod pod)
    {
        if (pod.Ready)
            return null;
        if (pod.UnscheduledReason.Length > 0)
            return $"pod {pod.Name} has no node: {Why(pod.UnscheduledMessage)}{Suspects(seen, pod)}";
        var ended = pod.TerminationReason.Length > 0 || pod.ExitCode is not null
            ? $" (last ended with {pod.TerminationReason}, exit code {pod.ExitCode})"
            : "";
        return pod.WaitingReason switch
        {
            "ImagePullBackOff" or "ErrImagePull" or "InvalidImageName" or "ErrImageNeverPull" =>
                $"pod {pod.Name} cannot get its image: {Images(pod)}; see spec.version and "
                + $"spec.{pod.Component}.baseImage",
            "CrashLoopBackOff" or "RunContainerError" => Crashing(pod, ended),
            "CreateContainerConfigError" or "CreateContainerError" =>
                $"pod {pod.Name} cannot be started: {Trim(pod.WaitingMessage)}",

            // Only Events tell why, which are not read: they may be gone, and there are too many.
            "ContainerCreating" or "PodInitializing" when seen.Now - pod.Started > Patience.ForStarting =>
                $"pod {pod.Name} does not start on node {pod.Node}: a volume that cannot be mounted, or an image that "
                + $"is still on its way; see kubectl describe pod {pod.Name} and "
                + $"spec.{pod.Component}.additionalVolumes",

            // Between two back-offs it runs for a moment: the sentence must not come and go with that. What ended with
            // its node, for which the kubelet knows no reason, did not crash.
            _ when pod.Restarts > 1 && ended.Length > 0 && pod.TerminationReason != "Unknown" =>
                Crashing(pod, ended),
            _ => null
        };
    }

    private static string Crashing(ObservedPod pod, string ended) =>
        $"pod {pod.Name} keeps crashing{ended}; see kubectl logs -p {pod.Name}";

    private static IEnumerable<ObservedPod> InOrder(Draft draft) =>
        from component in (string[])
            [Component.Discovery, Component.Pd, Component.Tikv, Component.Tiflash, Component.Tidb]
        from pod in draft.Seen.Pods.Where(pod => pod.Component == component).OrderBy(pod => pod.Ordinal)
        select pod;

    /// <summary>The scheduler says how many nodes refuse, seldom which field makes them; the spec tells.</summary>
    private static string Suspects(TidbSeen seen, ObservedPod pod)
    {
        if (Component.Of(seen.Cluster, pod.Component) is not { } component)
            return "";
        var field = $"spec.{component.Name}";
        var suspects = new List<string>();
        if (Says("Pod's node affinity", "match node selector"))
        {
            if (component.NodeSelector.Count > 0)
            {
                var labels = string.Join(",", component.NodeSelector.Select(label => $"{label.Key}={label.Value}"));
                suspects.Add($"{Where(component.Spec.NodeSelector is { Count: > 0 }, field)}.nodeSelector {labels}");
            }

            if (component.Affinity is not null)
                suspects.Add($"{Where(component.Spec.Affinity is not null, field)}.affinity");
        }

        if (Says("topology spread"))
        {
            var own = component.Spec.TopologySpreadConstraints is not null;
            suspects.Add($"{Where(own, field)}.topologySpreadConstraints");
        }

        if (Says("untolerated taint", "the pod didn't tolerate"))
            suspects.Add($"{Where(component.Spec.Tolerations is { Count: > 0 }, field)}.tolerations");
        if (Says("were unschedulable") && seen.Nodes.Is(out var nodes))
        {
            suspects.AddRange(nodes.Where(node => node.Unschedulable)
                .Select(node => $"kubectl uncordon {node.Name}"));
        }

        foreach (var resource in (string[])["cpu", "memory"])
        {
            if (Says($"Insufficient {resource}"))
            {
                var amount = component.Replicated?.Requests?.GetValueOrDefault(resource);
                suspects.Add($"{field}.requests.{resource} {amount}");
            }
        }

        return suspects.Count == 0 ? "" : $"; see {string.Join(" and ", suspects)}";

        // In the words of today's schedulers, and of those before 1.24.
        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var one in words)
            {
                if (pod.UnscheduledMessage.Contains(one, StringComparison.Ordinal))
                    return true;
            }

            return false;
        }
    }

    private static string Where(bool own, string field) => own ? field : "spec";

    private static string Images(ObservedPod pod) =>
        string.Join(", ", pod.Images.Select(image => image.Image).Distinct(StringComparer.Ordinal));

    /// <summary>The scheduler's reason, without what it says of preemption, which nobody asked for.</summary>
    private static string Why(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return Trim(end < 0 ? message : message[..end]);
    }

    private static string Trim(string message) => message.Trim().TrimEnd('.');
}
