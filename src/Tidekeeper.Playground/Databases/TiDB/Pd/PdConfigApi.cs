using System.Text.Json.Nodes;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>The configuration that the members share.</summary>
internal static class PdConfigApi
{
    public static HttpReply? Answer(PdCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["config"]) => PdReply.Ok(PdSettings.Whole(call.Leader, call.State)),
        ("GET", ["config", "replicate"]) => PdReply.Ok(call.State.Replication, j => j.PdReplication),
        ("GET", ["config", "schedule"]) => PdReply.Ok(PdSettings.Schedule(call.State)),
        ("POST", ["config"]) => Change(call, ""),
        ("POST", ["config", "replicate"]) => Change(call, "replication"),
        ("POST", ["config", "schedule"]) => Change(call, "schedule"),
        _ => null,
    };

    private static HttpReply Change(PdCall call, string section)
    {
        if (call.BodyObject() is not { } body)
            return PdReply.Fault(400, "input", "unexpected end of JSON input");
        var items = Flatten(section, body).ToList();
        foreach (var (name, value) in items)
        {
            if (PdConfigItems.Refusal(name, value) is { } refusal)
                return section.Length == 0 ? PdReply.Text(400, refusal) : Refuse(call.Body, name, value, refusal);
        }

        return call.Ensemble.Commit(state =>
            items.ForEach(i => PdSettings.Set(state, PdConfigItems.FullName(i.Name)!, i.Value)))
            ? PdReply.Text(200, "The config is updated.")
            : PdReply.NotCommitted;
    }

    /// <summary>Turns nested and dotted names into dotted ones.</summary>
    private static IEnumerable<(string Name, JsonNode? Value)> Flatten(string section, JsonObject body)
    {
        foreach (var (key, value) in body)
        {
            var name = section.Length == 0 ? key : $"{section}.{key}";
            if (value is JsonObject inner)
            {
                foreach (var item in Flatten(name, inner))
                    yield return item;
            }
            else
            {
                yield return (name, value);
            }
        }
    }

    /// <summary>The sections' own endpoints decode the whole body at once and say where it went wrong.</summary>
    private static HttpReply Refuse(string body, string name, JsonNode? value, string refusal)
    {
        if (!refusal.StartsWith("json: cannot", StringComparison.Ordinal))
            return PdReply.Fault(400, "input", refusal);
        var field = name[(name.IndexOf('.') + 1)..];
        var text = value?.ToJsonString() ?? "null";
        var key = body.IndexOf($"\"{field}\"", StringComparison.Ordinal);
        var at = body.IndexOf(text, Math.Max(0, key + field.Length + 2), StringComparison.Ordinal);
        return PdReply.Fault(400, "input", refusal, new JsonObject
        {
            ["Value"] = PdConfigItems.GoKind(value),
            ["Type"] = new JsonObject(),
            ["Offset"] = at + text.Length,
            ["Struct"] = name.StartsWith("schedule", StringComparison.Ordinal) ? "ScheduleConfig" : "ReplicationConfig",
            ["Field"] = field,
        });
    }
}
