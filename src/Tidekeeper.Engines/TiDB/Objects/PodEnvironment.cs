using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// The environment of a main container: ours first, then the user's, except for the names that the start scripts
/// depend on.
/// </summary>
internal sealed class PodEnvironment
{
    /// <summary>The one of our variables that people set: the last way out when PD's majority is lost.</summary>
    public const string ForceNewCluster = "TIDEKEEPER_FORCE_NEW_CLUSTER";

    /// <summary>Those that v1 sets, and that its start scripts depend on.</summary>
    private static readonly string[] NamesOfV1 =
    [
        "NAMESPACE", "TZ", "SERVICE_NAME", "PEER_SERVICE_NAME", "HEADLESS_SERVICE_NAME", "SET_NAME", "HOSTNAME",
        "CLUSTER_NAME", "POD_NAME", "BINLOG_ENABLED", "SLOW_LOG_FILE"
    ];

    private readonly JsonArray _variables = [];
    private readonly SortedSet<string> _names = new(NamesOfV1, StringComparer.Ordinal);

    /// <summary>What every start script reads.</summary>
    public PodEnvironment(Component component)
    {
        FromField("NAMESPACE", "metadata.namespace");
        FromField("POD_NAME", "metadata.name");
        Value("CLUSTER_NAME", component.Cluster.Metadata.Name);
        Value("PEER_SERVICE_NAME", component.PeerName);
        Value("HEADLESS_SERVICE_NAME", component.PeerName);
        Value("SET_NAME", component.SetName);
        Value("TZ", component.Timezone);
        if (component.Cluster.Spec.ClusterDomain is { Length: > 0 } domain)
            Value("TIDEKEEPER_CLUSTER_DOMAIN", domain);
        if (component.Cluster.Spec.PreferIPv6 == true)
            Value("TIDEKEEPER_BIND", "[::]");
    }

    public static bool IsOfV1(string name) =>
        name == "CAPACITY" || NamesOfV1.Contains(name, StringComparer.Ordinal);

    public PodEnvironment Value(string name, string value)
    {
        _names.Add(name);
        _variables.Add(new JsonObject { ["name"] = name, ["value"] = value });
        return this;
    }

    private void FromField(string name, string path) => _variables.Add(new JsonObject
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } }
    });

    /// <summary>The whole list with the user's variables at its end.</summary>
    public JsonArray With(JsonArray? users)
    {
        var all = Document.Copy(_variables);
        foreach (var variable in users ?? [])
        {
            var name = variable is JsonObject ? (string?)variable["name"] ?? "" : "";
            var isOurs = name.StartsWith("TIDEKEEPER_", StringComparison.Ordinal) && name != ForceNewCluster;
            if (!_names.Contains(name) && !isOurs)
                all.Add(variable!.DeepClone());
        }

        return all;
    }
}
