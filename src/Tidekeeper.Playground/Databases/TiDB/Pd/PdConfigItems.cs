using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// Which items of its configuration PD changes while it runs, and what they may be. Everything else needs a restart.
/// </summary>
internal static class PdConfigItems
{
    private static readonly string[] Levels = ["debug", "info", "warn", "warning", "error", "fatal", "panic"];

    private static readonly SortedDictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["replication.max-replicas"] = "uint64",
        ["replication.location-labels"] = "string",
        ["replication.strictly-match-label"] = "bool",
        ["replication.enable-placement-rules"] = "bool",
        ["replication.enable-placement-rules-cache"] = "bool",
        ["replication.isolation-level"] = "string",
        ["pd-server.dashboard-address"] = "string",
        ["pd-server.use-region-storage"] = "bool",
        ["pd-server.max-gap-reset-ts"] = "duration",
        ["pd-server.key-type"] = "string",
        ["pd-server.metric-storage"] = "string",
        ["pd-server.flow-round-by-digit"] = "int",
        ["pd-server.min-resolved-ts-persistence-interval"] = "duration",
        ["pd-server.server-memory-limit"] = "float64",
        ["pd-server.gc-tuner-threshold"] = "float64",
        ["pd-server.enable-gogc-tuner"] = "bool",
        ["pd-server.block-safe-point-v1"] = "bool",
        ["replication-mode.replication-mode"] = "string",
        ["log.level"] = "level",
        ["cluster-version"] = "version",
        ["schedule.tolerant-size-ratio"] = "float64",
        ["schedule.max-store-preparing-time"] = "duration",
        ["schedule.enable-one-way-merge"] = "bool",
        ["schedule.enable-cross-table-merge"] = "bool",
        ["schedule.enable-debug-metrics"] = "bool",
        ["schedule.enable-joint-consensus"] = "bool",
        ["schedule.enable-tikv-split-region"] = "bool",
        ["schedule.enable-heartbeat-breakdown-metrics"] = "bool",
        ["schedule.enable-heartbeat-concurrent-runner"] = "bool",
        ["schedule.enable-diagnostic"] = "bool",
        ["schedule.enable-witness"] = "bool",
        ["schedule.halt-scheduling"] = "bool",
        ["schedule.leader-schedule-policy"] = "string",
        ["schedule.region-score-formula-version"] = "string",
        ["schedule.scheduler-max-waiting-operator"] = "uint64",
        ["schedule.store-limit-mode"] = "string",
        ["schedule.store-limit-version"] = "string",
        ["schedule.slow-store-evicting-affected-store-ratio-threshold"] = "float64",
        ["schedule.hot-regions-write-interval"] = "duration",
        ["schedule.hot-regions-reserved-days"] = "uint64",
        ["schedule.witness-schedule-limit"] = "uint64",
        ["schedule.switch-witness-interval"] = "duration",
        ["schedule.patrol-region-worker-count"] = "int",
    };

    static PdConfigItems()
    {
        foreach (var (name, value) in PdSettings.Schedule(new PdState()))
        {
            if (value is JsonValue given)
                Kinds.TryAdd("schedule." + name, Kind(given));
        }
    }

    /// <summary>The whole name of an item that may be given without its section; null when there is none.</summary>
    public static string? FullName(string name) => Kinds.ContainsKey(name) ? name
        : name.Contains('.', StringComparison.Ordinal) ? null
        : Kinds.Keys.FirstOrDefault(k => k.EndsWith("." + name, StringComparison.Ordinal));

    /// <summary>Why PD does not take that value; null when it does.</summary>
    public static string? Refusal(string name, JsonNode? value)
    {
        if (FullName(name) is not { } full)
            return Unknown(name);
        var field = full[(full.IndexOf('.') + 1)..];
        var kind = value?.GetValueKind();
        var text = value?.ToString() ?? "";
        var fits = Kinds[full] switch
        {
            "uint64" => kind == JsonValueKind.Number && ulong.TryParse(text, out _),
            "int" => kind == JsonValueKind.Number && long.TryParse(text, out _),
            "float64" => kind == JsonValueKind.Number,
            "bool" => kind == JsonValueKind.String && text is ("true" or "false"),
            "level" => Levels.Contains(text, StringComparer.Ordinal),
            "version" => kind == JsonValueKind.String,
            "duration" => kind == JsonValueKind.String,
            _ => kind == JsonValueKind.String,
        };
        if (!fits)
        {
            return Kinds[full] switch
            {
                "level" or "version" => $"input value {text} is illegal",
                // PD writes and reads flags as text, so a bare true is as wrong as a number.
                "bool" => "json: invalid use of ,string struct tag, trying to unmarshal "
                    + (kind == JsonValueKind.String ? $"\"{text}\"" : "unquoted value") + " into bool",
                _ => WrongType(full, field, value),
            };
        }

        return Kinds[full] == "duration" && GoDuration.Parse(text) is null ? $"time: invalid duration \"{text}\""
            : full == "replication.max-replicas" && text == "0" ? "max-replicas should be greater than 0"
            : field.EndsWith("-space-ratio", StringComparison.Ordinal) && !IsRatio(text)
                ? $"{field} should be in [0, 1]"
            : null;
    }

    private static string Unknown(string name)
    {
        var section = name.Split('.')[0];
        return section is "schedule" or "replication" or "pd-server" or "replication-mode"
            || !name.Contains('.', StringComparison.Ordinal)
            ? $"config item {name[(name.LastIndexOf('.') + 1)..]} not found"
            : section == "log" ? "only support changing log level"
            : $"config prefix {section} not found";
    }

    private static string WrongType(string full, string field, JsonNode? value)
    {
        var owner = full.Split('.')[0] switch
        {
            "schedule" => "ScheduleConfig",
            "replication" => "ReplicationConfig",
            _ => "PDServerConfig",
        };
        var type = Kinds[full] == "duration" ? "string" : Kinds[full];
        return $"json: cannot unmarshal {GoKind(value)} into Go struct field {owner}.{field} of type {type}";
    }

    /// <summary>What Go's decoder calls a value.</summary>
    public static string GoKind(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().Any(c => c is '.' or '-') ? "number " + value.ToJsonString()
            : "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    private static bool IsRatio(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
        && ratio is >= 0 and <= 1;

    private static string Kind(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "float64" : "uint64",
        _ when value.ToString() is "true" or "false" => "bool",
        _ => "duration",
    };
}
