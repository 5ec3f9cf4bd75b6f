using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>The part of a component's configuration that its processes change without a restart.</summary>
internal sealed class OnlinePart
{
    private OnlinePart(IReadOnlyList<KeyValuePair<string, TomlValue>> entries)
    {
        Entries = entries;
        var map = new JsonObject();
        foreach (var (key, value) in entries)
            map[key] = value.ToString();
        Hash = entries.Count == 0 ? "" : Fingerprint.Of(map);
        Keys = string.Join(',', entries.Select(entry => entry.Key));
    }

    /// <summary>Keys with the values that the spec gives them, in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, TomlValue>> Entries { get; }

    /// <summary>Empty when there is nothing to change online.</summary>
    public string Hash { get; }

    /// <summary>The keys, separated by commas.</summary>
    public string Keys { get; }

    public static OnlinePart Of(Component component) => component.Online;

    /// <summary>For <see cref="Component.Online"/>, which keeps it.</summary>
    public static OnlinePart Read(Component component) => new(component.Spec switch
    {
        PdSpec pd => OnlineConfigKeys.In(Configuration.Read(pd.Config), OnlineConfigKeys.Pd),
        TikvSpec tikv => OnlineConfigKeys.In(Configuration.Read(tikv.Config), OnlineConfigKeys.Tikv),
        TidbSpec tidb => OnlineConfigKeys.In(Configuration.Read(tidb.Config), OnlineConfigKeys.Tidb),
        _ => []
    });

    /// <summary>The rest of a configuration: a change of it needs a restart.</summary>
    public static TomlTable Without(TomlTable table, IReadOnlyList<string> patterns)
    {
        var rest = table.Copy();
        foreach (var (key, _) in OnlineConfigKeys.In(table, patterns))
            rest.Remove(key);
        return rest;
    }

    /// <summary>
    /// Whether a pod has a key that is no longer in the spec: only a restart gives it the default back.
    /// </summary>
    public bool Lacks(ObservedPod pod, OnlineConfigStatus? record)
    {
        var keys = pod.OnlineConfig + (record?.PodUID == pod.Uid ? "," + record.Keys : "");
        return keys.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Any(key => Entries.All(entry => entry.Key != key));
    }
}
