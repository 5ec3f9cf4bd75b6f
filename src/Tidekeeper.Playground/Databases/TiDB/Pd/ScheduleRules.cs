using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Pd;

/// <summary>
/// The items of the section <c>schedule</c> that bound or forbid moves; flags are true or "true".
/// </summary>
internal sealed class ScheduleRules(PdState state)
{
    public int LeaderLimit => (int)Number("leader-schedule-limit", 4);
    public int RegionLimit => (int)Number("region-schedule-limit", 2048);
    public int ReplicaLimit => (int)Number("replica-schedule-limit", 64);
    public double LowSpaceRatio => Number("low-space-ratio", 0.8);
    public bool RemovesDown => Allows("enable-remove-down-replica");
    public bool ReplacesOffline => Allows("enable-replace-offline-replica");
    public bool MakesUp => Allows("enable-make-up-replica");
    public bool RemovesExtra => Allows("enable-remove-extra-replica");
    public bool Spreads => Allows("enable-location-replacement");

    private double Number(string key, double otherwise) =>
        state.Schedule[key] is JsonValue value
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    private bool Allows(string key) => state.Schedule[key] is not JsonNode value
        || value.GetValueKind() != JsonValueKind.False && value.ToString() != "false";
}
