using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Engines.TiDB.Steps;
using Tidekeeper.Model;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// What must hold before the first StatefulSet of v1's is written. It is asked until the last one is; after that the
/// cluster is looked after like any other.
/// </summary>
internal static class Preconditions
{
    /// <summary>Fields that v1 acts upon and we do not: nobody would run what they declare.</summary>
    private static readonly string[] Components = ["spec.ticdc", "spec.tiproxy", "spec.pump", "spec.tici", "spec.pdms"];

    /// <summary>Annotations of v1 on the cluster that mean that it is in the middle of something.</summary>
    private static readonly (string Key, string Means)[] Middles =
    [
        ("tidb.pingcap.com/smooth-upgrade-ddl-paused", "v1 has paused DDL for an upgrade, and only v1 resumes it")
    ];

    /// <summary>Whether a StatefulSet is still as v1 wrote it.</summary>
    public static bool IsNotTaken(ObservedStatefulSet set) =>
        set.RenderedHash.Length == 0 || set.WrittenByV1.Length > 0;

    public static IReadOnlyList<ObservedStatefulSet> NotTaken(TidbSeen seen) =>
        [.. Own(seen).Where(IsNotTaken)];

    public static IReadOnlyList<ObservedStatefulSet> Taken(TidbSeen seen) =>
        [.. Own(seen).Where(set => !IsNotTaken(set))];

    /// <summary>What is in the way; null when nothing is.</summary>
    public static Step.Hold? Blocked(TidbSeen seen)
    {
        var obstacles = Obstacles(seen);
        return obstacles.Count == 0
            ? null
            : new Step.Hold(
                $"{seen.Cluster.Metadata.Name} is not taken over: "
                    + $"{string.Join("; ", obstacles)}", Patience.ForKubernetes)
            {
                Reason = TidbReasons.AdoptionBlocked,
                NeedsPerson = true
            };
    }

    /// <summary>Each a sentence that names the object or the field, and what to do.</summary>
    public static IReadOnlyList<string> Obstacles(TidbSeen seen)
    {
        var draft = Draft.Of(seen);
        return
        [
            .. OfSpec(seen), .. OfStatefulSets(draft), .. OfFixedFields(draft), .. OfMembers(draft), .. OfMiddles(seen)
        ];
    }

    private static IEnumerable<string> OfSpec(TidbSeen seen)
    {
        foreach (var problem in seen.Problems)
        {
            if (problem.Severity == Severity.Refused)
                yield return $"{problem}";
            else if (Components.Contains(problem.Field, StringComparer.Ordinal))
                yield return $"{problem.Field} is not run by this operator yet; leave this cluster to tidb-operator v1";
        }

        if (seen.Cluster.Spec.Paused == true)
            yield return "spec.paused is true, which stops this operator as well; take it back once v1 does not run "
                + "any more";
        foreach (var (key, value) in seen.Cluster.Metadata.Annotations ?? [])
        {
            if (key.EndsWith(Labels.DeleteSlotsSuffix, StringComparison.Ordinal) && value is not ("" or "[]"))
                yield return $"annotation {key} {value}: pods are numbered without gaps here; let v1 fill them first";
        }
    }

    private static IEnumerable<string> OfStatefulSets(Draft draft)
    {
        foreach (var set in draft.Sets)
        {
            var name = set.Component.SetName;
            if (Writes.Find(draft.Seen, "StatefulSet", name) is not ObservedStatefulSet found)
            {
                if (set.Component.Replicas > 0)
                {
                    yield return $"StatefulSet {name} does not exist: let v1 make it, or take the cluster back from "
                        + "AdvancedStatefulSet, which is not supported";
                }
            }
            else if (Ownership.IsForeign(draft.Seen, found))
                yield return $"StatefulSet {name} belongs to somebody else";
            else if (IsNotTaken(found) && found.WrittenByV1.Length == 0 && !BearsMark(draft.Seen, name))
                yield return $"StatefulSet {name} bears no mark of tidb-operator v1, so it is not known what made it";
            else if (found.Deleting is not null)
                yield return $"StatefulSet {name} is being deleted";
        }
    }

    /// <summary>One that was given back bears v1's mark by our hand.</summary>
    private static bool BearsMark(TidbSeen seen, string set) => seen.Adoption.Is(out var whole)
        && whole.Find("StatefulSet", set)?["metadata"]?["annotations"]?[Labels.LastAppliedByV1] is not null;

    /// <summary>What a StatefulSet can never change would have to be the same.</summary>
    private static IEnumerable<string> OfFixedFields(Draft draft)
    {
        if (!draft.Seen.Adoption.Is(out var whole))
        {
            yield return $"its objects have not been read: {draft.Seen.Adoption.WhyUnknown}";
            yield break;
        }

        foreach (var set in draft.Sets)
        {
            if (whole.Find("StatefulSet", set.Component.SetName)?["spec"] is not JsonObject has)
                continue;
            var wanted = StatefulSets.Of(set.Component, set.Component.Replicas)["spec"]!;
            foreach (var field in (string[])["serviceName", "podManagementPolicy", "selector", "volumeClaimTemplates"])
            {
                if (!JsonContent.Contains(has[field], wanted[field]) || Count(has[field]) != Count(wanted[field]))
                {
                    yield return $"StatefulSet {set.Component.SetName}: {field} is not what spec.{set.Component.Name} "
                        + "asks for, and cannot change; let v1 finish, or change the spec back";
                }
            }
        }
    }

    private static IEnumerable<string> OfMembers(Draft draft)
    {
        if (PdFacts.WhyNoQuorum(draft.Seen) is { } silent)
        {
            yield return silent;
            yield break;
        }

        foreach (var member in draft.AllMembers)
        {
            if (!member.IsServing && !IsKnownToHaveFailed(draft, member))
            {
                yield return member.Pod is { } pod && Pods.Of(draft.Seen, pod) is { } trouble
                    ? trouble
                    : $"{member.PodName} does not serve";
            }
        }
    }

    /// <summary>v1 has a record of it and has put another in its place: that may last for days.</summary>
    private static bool IsKnownToHaveFailed(Draft draft, Member member) =>
        Failures.Of(draft, member) is not null;

    private static IEnumerable<string> OfMiddles(TidbSeen seen)
    {
        foreach (var (key, means) in Middles)
        {
            if (seen.Cluster.Metadata.Annotations?.ContainsKey(key) == true)
                yield return $"annotation {key}: {means}; let it finish";
        }

        var status = seen.Cluster.Status;
        Model.Crds.ComponentStatus?[] all = [status?.Pd, status?.Tikv, status?.Tidb, status?.Tiflash];
        if (all.Any(one => one?.VolReplaceInProgress == true))
            yield return "volumes are being replaced (volReplaceInProgress); let v1 finish";
        if (seen.Adoption.Is(out var whole) && whole.Objects.Any(one =>
            (string?)one["kind"] == "ConfigMap" && one["data"]?["config-file-overlay"] is not null))
        {
            yield return "a restore is under way (config-file-overlay in a ConfigMap of TiKV); let it finish";
        }
    }

    /// <summary>Of the components that are declared; what v1 left of others is nobody's.</summary>
    private static IEnumerable<ObservedStatefulSet> Own(TidbSeen seen) =>
        from component in Component.Declared(seen.Cluster)
        from set in seen.StatefulSets
        where set.Name == component.SetName && set.OwnerUid == seen.Cluster.Metadata.Uid
        orderby set.Name
        select set;

    private static int Count(JsonNode? node) => node switch
    {
        JsonArray list => list.Count,
        JsonObject map => map.Count,
        _ => 0
    };
}
