using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Scripts;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// The ConfigMap of a component. Its name ends with a hash of its contents, so that it never changes: a pod that
/// restarts for whatever reason finds the very files that it had, and going back is naming the old one.
/// </summary>
internal static class ConfigFiles
{
    public const string ConfigKey = "config-file";
    public const string ScriptKey = "startup-script";
    public const string TiflashKey = "config_templ.toml";
    public const string TiflashProxyKey = "proxy_templ.toml";

    public static JsonObject Of(Component component)
    {
        var data = Contents(component);
        var name = $"{component.SetName}-{Fingerprint.Of(data)[..8]}";
        var map = Document.Of(component, "v1", "ConfigMap", name);
        map["data"] = data;
        return map;
    }

    /// <summary>The configuration that needs a restart, alone, for the hash of the user's intent.</summary>
    public static JsonObject RestartPart(Component component)
    {
        var data = component.Spec switch
        {
            PdSpec pd => Files(Rest(Configuration.Pd(pd), OnlineConfigKeys.Pd), ""),
            TikvSpec tikv => Files(Rest(Configuration.Tikv(tikv), OnlineConfigKeys.Tikv), ""),
            TidbSpec tidb => Files(Rest(Configuration.Tidb(tidb), OnlineConfigKeys.Tidb), ""),
            _ => Contents(component)
        };
        data.Remove(ScriptKey);
        return data;
    }

    private static string Rest(TomlTable table, IReadOnlyList<string> online) =>
        OnlinePart.Without(table, online).Write();

    private static JsonObject Contents(Component component)
    {
        var cluster = component.Cluster;
        return component.Spec switch
        {
            PdSpec pd => Files(Configuration.Pd(pd).Write(), PdScript.Text),
            TikvSpec tikv => Files(Configuration.Tikv(tikv).Write(), TikvScript.Text),
            TidbSpec tidb => Files(Configuration.Tidb(tidb).Write(), TidbScript.Text),
            TiflashSpec tiflash => new JsonObject
            {
                [TiflashKey] = Configuration.Tiflash(cluster, tiflash).Write(),
                [TiflashProxyKey] = Configuration.TiflashProxy(cluster, tiflash).Write(),
                [ScriptKey] = TiflashScript.Text
            },
            _ => throw new System.Diagnostics.UnreachableException(component.Name)
        };
    }

    private static JsonObject Files(string config, string script) =>
        new() { [ConfigKey] = config, [ScriptKey] = script };
}
