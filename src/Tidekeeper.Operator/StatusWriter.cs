using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>Writes the status of a cluster, only if it differs from what is stored.</summary>
/// <remarks>
/// News is written at once: a condition that turns, a phase, a generation that was looked at, and whatever the plan
/// will need to know again. The rest (who is not ready yet, counters, members) changes many times a second while pods
/// start, and is written with the next news, or a moment after the last write.
/// </remarks>
public sealed class StatusWriter(KubeApi api, TimeProvider time)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>
    /// By the stored status as it came from the cache, the hash of a status that was compared with it and found the
    /// same: to parse both again at each look would be most of the work of a reconcile that finds nothing to do.
    /// </summary>
    private readonly ConditionalWeakTable<byte[], byte[]> _same = [];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<ObjectKey, DateTimeOffset> _written = [];

    /// <summary>Null when the status is in place; else after how long the rest of it is to be written.</summary>
    /// <param name="text">The status as JSON in UTF-8.</param>
    public async Task<TimeSpan?> Write(
        IEngine engine, Decision decision, Plan plan, byte[] text, CancellationToken cancel)
    {
        var hash = SHA256.HashData(text);
        if (_same.TryGetValue(decision.StoredStatus, out var known) && hash.AsSpan().SequenceEqual(known))
            return null;
        var wanted = JsonNode.Parse(text)!.AsObject();
        var subject = decision.Subject;
        var stored = decision.StoredStatus.Length == 0
            ? []
            : JsonNode.Parse(decision.StoredStatus) as JsonObject ?? [];
        if (MergePatch.Between(stored, wanted) is not { } patch)
        {
            _same.AddOrUpdate(decision.StoredStatus, hash);
            return null;
        }

        if (!IsNews(stored, wanted, plan) && Rest(subject) is { } rest)
            return rest;
        // What is patched is the status that was seen: with another one below it, or late, it would tell neither's
        // truth. The version also keeps it from a namesake: a real server does not look at the UID of such a patch.
        var metadata = new JsonObject { ["uid"] = subject.Uid, ["resourceVersion"] = decision.StoredVersion };
        var body = new JsonObject { ["metadata"] = metadata, ["status"] = patch };
        var answer = await api.Patch(engine.Resource, subject.Namespace, subject.Name, body, item =>
        {
            engine.Refresh(item);
            return true;
        }, cancel, "status");
        if (answer.IsConflict)
            return Moment;
        if (!answer.IsNotFound)
            _ = answer.Value;
        lock (_gate)
            _written[new(subject.Namespace, subject.Name)] = time.GetUtcNow();
        return null;
    }

    public void Forget(ObjectKey key)
    {
        lock (_gate)
            _written.Remove(key);
    }

    /// <summary>How long the last write of this cluster's status is still fresh; null when it no longer is.</summary>
    private TimeSpan? Rest(EventSubject subject)
    {
        lock (_gate)
        {
            if (!_written.TryGetValue(new(subject.Namespace, subject.Name), out var at))
                return null;
            var rest = at + Moment - time.GetUtcNow();
            return rest > TimeSpan.Zero ? rest : null;
        }
    }

    /// <summary>
    /// An act other than an apply may leave a record in the status, by which the next plan knows that it was done.
    /// </summary>
    private static bool IsNews(JsonObject stored, JsonObject wanted, Plan plan) =>
        plan.Acts.Any(act => act is not (Act.Apply or Act.Record))
        || !JsonNode.DeepEquals(stored["phase"], wanted["phase"])
        || !JsonNode.DeepEquals(stored["observedGeneration"], wanted["observedGeneration"])
        || !Turns(stored).SequenceEqual(Turns(wanted), StringComparer.Ordinal);

    private static IEnumerable<string> Turns(JsonObject status) =>
        from condition in status["conditions"] as JsonArray ?? []
        select $"{condition?["type"]} {condition?["status"]} {condition?["reason"]}";
}
