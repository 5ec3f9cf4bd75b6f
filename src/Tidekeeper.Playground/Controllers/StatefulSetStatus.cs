using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Counts a StatefulSet's pods and composes its status.</summary>
internal sealed class StatefulSetStatus
{
    private readonly JsonObject _set;
    private readonly DateTimeOffset _now;
    private readonly long _collisions;
    private long _replicas, _ready, _available, _updated;

    public StatefulSetStatus(JsonObject set, IReadOnlyCollection<JsonObject> pods, JsonObject current,
        JsonObject update, long collisions, DateTimeOffset now)
    {
        (_set, _now, _collisions) = (set, now, collisions);
        CurrentRevision = current.Name();
        UpdateRevision = update.Name();
        Recount(pods);
    }

    public string CurrentRevision { get; private set; }
    public string UpdateRevision { get; }
    public long CurrentReplicas { get; private set; }

    /// <summary>When a pod that is ready will have been so for minReadySeconds.</summary>
    public DateTimeOffset? NextAvailableAt { get; private set; }

    public void Recount(IReadOnlyCollection<JsonObject> pods)
    {
        _replicas = _ready = _available = _updated = CurrentReplicas = 0;
        NextAvailableAt = null;
        var patience = _set.Number("spec", "minReadySeconds") ?? 0;
        foreach (var pod in pods)
        {
            _replicas++;
            if (pod.IsRunningAndReady())
            {
                _ready++;
                if (pod.IsAvailable(patience, _now))
                    _available++;
                else if (pod.AvailableAt(patience) is { } at && (NextAvailableAt is null || at < NextAvailableAt))
                    NextAvailableAt = at;
            }

            if (pod.IsTerminating())
                continue;
            var revision = pod.Label(StatefulSetPods.RevisionLabel);
            if (revision == CurrentRevision)
                CurrentReplicas++;
            if (revision == UpdateRevision)
                _updated++;
        }
    }

    /// <summary>Fields that are zero are left out exactly where the real server leaves them out.</summary>
    public JsonObject Compose()
    {
        // Only a rolling update ever completes: with OnDelete the current revision stays, as upstream.
        if (_set.Text("spec", "updateStrategy", "type") != "OnDelete"
            && _updated == _replicas && _ready == _replicas && CurrentRevision != UpdateRevision)
        {
            CurrentRevision = UpdateRevision;
            CurrentReplicas = _updated;
        }

        var status = new JsonObject
        {
            ["observedGeneration"] = _set.Number("metadata", "generation") ?? 1,
            ["replicas"] = _replicas,
        };
        Put("readyReplicas", _ready);
        Put("currentReplicas", CurrentReplicas);
        Put("updatedReplicas", _updated);
        status["currentRevision"] = CurrentRevision;
        status["updateRevision"] = UpdateRevision;
        status["collisionCount"] = _collisions;
        if (_set.At("status", "conditions") is { } conditions)
            status["conditions"] = conditions.DeepClone();
        status["availableReplicas"] = _available;
        return status;

        void Put(string field, long count)
        {
            if (count != 0)
                status[field] = count;
        }
    }
}
