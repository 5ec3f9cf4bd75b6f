using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Admin.TiDB;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Operations;

/// <summary>
/// Compares what the spec says with what a process shows: processes print sizes, durations and lists in their own way.
/// </summary>
internal static class ConfigValues
{
    /// <summary>The value at a path such as <c>raftstore.apply-pool-size</c>; null where there is none.</summary>
    public static JsonNode? Find(JsonObject live, string path)
    {
        JsonNode? value = live;
        foreach (var key in path.Split('.'))
            value = (value as JsonObject)?[key];
        return value;
    }

    public static bool Same(TomlValue wanted, JsonNode? shown)
    {
        if (shown is null)
            return false;
        var left = Text(wanted);
        var right = Text(shown);
        if (left == right)
            return true;
        if (decimal.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && decimal.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var b))
        {
            return a == b;
        }

        if (GoDuration.Parse(Spelt(left)) is { } early && GoDuration.Parse(Spelt(right)) is { } late)
            return early == late;
        return Bytes(left) is { } few && Bytes(right) is { } many && few == many;
    }

    /// <summary>As it goes into the request; flags as text, since PD refuses a bare true and TiKV takes both.</summary>
    public static JsonNode? Json(TomlValue value) => value switch
    {
        TomlInteger number => JsonValue.Create(number.Value),
        TomlFloat number => JsonValue.Create(number.Value),
        _ => JsonValue.Create(Text(value))
    };

    public static string Text(TomlValue value) => value switch
    {
        TomlString text => text.Value,
        TomlBoolean truth => truth.Value ? "true" : "false",
        TomlArray list => string.Join(',', list.Items.Select(Text)),
        _ => value.ToString()
    };

    private static string Text(JsonNode node) => node switch
    {
        JsonArray list => string.Join(',', list.Select(item => item is null ? "" : Text(item))),
        _ when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        _ => node.ToJsonString()
    };

    /// <summary>TiKV's days are not Go's.</summary>
    private static string Spelt(string text)
    {
        var isDays = text.EndsWith('d')
            & double.TryParse(text.TrimEnd('d'), NumberStyles.Float, CultureInfo.InvariantCulture, out var days);
        return isDays ? (days * 24).ToString(CultureInfo.InvariantCulture) + "h" : text;
    }

    /// <summary>In the binary units of TiKV and PD, where MB is MiB; null for what is no size.</summary>
    private static long? Bytes(string text)
    {
        var plain = text.Replace("iB", "B", StringComparison.Ordinal);
        var bytes = PdSize.Parse(plain);
        return bytes > 0 && char.IsAsciiDigit(plain[0]) && plain[^1] == 'B' ? bytes : null;
    }
}
