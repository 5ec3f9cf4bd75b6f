using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Counts that may be percentages.</summary>
internal static class RolloutBounds
{
    /// <summary>How many pods a rolling update may have too many, and how many too few; never both none.</summary>
    public static (long Surge, long Unavailable) Of(JsonObject deployment)
    {
        var replicas = deployment.Number("spec", "replicas") ?? 1;
        var update = deployment.ObjectAt("spec", "strategy", "rollingUpdate");
        var surge = Count(update.At("maxSurge"), replicas, roundUp: true);
        var unavailable = Math.Min(Count(update.At("maxUnavailable"), replicas, roundUp: false), replicas);
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }

    public static long Count(JsonNode? value, long total, bool roundUp)
    {
        if (value.Number() is { } number)
            return number;
        if (value.Text() is not { } text || !text.EndsWith('%')
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var percent))
            return 0;
        return roundUp ? (percent * total + 99) / 100 : percent * total / 100;
    }
}
