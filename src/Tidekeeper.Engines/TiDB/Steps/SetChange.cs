using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Adoption;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Engines.TiDB.Operations;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Steps;

/// <summary>How a StatefulSet differs from what is wanted.</summary>
internal enum SetVerdict
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is as wanted.</summary>
    Same,

    /// <summary>The user wants something else, or somebody touched it.</summary>
    Changed,

    /// <summary>Only we would render it differently now; it is left until a user's change takes it along.</summary>
    OursOnly,

    /// <summary>Only we would, and a pod that is to be made anew takes it along.</summary>
    Adopted,

    /// <summary>It cannot be written, or must not yet.</summary>
    Held
}

/// <summary>A StatefulSet as wanted beside the one that exists.</summary>
internal sealed record SetChange
{
    /// <summary>
    /// How many pods may be starting at a time. A number with three zeros too many is harmless then: the cluster and
    /// whoever else runs beside it see no more pods than these, and they are all that has to leave again.
    /// </summary>
    public const int MostStarting = 32;

    public required Component Component { get; init; }
    public required ObservedStatefulSet? Current { get; init; }
    public required SetVerdict Verdict { get; init; }
    public required SetSeal Seal { get; init; }

    /// <summary>Rendered when somebody needs it: mostly nobody does.</summary>
    public JsonObject Document => field ??= StatefulSets.Of(Component, Seal.Replicas);

    public JsonObject ConfigMap => field ??= ConfigFiles.Of(Component);

    /// <summary>The hashes behind the document's own: the user's part, and the part that can never change.</summary>
    public string Hashes => Seal.Hashes;

    /// <summary>What is not done although the spec wants it, each a sentence that names the field.</summary>
    public required IReadOnlyList<string> NotDone { get; init; }

    /// <summary>How many pods there shall be: the declared ones, and those that stand in for others.</summary>
    public required int WantedReplicas { get; init; }

    /// <summary>Whether more pods are wanted than may start now.</summary>
    public bool GrowsInSteps => Seal.Replicas < WantedReplicas;

    /// <summary>Whether pods that serve would get another image.</summary>
    public bool ChangesImage =>
        Current is { Image.Length: > 0, ReadyReplicas: > 0 } set && set.Image != Component.Image;

    public string ConfigMapName => Component.ConfigMapName;

    public static SetChange Of(TidbSeen seen, Component component)
    {
        var current = seen.StatefulSets.FirstOrDefault(set => set.Name == component.SetName);
        if (current is not null && Ownership.IsForeign(seen, current))
            current = null;

        // A set that comes back must not leave out members that have data, whatever is wanted by now.
        var places = current?.Replicas ?? LeftoverClaims.Places(seen, component);
        var wanted = component.Replicas + Failures.Additional(seen, component, current?.Replicas ?? 0);
        var starting = current is null ? 0 : current.Replicas - current.ReadyReplicas;
        var room = places + Math.Max(0, MostStarting - starting);
        var seal = component.Seal(Math.Max(Math.Min(wanted, room), places));
        var (verdict, notDone) = Judge(seen, component, current, seal);
        return new SetChange
        {
            Component = component,
            Current = current,
            WantedReplicas = wanted,
            Verdict = verdict,
            Seal = seal,
            NotDone = notDone
        };
    }

    /// <summary>The document with so many replicas, and the hashes of what it follows from.</summary>
    public static (JsonObject Document, string Hashes) Render(Component component, int replicas) =>
        (StatefulSets.Of(component, replicas), component.Seal(replicas).Hashes);

    private static (SetVerdict, List<string>) Judge(
        TidbSeen seen, Component component, ObservedStatefulSet? current, SetSeal seal)
    {
        var notDone = new List<string>();
        if (current is null)
            return (SetVerdict.Missing, notDone);
        if (Preconditions.IsNotTaken(current))
            return (SetVerdict.Changed, notDone);

        var before = current.RenderedHash.Split('.');
        if (before.Length != 3 || before[2] != seal.Fixed)
        {
            notDone.Add(FixedFields.Name(seen, component, StatefulSets.Of(component, seal.Replicas)));
            return (SetVerdict.Held, notDone);
        }

        var document = current.ForeignTouch.Length == 0
            ? seal.Document
            : Fingerprint.Of(StatefulSets.Of(component, seal.Replicas), current.ForeignTouch);
        if (before[0] == document && before[1] == seal.Intent)
            return (SetVerdict.Same, notDone);
        var ours = before[1] == seal.Intent && current.ForeignTouch.Length == 0 && HasItsFiles(seen, current);
        if (!ours)
            return (SetVerdict.Changed, notDone);
        return (IsAdopting(seen, component) ? SetVerdict.Adopted : SetVerdict.OursOnly, notDone);
    }

    private static bool IsAdopting(TidbSeen seen, Component component) => seen.Pods.Any(pod =>
        pod.Component == component.Name && pod is { Deleting: null, RestartWish.Length: > 0 });

    /// <summary>
    /// A file of ours that its template names and that is gone may be one that only an earlier operator could make:
    /// then no pod would start any more.
    /// </summary>
    private static bool HasItsFiles(TidbSeen seen, ObservedStatefulSet set) =>
        set.ConfigMaps.Where(name => name.StartsWith($"{set.Name}-", StringComparison.Ordinal))
            .All(name => Writes.Find(seen, "ConfigMap", name) is not null);
}
