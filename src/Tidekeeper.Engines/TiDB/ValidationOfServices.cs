using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>Services: every component's goes through the same checks.</summary>
internal static class ValidationOfServices
{
    public static IEnumerable<Problem> Check(TidbCluster cluster) =>
    [
        .. Of("spec.pd.service", cluster.Spec.Pd?.Service),
        .. Of("spec.tidb.service", cluster.Spec.Tidb?.Service),
        .. OfTidb("spec.tidb.service", cluster.Spec.Tidb?.Service),
    ];

    private static IEnumerable<Problem> Of(string field, ServiceSpec? service)
    {
        if (service is null) yield break;
        for (var i = 0; i < service.LoadBalancerSourceRanges?.Count; i++)
        {
            var range = service.LoadBalancerSourceRanges[i];
            if (!IpText.IsNetwork(range))
            {
                yield return new Problem($"{field}.loadBalancerSourceRanges[{i}]", range, "is no network",
                    "write for example 10.0.0.0/8");
            }
        }

        if (service.LoadBalancerSourceRanges is { Count: > 0 } && service.Type != "LoadBalancer")
        {
            yield return new Problem($"{field}.loadBalancerSourceRanges", "", "needs a load balancer",
                $"set {field}.type to LoadBalancer or remove the ranges");
        }

        if (service.LoadBalancerIP is { Length: > 0 } address && !IpText.IsAddress(address))
            yield return NoAddress($"{field}.loadBalancerIP", address);
        if (service.ClusterIP is { Length: > 0 } inner && inner != "None" && !IpText.IsAddress(inner))
            yield return NoAddress($"{field}.clusterIP", inner);
        if (service.ClusterIP == "None" && service.Type is "NodePort" or "LoadBalancer")
        {
            yield return new Problem($"{field}.clusterIP", "None", $"does not go with type {service.Type}",
                "remove one of the two");
        }
    }

    private static IEnumerable<Problem> OfTidb(string field, TidbServiceSpec? service)
    {
        if (service is null) yield break;
        if (service.ExternalTrafficPolicy is { } policy && service.Type is null or "ClusterIP")
        {
            yield return new Problem($"{field}.externalTrafficPolicy", policy, "needs a Service that is open outside",
                $"set {field}.type to NodePort or LoadBalancer, or remove it");
        }

        foreach (var (own, port) in NodePorts(service))
        {
            if (service.Type is null or "ClusterIP")
            {
                yield return new Problem($"{field}.{own}", $"{port}", "needs a Service that is open outside",
                    $"set {field}.type to NodePort or LoadBalancer, or remove it");
            }
        }

        var names = new SortedSet<string>(StringComparer.Ordinal)
        {
            service.PortName is { Length: > 0 } given ? given : "mysql-client",
        };
        if (service.ExposeStatus != false) names.Add("status");
        var ports = service.AdditionalPorts ?? [];
        for (var i = 0; i < ports.Count; i++)
        {
            var port = ports[i] as JsonObject;
            var name = Text(port?["name"]);
            if (name.Length == 0 || !names.Add(name))
            {
                yield return new Problem($"{field}.additionalPorts[{i}].name", name,
                    name.Length == 0 ? "is missing" : "is there already", "give each port a name of its own");
            }

            if (port?["port"] is not JsonValue number || !number.TryGetValue<int>(out var value)
                || value is < 1 or > 65535)
            {
                yield return new Problem($"{field}.additionalPorts[{i}].port", $"{port?["port"]}", "is no port",
                    "write a number from 1 to 65535");
            }
        }
    }

    private static IEnumerable<(string Name, int Port)> NodePorts(TidbServiceSpec service)
    {
        if (service.MysqlNodePort is > 0 and { } mysql)
            yield return ("mysqlNodePort", mysql);
        if (service.StatusNodePort is > 0 and { } status)
            yield return ("statusNodePort", status);
    }

    private static Problem NoAddress(string field, string value) =>
        new(field, value, "is no IP address", "write for example 10.0.0.7");

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
