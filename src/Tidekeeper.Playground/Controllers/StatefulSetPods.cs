using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>One pass over the pods of a StatefulSet, in the order of the real controller.</summary>
internal sealed class StatefulSetPods(Cluster cluster, JsonObject set, EventRecorder events,
    JsonObject current, JsonObject update, IReadOnlyCollection<JsonObject> existing)
{
    public const string RevisionLabel = "controller-revision-hash";
    public const string PodNameLabel = "statefulset.kubernetes.io/pod-name";
    public const string IndexLabel = "apps.kubernetes.io/pod-index";

    private readonly StatefulSetClaims _claims = new(cluster, set);
    private readonly bool _ordered = set.Text("spec", "podManagementPolicy") != "Parallel";
    private readonly long _patience = set.Number("spec", "minReadySeconds") ?? 0;

    public IReadOnlyCollection<JsonObject> Existing => existing;

    /// <summary>The ordinal in a pod's name, or null when the name is not one of this set.</summary>
    public static long? OrdinalOf(JsonObject set, string podName) =>
        podName.StartsWith(set.Name() + "-", StringComparison.Ordinal)
        && long.TryParse(podName.AsSpan(set.Name().Length + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var n)
            ? n
            : null;

    public void Settle(long currentReplicas, DateTimeOffset now)
    {
        var start = set.Number("spec", "ordinals", "start") ?? 0;
        var wanted = set.Number("spec", "replicas") ?? 1;
        var byOrdinal = new SortedDictionary<long, JsonObject>();
        foreach (var pod in existing)
        {
            if (OrdinalOf(set, pod.Name()) is { } ordinal)
                byOrdinal[ordinal] = pod;
        }

        for (var ordinal = start; ordinal < start + wanted; ordinal++)
        {
            if (!SettleReplica(ordinal, byOrdinal.GetValueOrDefault(ordinal), currentReplicas, now) && _ordered)
                return;
        }

        var condemned = byOrdinal.Where(p => p.Key < start || p.Key >= start + wanted).Reverse().ToList();
        var keep = byOrdinal.Where(p => p.Key >= start && p.Key < start + wanted).ToList();
        if (!ScaleDown(condemned, keep, now))
            return;
        if (set.Text("spec", "updateStrategy", "type") != "OnDelete")
            RollForward(keep, now);
    }

    /// <returns>Whether the next ordinal may be looked at when pods are managed in order.</returns>
    private bool SettleReplica(long ordinal, JsonObject? pod, long currentReplicas, DateTimeOffset now)
    {
        if (pod is null)
        {
            Create(ordinal, currentReplicas);
            return false;
        }

        if (pod.IsFinished())
        {
            if (!pod.IsTerminating())
                Delete(pod);
            return false;
        }

        if (pod.IsTerminating())
            return false;
        Repair(ordinal, pod);
        return pod.IsRunningAndReady() && pod.IsAvailable(_patience, now);
    }

    private bool ScaleDown(List<KeyValuePair<long, JsonObject>> condemned,
        List<KeyValuePair<long, JsonObject>> keep, DateTimeOffset now)
    {
        var firstUnhealthy = keep.Concat(Enumerable.Reverse(condemned)).OrderBy(p => p.Key)
            .Select(p => p.Value)
            .FirstOrDefault(p => !p.IsRunningAndReady() || p.IsTerminating());
        foreach (var (_, pod) in condemned)
        {
            if (pod.IsTerminating())
            {
                if (_ordered)
                    return false;
                continue;
            }

            var healthy = pod.IsRunningAndReady() && pod.IsAvailable(_patience, now);
            if (_ordered && !healthy && !ReferenceEquals(pod, firstUnhealthy))
                return false;
            _claims.MarkForScaleDown(pod);
            Delete(pod);
            if (_ordered)
                return false;
        }

        return true;
    }

    /// <summary>Takes the highest outdated pod down, when everything above it is healthy.</summary>
    private void RollForward(List<KeyValuePair<long, JsonObject>> keep, DateTimeOffset now)
    {
        var partition = set.Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
        for (var i = keep.Count - 1; i >= 0 && keep[i].Key >= partition; i--)
        {
            var pod = keep[i].Value;
            if (pod.Label(RevisionLabel) != update.Name() && !pod.IsTerminating())
            {
                Delete(pod);
                return;
            }

            if (!pod.IsRunningAndReady() || pod.IsTerminating() || !pod.IsAvailable(_patience, now))
                return;
        }
    }

    private void Create(long ordinal, long currentReplicas)
    {
        var revision = NeedsCurrent(ordinal, currentReplicas) ? current : update;
        var pod = Compose(ordinal, revision);
        foreach (var claim in _claims.CreateMissing(ordinal))
        {
            events.Normal("apps/v1", "StatefulSet", set, "SuccessfulCreate",
                $"Create Claim {claim} Pod {pod.Name()} in StatefulSet {set.Name()} success");
        }

        cluster.ControllerManager.Create(Resources.Pods, set.Namespace(), pod);
        events.Normal("apps/v1", "StatefulSet", set, "SuccessfulCreate",
            $"Create Pod {pod.Name()} in StatefulSet {set.Name()} successful");
    }

    /// <summary>During a rolling update, ordinals that the update has not reached come back as they were.</summary>
    private bool NeedsCurrent(long ordinal, long currentReplicas)
    {
        if (set.Text("spec", "updateStrategy", "type") == "OnDelete")
            return false;
        var start = set.Number("spec", "ordinals", "start") ?? 0;
        return set.Number("spec", "updateStrategy", "rollingUpdate", "partition") is { } partition
            ? ordinal < start + partition
            : ordinal < start + currentReplicas;
    }

    private JsonObject Compose(long ordinal, JsonObject revision)
    {
        var pod = PodTemplate.Stamp(Revisions.TemplateOf(revision), set.Namespace(),
            PodTemplate.OwnerReference("apps/v1", "StatefulSet", set));
        var name = $"{set.Name()}-{ordinal}";
        var metadata = pod.Ensure("metadata");
        metadata["name"] = name;
        metadata["generateName"] = set.Name() + "-";
        var labels = pod.Ensure("metadata", "labels");
        labels[RevisionLabel] = revision.Name();
        labels[PodNameLabel] = name;
        labels[IndexLabel] = ordinal.ToString(CultureInfo.InvariantCulture);
        var spec = pod.Ensure("spec");
        spec["hostname"] = name;
        if (set.Text("spec", "serviceName") is { Length: > 0 } service)
            spec["subdomain"] = service;
        _claims.Mount(spec, ordinal);
        return pod;
    }

    /// <summary>
    /// Claims that went missing come back for a pod that waits for them; labels that identify it too.
    /// </summary>
    private void Repair(long ordinal, JsonObject pod)
    {
        if (pod.Phase() == "Pending")
            _claims.CreateMissing(ordinal);
        _claims.AlignOwners(ordinal, pod);
        var index = ordinal.ToString(CultureInfo.InvariantCulture);
        if (pod.Label(PodNameLabel) == pod.Name() && pod.Label(IndexLabel) == index)
            return;
        var repaired = pod.Copy();
        var labels = repaired.Ensure("metadata", "labels");
        labels[PodNameLabel] = pod.Name();
        labels[IndexLabel] = index;
        cluster.ControllerManager.Update(Resources.Pods, repaired);
    }

    private void Delete(JsonObject pod)
    {
        cluster.ControllerManager.Delete(Resources.Pods, pod.Namespace(), pod.Name(), pod.Uid());
        events.Normal("apps/v1", "StatefulSet", set, "SuccessfulDelete",
            $"Delete Pod {pod.Name()} in StatefulSet {set.Name()} successful");
    }
}
