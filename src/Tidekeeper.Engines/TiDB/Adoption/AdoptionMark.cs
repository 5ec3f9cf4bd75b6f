using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>How far the take-over of a cluster that v1 made has got.</summary>
public enum AdoptionStage
{
    /// <summary>Nobody has asked for it.</summary>
    None,

    /// <summary>
    /// Pods that are made anew get our template; no pod is stopped, and everything that was changed can be taken back.
    /// </summary>
    Trial,

    /// <summary>The cluster is ours.</summary>
    Committed,

    /// <summary>What the trial changed is taken back; then v1 may go on.</summary>
    Aborted
}

/// <summary>The annotation that says it, as <c>tide adopt</c> writes it: <c>trial@2026-01-02T03:04:05Z</c>.</summary>
/// <param name="Since">
/// When v1 had last written one of the cluster's objects, in the API server's time. What it writes later means that it
/// is still at work.
/// </param>
public sealed record AdoptionMark(AdoptionStage Stage, string Since)
{
    private static readonly IReadOnlyList<(string Word, AdoptionStage Stage)> Words =
    [
        ("trial", AdoptionStage.Trial), ("committed", AdoptionStage.Committed), ("aborted", AdoptionStage.Aborted)
    ];

    private static readonly AdoptionMark Nothing = new(AdoptionStage.None, "");

    /// <summary>What cannot be read asks for nothing.</summary>
    public static AdoptionMark Of(TidbCluster cluster)
    {
        if (cluster.Metadata.Annotations?.GetValueOrDefault(Labels.Adoption) is not { } text)
            return Nothing;
        var parts = text.Split('@', 2);
        var stage = Words.FirstOrDefault(one => one.Word == parts[0]).Stage;
        return new(stage, parts.Length == 2 ? parts[1] : "");
    }

    /// <summary>As the annotation says it.</summary>
    public override string ToString() => $"{Words.First(one => one.Stage == Stage).Word}@{Since}";
}
