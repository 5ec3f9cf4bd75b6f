using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Whether each configuration can be read and leaves the operator's keys alone.</summary>
internal static class ValidationOfConfig
{
    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        var tidbKeys = spec.Tidb?.SeparateSlowLog == false
            ? OwnedConfigKeys.Tidb
            : [.. OwnedConfigKeys.Tidb, OwnedConfigKeys.SlowLog];
        return
        [
            .. Of("spec.pd.config", spec.Pd?.Config, OwnedConfigKeys.Pd),
            .. Of("spec.tikv.config", spec.Tikv?.Config, OwnedConfigKeys.Tikv),
            .. Of("spec.tidb.config", spec.Tidb?.Config, tidbKeys),
            .. Of("spec.tiflash.config.config", spec.Tiflash?.Config?.Config, OwnedConfigKeys.Tiflash),
            .. Of("spec.tiflash.config.proxy", spec.Tiflash?.Config?.Proxy, OwnedConfigKeys.TiflashProxy),
            .. TiflashValues(spec.Tiflash?.Config?.Config),
        ];
    }

    private static IEnumerable<Problem> Of(string field, JsonNode? config, IReadOnlyList<OwnedConfigKey> owned)
    {
        if (!TryRead(config, out var table, out var fault)) return [NoToml(field, config, fault)];
        return
            from key in owned
            let value = table.Find(key.Key)
            where value is not null
            select new Problem($"{field}: {key.Key}", Shorten(value.ToString()), "is set by the operator", key.Remedy);
    }

    private static Problem NoToml(string field, JsonNode? config, TomlException? fault)
    {
        if (fault is null)
        {
            var text = Shorten(config!.ToJsonString());
            return new Problem(field, text, "is no configuration", "write TOML text or a map");
        }

        var line = config!.GetValue<string>().Split('\n')[fault.Line - 1].Trim();
        return new Problem(field, Shorten(line), $"is no TOML: {fault.Message}", "correct that line");
    }

    // Nothing, TOML text or an object; anything else is no configuration.
    private static bool TryRead(JsonNode? config, out TomlTable table, out TomlException? fault)
    {
        (table, fault) = (new TomlTable(), null);
        if (config is null) return true;
        if (config is JsonObject map)
        {
            table = TomlTable.FromJson(map);
            return true;
        }

        if (config is not JsonValue value || !value.TryGetValue<string>(out var text)) return false;
        try
        {
            table = TomlTable.Parse(text);
            return true;
        }
        catch (TomlException unreadable)
        {
            fault = unreadable;
            return false;
        }
    }

    private static IEnumerable<Problem> TiflashValues(JsonNode? config)
    {
        const string Field = "spec.tiflash.config.config";
        if (!TryRead(config, out var table, out _)) yield break;
        var overlap = table.Find("flash.overlap_threshold") switch
        {
            TomlFloat number => number.Value,
            TomlInteger number => number.Value,
            _ => 0,
        };
        if (overlap is < 0 or > 1)
        {
            yield return new Problem($"{Field}: flash.overlap_threshold", $"{overlap}", "is not between 0 and 1",
                "write for example 0.6");
        }

        // The init container makes the directory of each log, which must not be the root of the pod.
        foreach (var key in (string[])["flash.flash_cluster.log", "logger.log", "logger.errorlog"])
        {
            if (table.FindText(key) is { } path && path.LastIndexOf('/') < 1)
            {
                yield return new Problem($"{Field}: {key}", path, "lies in no directory",
                    "write for example /data0/logs/server.log");
            }
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..59] + "…";
}
