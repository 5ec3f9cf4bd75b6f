using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Counts and conditions of a Deployment, so that <c>kubectl rollout status</c> sees what it waits for.
/// </summary>
internal sealed class DeploymentStatus(JsonObject deployment, List<JsonObject> sets, JsonObject? current,
    DateTimeOffset now)
{
    private readonly long _wanted = deployment.Number("spec", "replicas") ?? 1;

    /// <summary>When the rollout will count as stuck; null when it is done.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    public JsonObject Compose()
    {
        var total = Sum("replicas");
        var available = Sum("availableReplicas");
        var updated = current.Number("status", "replicas") ?? 0;
        var status = new JsonObject
        {
            ["observedGeneration"] = deployment.Number("metadata", "generation") ?? 1,
        };
        Put("replicas", total);
        Put("updatedReplicas", updated);
        Put("readyReplicas", Sum("readyReplicas"));
        Put("availableReplicas", available);
        Put("unavailableReplicas", Math.Max(0, sets.Sum(s => s.Number("spec", "replicas") ?? 0) - available));
        status["terminatingReplicas"] = Sum("terminatingReplicas");
        var isDone = updated == _wanted && total == _wanted && available == _wanted;
        status["conditions"] = new JsonArray(Available(available), Progressing(isDone, status));
        if (deployment.Number("status", "collisionCount") is { } collisions)
            status["collisionCount"] = collisions;
        return status;

        void Put(string field, long count)
        {
            if (count != 0)
                status[field] = count;
        }
    }

    private long Sum(string field) => sets.Sum(s => s.Number("status", field) ?? 0);

    private JsonObject Available(long available)
    {
        var (_, unavailable) = RolloutBounds.Of(deployment);
        return available >= _wanted - unavailable
            ? Condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", false)
            : Condition("Available", "False", "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.", false);
    }

    private JsonObject Progressing(bool isDone, JsonObject status)
    {
        var set = current is null ? $"Deployment \"{deployment.Name()}\"" : $"ReplicaSet \"{current.Name()}\"";
        if (deployment.Flag("spec", "paused") == true)
            return Condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", false);
        if (isDone)
        {
            return Condition("Progressing", "True", "NewReplicaSetAvailable",
                $"{set} has successfully progressed.", false);
        }

        var moved = !SameCounts(status);
        var before = deployment.Condition("Progressing");

        // A rollout that is over stays so when only the number of replicas changes.
        var isRolledOut = (status.Number("replicas") ?? 0) == (status.Number("updatedReplicas") ?? 0)
            && before?.Text("reason") == "NewReplicaSetAvailable"
            && before.Text("message") == $"{set} has successfully progressed.";
        if (isRolledOut)
            return before!.Copy();
        var patience = deployment.Number("spec", "progressDeadlineSeconds") ?? 600;
        var since = moved ? now : before?.Moment("lastUpdateTime") ?? now;
        if (before?.Text("reason") == "NewReplicaSetAvailable")
            since = now;
        Deadline = since.AddSeconds(patience);
        if (Deadline <= now)
        {
            Deadline = null;
            return Condition("Progressing", "False", "ProgressDeadlineExceeded",
                $"{set} has timed out progressing.", false);
        }

        return Condition("Progressing", "True", "ReplicaSetUpdated", $"{set} is progressing.", moved);
    }

    private bool SameCounts(JsonObject status) =>
        ((ReadOnlySpan<string>)["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]).ToArray()
        .All(f => (deployment.Number("status", f) ?? 0) == (status.Number(f) ?? 0));

    private JsonObject Condition(string type, string value, string reason, string message, bool touched)
    {
        var before = deployment.Condition(type);
        var same = before?.Text("status") == value && before.Text("reason") == reason && !touched;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = value,
            ["lastUpdateTime"] = same ? before!.Text("lastUpdateTime") : now.Stamp(),
            ["lastTransitionTime"] = before?.Text("status") == value ? before.Text("lastTransitionTime") : now.Stamp(),
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
