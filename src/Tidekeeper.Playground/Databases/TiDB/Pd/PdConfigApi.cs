using System.Globalization;
using System.Text.Json;
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
            if (Refusal(call.Body, name, value) is { } refusal)
                return refusal;
        }

        return call.Ensemble.Commit(state => items.ForEach(i => PdSettings.Set(state, i.Name, i.Value)))
            ? PdReply.Null
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

    private static HttpReply? Refusal(string body, string name, JsonNode? value)
    {
        var field = name[(name.IndexOf('.') + 1)..];
        var (type, fits) = field switch
        {
            "max-replicas" => ("uint64", value is JsonValue v && v.GetValueKind() == JsonValueKind.Number),
            "location-labels" => ("string", value is JsonValue or JsonArray),
            "max-store-down-time" => ("string", value is JsonValue v && v.GetValueKind() == JsonValueKind.String),
            _ => ("", true),
        };
        if (!fits)
            return WrongType(body, name.StartsWith("schedule", StringComparison.Ordinal), field, type, value);
        if (field == "max-store-down-time" && GoDuration.Parse((string)value!) is null)
            return PdReply.Fault(400, "input", $"time: invalid duration \"{(string)value!}\"");
        return field == "max-replicas" && value!.ToString() == "0"
            ? PdReply.Fault(400, "input", "max-replicas should be greater than 0")
            : null;
    }

    private static HttpReply WrongType(string body, bool schedule, string field, string type, JsonNode? value)
    {
        var given = value?.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            _ => "null",
        };
        var owner = schedule ? "ScheduleConfig" : "ReplicationConfig";
        var text = value?.ToJsonString() ?? "null";
        var key = body.IndexOf($"\"{field}\"", StringComparison.Ordinal);
        var at = body.IndexOf(text, Math.Max(0, key + field.Length + 2), StringComparison.Ordinal);
        var data = new JsonObject
        {
            ["Value"] = given,
            ["Type"] = new JsonObject(),
            ["Offset"] = at + text.Length,
            ["Struct"] = owner,
            ["Field"] = field,
        };
        return PdReply.Fault(400, "input",
            string.Create(CultureInfo.InvariantCulture,
                $"json: cannot unmarshal {given} into Go struct field {owner}.{field} of type {type}"), data);
    }
}
