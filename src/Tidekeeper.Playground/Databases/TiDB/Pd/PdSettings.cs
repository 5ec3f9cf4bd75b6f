using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>PD's configuration as a document, and how items of it are set.</summary>
internal static class PdSettings
{
    public static void Set(PdState state, string name, JsonNode? value)
    {
        var text = value is JsonArray array
            ? string.Join(',', array.Select(a => a?.ToString()))
            : value?.ToString() ?? "";
        switch (name)
        {
            case "replication.max-replicas":
                state.Replication = state.Replication with
                {
                    MaxReplicas = ulong.Parse(text, CultureInfo.InvariantCulture),
                };
                break;
            case "replication.location-labels":
                state.Replication = state.Replication with { LocationLabels = text };
                break;
            case "replication.strictly-match-label":
                state.Replication = state.Replication with { StrictlyMatchLabel = text };
                break;
            case "replication.enable-placement-rules":
                state.Replication = state.Replication with { EnablePlacementRules = text };
                break;
            case "replication.isolation-level":
                state.Replication = state.Replication with { IsolationLevel = text };
                break;
            default:
                var (target, key) = name.StartsWith("schedule.", StringComparison.Ordinal)
                    ? (state.Schedule, name["schedule.".Length..]) : (state.Settings, name);
                target[key] = value?.DeepClone();
                break;
        }
    }

    public static JsonObject Schedule(PdState state)
    {
        var schedule = new JsonObject
        {
            ["max-snapshot-count"] = 64,
            ["max-pending-peer-count"] = 64,
            ["max-merge-region-size"] = 54,
            ["max-merge-region-keys"] = 540000,
            ["split-merge-interval"] = "1h0m0s",
            ["patrol-region-interval"] = "10ms",
            ["max-store-down-time"] = "30m0s",
            ["leader-schedule-limit"] = 4,
            ["region-schedule-limit"] = 2048,
            ["replica-schedule-limit"] = 64,
            ["merge-schedule-limit"] = 8,
            ["hot-region-schedule-limit"] = 4,
            ["hot-region-cache-hits-threshold"] = 3,
            ["tolerant-size-ratio"] = 0,
            ["low-space-ratio"] = 0.8,
            ["high-space-ratio"] = 0.7,
            ["enable-remove-down-replica"] = "true",
            ["enable-replace-offline-replica"] = "true",
            ["enable-make-up-replica"] = "true",
            ["enable-remove-extra-replica"] = "true",
            ["enable-location-replacement"] = "true",
            ["schedulers-v2"] = new JsonArray([.. state.Schedulers.Select(Scheduler)]),
        };
        foreach (var (key, value) in state.Schedule)
            schedule[key] = value?.DeepClone();
        return schedule;
    }

    private static JsonNode Scheduler(string name) => new JsonObject
    {
        ["type"] = name == "balance-hot-region-scheduler" ? "hot-region"
            : name.Replace("-scheduler", "", StringComparison.Ordinal),
        ["args"] = null,
        ["disable"] = false,
    };

    /// <summary>What <c>GET /pd/api/v1/config</c> answers.</summary>
    public static JsonObject Whole(PdReplica leader, PdState state)
    {
        var self = state.Members.Find(m => m.MemberId == leader.MemberId) ?? new PdMember();
        var peer = self.PeerUrls is [var first, ..] ? first : "";
        var whole = new JsonObject
        {
            ["client-urls"] = $"http://0.0.0.0:{TidbPorts.PdClient}",
            ["peer-urls"] = $"http://0.0.0.0:{TidbPorts.PdPeer}",
            ["advertise-client-urls"] = leader.ClientUrl,
            ["advertise-peer-urls"] = peer,
            ["name"] = leader.Name,
            ["data-dir"] = "/var/lib/pd",
            ["initial-cluster"] = string.Join(',',
                state.Members.Select(m => $"{m.Name}={string.Join(';', m.PeerUrls)}")),
            ["initial-cluster-state"] = "new",
            ["join"] = "",
            ["lease"] = 5,
            ["log"] = new JsonObject { ["level"] = leader.LogLevel, ["format"] = "text" },
            ["tso-save-interval"] = "3s",
            ["metric"] = new JsonObject { ["job"] = leader.Name, ["address"] = "", ["interval"] = "15s" },
            ["schedule"] = Schedule(state),
            ["replication"] = JsonSerializer.SerializeToNode(state.Replication, PdJson.Default.PdReplication),
            ["cluster-version"] = state.Stores.Count == 0 ? "0.0.0" : leader.Version.TrimStart('v'),
            ["quota-backend-bytes"] = "8GiB",
            ["auto-compaction-mode"] = "periodic",
            ["auto-compaction-retention-v2"] = "1h",
            ["TickInterval"] = "500ms",
            ["ElectionInterval"] = "3s",
            ["PreVote"] = true,
            ["security"] = new JsonObject { ["cacert-path"] = "", ["cert-path"] = "", ["key-path"] = "" },
            ["label-property"] = new JsonObject(),
            ["WarningMsgs"] = null,
        };
        foreach (var (name, value) in state.Settings)
            Put(whole, name.Split('.'), value);
        return whole;
    }

    private static void Put(JsonObject into, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length == 1)
        {
            into[path[0]] = value?.DeepClone();
            return;
        }

        if (into[path[0]] is not JsonObject inner)
            into[path[0]] = inner = [];
        Put(inner, path[1..], value);
    }
}
