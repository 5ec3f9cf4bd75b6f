using Tidekeeper.Engines;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>One database engine as the rest of the operator sees it.</summary>
public interface IEngine
{
    /// <summary>The kind of its clusters.</summary>
    Resource Resource { get; }

    /// <summary>Keys of all clusters known.</summary>
    IReadOnlyList<ObjectKey> Clusters { get; }

    /// <summary>Observes and plans; null when there is no such cluster.</summary>
    Task<Decision?> Decide(ObjectKey key, CancellationToken cancel);

    /// <summary>Takes over what the answer to a write of our own says about a cluster.</summary>
    void Refresh(System.Text.Json.JsonElement item);
}

/// <summary>What is to be done about one cluster.</summary>
/// <param name="Subject">The cluster object, for Events.</param>
/// <param name="Tell">What a plan means to others; called once the plan was executed.</param>
/// <param name="StoredStatus">JSON in UTF-8 of the status as it is stored; empty for none.</param>
/// <param name="StoredVersion">The resource version of the cluster object with that status.</param>
public sealed record Decision(
    EventSubject Subject, Plan Plan, Func<Plan, Told> Tell, byte[] StoredStatus, string StoredVersion);

/// <summary>What others are told about a cluster.</summary>
/// <param name="Status">JSON in UTF-8.</param>
/// <param name="Readings">The same as numbers.</param>
public sealed record Told(byte[] Status, IReadOnlyList<Reading> Readings);
