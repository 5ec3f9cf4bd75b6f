using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// The configuration file of a pod that v1 made beside the one that the spec wants, value by value: v1 writes the same
/// values in another order.
/// </summary>
internal sealed record ConfigComparison(IReadOnlyList<string> Differs, IReadOnlyList<string> Unsure)
{
    /// <summary>What v1 writes into files by itself, apart from TiFlash's, of which much is defaults.</summary>
    private static readonly string[] WrittenByV1 = ["log.file.max-backups", "dashboard.internal-proxy"];

    public static ConfigComparison Of(Component component, JsonObject pod, AdoptionSeen seen)
    {
        var differs = new List<string>();
        var unsure = new List<string>();
        foreach (var (key, wanted, users) in Files(component))
        {
            var map = (pod["spec"]!["volumes"] as JsonArray ?? []).FirstOrDefault(volume =>
                (volume?["configMap"]?["items"] as JsonArray ?? []).Any(item => (string?)item?["key"] == key));
            var name = (string?)map?["configMap"]?["name"];
            if (name is null || seen.Find("ConfigMap", name) is not { } found
                || (string?)found["data"]?[key] is not { } text)
            {
                unsure.Add($"its file {key} was not found, so it is not known whether it is as "
                    + $"spec.{component.Name}.config "
                    + "says");
                continue;
            }

            Compare(component, text, wanted, users, differs, unsure);
            if (ChangedLater(found, pod))
                unsure.Add($"ConfigMap {name} was written after it started, so it may run with an earlier "
                    + $"configuration");
        }

        return new(differs, unsure);
    }

    /// <summary>The key of each file, what we would write, and what of that the user wrote.</summary>
    private static IEnumerable<(string Key, TomlTable Wanted, TomlTable Users)> Files(Component component)
    {
        var cluster = component.Cluster;
        switch (component.Spec)
        {
            case PdSpec pd:
                yield return (ConfigFiles.ConfigKey, Configuration.Pd(pd), Configuration.Read(pd.Config));
                break;
            case TikvSpec tikv:
                yield return (ConfigFiles.ConfigKey, Configuration.Tikv(tikv), Configuration.Read(tikv.Config));
                break;
            case TidbSpec tidb:
                yield return (ConfigFiles.ConfigKey, Configuration.Tidb(tidb), Configuration.Read(tidb.Config));
                break;
            case TiflashSpec tiflash:
                yield return (ConfigFiles.TiflashKey, Configuration.Tiflash(cluster, tiflash),
                    Configuration.Read(tiflash.Config?.Config));
                yield return (ConfigFiles.TiflashProxyKey, Configuration.TiflashProxy(cluster, tiflash),
                    Configuration.Read(tiflash.Config?.Proxy));
                break;
        }
    }

    private static void Compare(
        Component component, string text, TomlTable wanted, TomlTable users, List<string> differs, List<string> unsure)
    {
        TomlTable table;
        try
        {
            table = TomlTable.Parse(text);
        }
        catch (TomlException fault)
        {
            unsure.Add($"its configuration file cannot be read: {fault.Message}");
            return;
        }

        var has = Flat(table);
        foreach (var (key, value) in Flat(users))
        {
            if (has.GetValueOrDefault(key) is var now && now != value)
                differs.Add($"config {key} {now ?? "(none)"}, the spec wants {value}");
        }

        var known = Flat(wanted);
        foreach (var key in has.Keys.Where(key => !known.ContainsKey(key) && !WrittenByV1.Contains(key)))
        {
            // Most of TiFlash's file is v1's own, and what is not in the spec any more cannot be told from it.
            if (component.Spec is TiflashSpec)
                unsure.Add($"config {key} is in its file, and not in the spec");
            else
                differs.Add($"config {key} {has[key]}, the spec wants none");
        }
    }

    private static SortedDictionary<string, string> Flat(TomlTable table, string prefix = "")
    {
        var flat = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in table.Entries)
        {
            if (value is TomlTable { Entries.Count: > 0 } inner)
            {
                foreach (var (path, text) in Flat(inner, $"{prefix}{key}."))
                    flat[path] = text;
            }
            else if (value is not TomlTable)
            {
                flat[prefix + key] = value.ToString() ?? "";
            }
        }

        return flat;
    }

    /// <summary>With <c>InPlace</c> v1 writes into the file of pods that run.</summary>
    private static bool ChangedLater(JsonObject map, JsonObject pod)
    {
        var started = Time(pod["status"]?["startTime"]);
        return (map["metadata"]?["managedFields"] as JsonArray ?? [])
            .Any(entry => Time(entry?["time"]) is { } written && written > started);
    }

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
}
