using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tidekeeper.Model.Toml;

namespace Tidekeeper.Simulation.V1;

/// <summary>
/// The objects that version 1 of the Go operator makes of a TidbCluster: names, labels, annotations, ports, volumes,
/// start scripts and update strategies are its own. The documents are those that it would send.
/// </summary>
/// <param name="cluster">As it is stored, with its UID.</param>
public sealed class GoCluster(JsonObject cluster)
{
    public const string Image = "pingcap/tidb-operator:v1.6.1";
    private const string LastApplied = "pingcap.com/last-applied-configuration";

    public JsonObject Spec => cluster["spec"]!.AsObject();
    public string Name => (string)cluster["metadata"]!["name"]!;
    public string Namespace => (string)cluster["metadata"]!["namespace"]!;

    /// <summary>Replicas beyond those that are declared, by component: one for each failure record.</summary>
    public SortedDictionary<string, int> Extra { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Everything, in the order in which it is made.</summary>
    public IEnumerable<JsonObject> Documents() =>
        [.. Discovery(), .. Components.SelectMany(Services), .. Components.Select(ConfigMap), .. StatefulSets()];

    public IEnumerable<JsonObject> StatefulSets() => Components.Select(StatefulSet);

    /// <summary>In the order in which v1 looks at them.</summary>
    public IEnumerable<string> Components =>
        ((string[])["pd", "tiflash", "tikv", "tidb"]).Where(component => Spec[component] is not null);

    public int Replicas(string component) =>
        (int)Spec[component]!["replicas"]! + Extra.GetValueOrDefault(component);

    public JsonObject StatefulSet(string component)
    {
        var replicas = Replicas(component);
        var template = new GoPods(this, component, ConfigMapName(component));
        var spec = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = Labels(component) },
            ["template"] = template.Template(),
            ["volumeClaimTemplates"] = template.Claims(),
            ["serviceName"] = $"{Name}-{component}-peer",
            ["podManagementPolicy"] = "Parallel",
            ["updateStrategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["partition"] = replicas }
            }
        };
        if (spec["volumeClaimTemplates"]!.AsArray().Count == 0)
            spec.Remove("volumeClaimTemplates");
        return WithLastApplied(Document("apps/v1", "StatefulSet", $"{Name}-{component}", component), spec);
    }

    public JsonObject ConfigMap(string component)
    {
        var map = Document("v1", "ConfigMap", ConfigMapName(component), component);
        map["data"] = Data(component);
        return map;
    }

    /// <summary>With <c>RollingUpdate</c> the name ends with a hash of the contents, else it stays.</summary>
    public string ConfigMapName(string component)
    {
        var strategy = (string?)Spec[component]!["configUpdateStrategy"] ?? (string?)Spec["configUpdateStrategy"];
        if (strategy != "RollingUpdate")
            return $"{Name}-{component}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Data(component).ToJsonString())));
        return $"{Name}-{component}-{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(digest))[..7]}";
    }

    public static JsonObject Labels(string instance, string component) => new()
    {
        ["app.kubernetes.io/component"] = component,
        ["app.kubernetes.io/instance"] = instance,
        ["app.kubernetes.io/managed-by"] = "tidb-operator",
        ["app.kubernetes.io/name"] = "tidb-cluster"
    };

    public JsonObject Labels(string component) => Labels(Name, component);

    private JsonObject Data(string component)
    {
        var config = Spec[component]!["config"];
        return component == "tiflash"
            ? new JsonObject
            {
                ["config_templ.toml"] = GoFiles.Tiflash(Name, Namespace),
                ["proxy_templ.toml"] = GoFiles.TiflashProxy(Name, Namespace)
            }
            : new JsonObject
            {
                ["config-file"] = GoFiles.Config(component, Text(config)),
                ["startup-script"] = GoFiles.Script(component)
            };
    }

    private static string Text(JsonNode? config) => config switch
    {
        JsonObject map => TomlTable.FromJson(map).Write(),
        null => "",
        _ => (string)config!
    };

    private IEnumerable<JsonObject> Services(string component)
    {
        var peer = component switch
        {
            "pd" => Ports(("tcp-peer-2380", 2380), ("tcp-peer-2379", 2379)),
            "tikv" => Ports(("peer", 20160)),
            "tidb" => Ports(("status", 10080)),
            _ => Ports(("tiflash", 3930), ("proxy", 20170), ("metrics", 8234), ("proxy-metrics", 20292))
        };
        yield return Service($"{Name}-{component}-peer", component, "peer", new JsonObject
        {
            ["clusterIP"] = "None",
            ["publishNotReadyAddresses"] = true,
            ["ports"] = peer
        });
        if (component == "pd")
        {
            yield return Service($"{Name}-pd", component, "end-user",
                new JsonObject { ["type"] = "ClusterIP", ["ports"] = Ports(("client", 2379)) });
        }
        else if (component == "tidb" && Spec["tidb"]!["service"] is { } service)
        {
            yield return Service($"{Name}-tidb", component, "end-user", new JsonObject
            {
                ["type"] = (string?)service["type"] ?? "ClusterIP",
                ["ports"] = Ports(("mysql-client", 4000), ("status", 10080))
            });
        }
    }

    private IEnumerable<JsonObject> Discovery()
    {
        var name = $"{Name}-discovery";
        yield return Document("v1", "ServiceAccount", name, "discovery");
        var role = Document("rbac.authorization.k8s.io/v1", "Role", name, "discovery");
        role["rules"] = new JsonArray(
            Rule("pingcap.com", "tidbclusters", Name, "get"), Rule("", "secrets", null, "get", "list", "watch"));
        yield return role;
        var binding = Document("rbac.authorization.k8s.io/v1", "RoleBinding", name, "discovery");
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name });
        binding["roleRef"] = new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "Role",
            ["name"] = name
        };
        yield return binding;
        yield return WithLastApplied(Document("apps/v1", "Deployment", name, "discovery"), new JsonObject
        {
            ["replicas"] = 1,
            ["strategy"] = new JsonObject { ["type"] = "Recreate" },
            ["selector"] = new JsonObject { ["matchLabels"] = Labels("discovery") },
            ["template"] = GoPods.OfDiscovery(this)
        });
        yield return Service(name, "discovery", "", new JsonObject
        {
            ["type"] = "ClusterIP",
            ["ports"] = Ports(("discovery", 10261), ("proxy", 10262))
        });
    }

    private JsonObject Service(string name, string component, string usedBy, JsonObject spec)
    {
        var service = Document("v1", "Service", name, component);
        if (usedBy.Length > 0)
            service["metadata"]!["labels"]!["app.kubernetes.io/used-by"] = usedBy;
        spec["selector"] = Labels(component);
        return WithLastApplied(service, spec);
    }

    private static JsonArray Ports(params (string Name, int Port)[] ports) =>
        new([.. ports.Select(port => Port(port.Name, port.Port))]);

    private static JsonObject Port(string name, int port) =>
        new() { ["name"] = name, ["port"] = port, ["targetPort"] = port, ["protocol"] = "TCP" };

    private static JsonObject Rule(string group, string resource, string? name, params string[] verbs)
    {
        var rule = new JsonObject
        {
            ["apiGroups"] = new JsonArray(group),
            ["resources"] = new JsonArray(resource),
            ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))])
        };
        if (name is not null)
            rule["resourceNames"] = new JsonArray(name);
        return rule;
    }

    private static JsonObject WithLastApplied(JsonObject document, JsonObject spec)
    {
        document["metadata"]!["annotations"] = new JsonObject { [LastApplied] = spec.ToJsonString() };
        document["spec"] = spec;
        return document;
    }

    private JsonObject Document(string apiVersion, string kind, string name, string component) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = Namespace,
            ["labels"] = Labels(component),
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "pingcap.com/v1alpha1",
                ["kind"] = "TidbCluster",
                ["name"] = Name,
                ["uid"] = (string)cluster["metadata"]!["uid"]!,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true
            })
        }
    };
}
