using System.Text.Json.Nodes;
using Tidekeeper.Engines;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>Writes the status of a cluster, only if it differs from what is stored.</summary>
public sealed class StatusWriter(KubeApi api, Metrics metrics)
{
    /// <summary>One gauge for each cluster that this process has looked at.</summary>
    public const string ReadyMetric = "tidekeeper_cluster_ready";

    private const string ReadyHelp = "Whether a cluster's Ready condition is true.";

    /// <summary>Returns the status that is in place now.</summary>
    public async Task<JsonObject> Write(IEngine engine, Decision decision, Plan plan, CancellationToken cancel)
    {
        var wanted = decision.Status(plan);
        var subject = decision.Subject;
        metrics.Set(ReadyMetric, ReadyHelp, IsTrue(wanted, "Ready") ? 1 : 0,
            ("kind", subject.Kind), ("namespace", subject.Namespace), ("name", subject.Name));
        var stored = decision.StoredStatus.Length == 0
            ? []
            : JsonNode.Parse(decision.StoredStatus) as JsonObject ?? [];
        if (MergePatch.Between(stored, wanted) is not { } patch)
            return wanted;

        // The UID makes sure that a namesake made in the meantime does not get the status of its predecessor.
        var body = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = subject.Uid }, ["status"] = patch };
        var answer = await api.Patch(engine.Resource, subject.Namespace, subject.Name, body, item =>
        {
            engine.Refresh(item);
            return true;
        }, cancel, "status");
        if (!answer.IsNotFound && !answer.IsConflict)
            _ = answer.Value;
        return wanted;
    }

    public void Forget(Resource resource, ObjectKey key) =>
        metrics.Forget(ReadyMetric,
            ("kind", resource.Kind), ("namespace", key.Namespace), ("name", key.Name));

    private static bool IsTrue(JsonObject status, string condition) =>
        status["conditions"] is JsonArray conditions
        && conditions.Any(c => (string?)c?["type"] == condition && (string?)c["status"] == "True");
}
