using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>The Services of the components.</summary>
internal static class Services
{
    /// <summary>The Service of TiDB, where one is declared.</summary>
    public static IEnumerable<JsonObject> ForSql(TidbCluster cluster)
    {
        foreach (var component in Component.Declared(cluster))
        {
            if (component.Spec is TidbSpec { Service: { } service })
                yield return ForClients(component, service, TidbServicePorts(cluster, service));
        }
    }

    /// <summary>Those by which the members find each other.</summary>
    public static IEnumerable<JsonObject> Inside(TidbCluster cluster)
    {
        foreach (var component in Component.Declared(cluster))
        {
            switch (component.Spec)
            {
                case PdSpec pd:
                    var client = TidbPorts.PdClient(cluster);
                    yield return ForClients(
                        component, PdService(cluster, pd), Port(pd.Service?.PortName ?? "client", client, client));
                    yield return ForPeers(
                        component, ("tcp-peer-2380", TidbPorts.PdPeer(cluster)), ("tcp-peer-2379", client));
                    break;
                case TikvSpec:
                    yield return ForPeers(component, ("peer", TidbPorts.Tikv(cluster)));
                    break;
                case TidbSpec:
                    yield return ForPeers(component, ("status", TidbPorts.TidbStatus(cluster)));
                    break;
                case TiflashSpec:
                    yield return ForPeers(
                        component,
                        ("tiflash", TidbPorts.Tiflash(cluster)), ("proxy", TidbPorts.TiflashProxy(cluster)),
                        ("metrics", TidbPorts.TiflashMetrics(cluster)),
                        ("proxy-metrics", TidbPorts.TiflashProxyStatus(cluster)));
                    break;
            }
        }
    }

    public static JsonObject Port(string name, int port, int target, int? nodePort = null)
    {
        var item = new JsonObject { ["name"] = name, ["port"] = port, ["targetPort"] = target, ["protocol"] = "TCP" };
        if (nodePort is > 0)
            item["nodePort"] = nodePort;
        return item;
    }

    /// <summary>The deprecated list <c>spec.services</c> tells only the type of PD's Service.</summary>
    private static ServiceSpec? PdService(TidbCluster cluster, PdSpec pd) =>
        pd.Service ?? (cluster.Spec.Services?.FirstOrDefault(service => service.Name == Component.Pd) is { } old
            ? new ServiceSpec { Type = old.Type }
            : null);

    private static JsonObject[] TidbServicePorts(TidbCluster cluster, TidbServiceSpec service)
    {
        var sql = TidbPorts.Tidb(cluster);
        var ports = new List<JsonObject>
        {
            Port(service.PortName ?? "mysql-client", service.Port ?? 4000, sql, service.MysqlNodePort)
        };
        if (service.ExposeStatus != false)
        {
            var status = TidbPorts.TidbStatus(cluster);
            ports.Add(Port("status", status, status, service.StatusNodePort));
        }

        ports.AddRange((service.AdditionalPorts ?? []).OfType<JsonObject>().Select(WithProtocol));
        return [.. ports];
    }

    // The protocol is part of a port's key: server-side apply of Kubernetes 1.20 fails (500) where it is missing.
    private static JsonObject WithProtocol(JsonObject port)
    {
        var whole = Document.Copy(port);
        whole["protocol"] ??= "TCP";
        return whole;
    }

    private static JsonObject ForClients(Component component, ServiceSpec? wanted, params JsonObject[] ports)
    {
        var more = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Labels.UsedBy] = Labels.UsedByEndUser
        };
        foreach (var (key, value) in wanted?.Labels ?? [])
            more.TryAdd(key, value);
        foreach (var key in component.Selector.Keys)
            more.Remove(key);
        var service = Document.Of(component, "v1", "Service", component.SetName, more);
        if (wanted?.Annotations is { Count: > 0 } annotations)
            service["metadata"]!["annotations"] = Document.Map(annotations);
        var spec = new JsonObject
        {
            ["type"] = wanted?.Type ?? "ClusterIP",
            ["selector"] = Document.Map(component.Selector),
            ["ports"] = new JsonArray([.. ports])
        };
        spec.Set("clusterIP", wanted?.ClusterIP);
        spec.Set("loadBalancerIP", wanted?.LoadBalancerIP);
        spec.Set("loadBalancerClass", wanted?.LoadBalancerClass);
        if (wanted?.LoadBalancerSourceRanges is { Count: > 0 } ranges)
            spec["loadBalancerSourceRanges"] = new JsonArray([.. ranges.Select(range => JsonValue.Create(range))]);
        var isOpen = wanted?.Type is "NodePort" or "LoadBalancer";
        if (isOpen && wanted is TidbServiceSpec { ExternalTrafficPolicy: { } policy })
            spec["externalTrafficPolicy"] = policy;
        service["spec"] = WithFamilies(component.Cluster, spec);
        return service;
    }

    /// <summary>The headless Service: members must find each other before they are ready.</summary>
    private static JsonObject ForPeers(Component component, params (string Name, int Port)[] ports)
    {
        var more = new SortedDictionary<string, string>(StringComparer.Ordinal) { [Labels.UsedBy] = Labels.UsedByPeer };
        var service = Document.Of(component, "v1", "Service", component.PeerName, more);
        service["spec"] = WithFamilies(component.Cluster, new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = "None",
            ["publishNotReadyAddresses"] = true,
            ["selector"] = Document.Map(component.Selector),
            ["ports"] = new JsonArray([.. ports.Select(port => Port(port.Name, port.Port, port.Port))])
        });
        return service;
    }

    private static JsonObject WithFamilies(TidbCluster cluster, JsonObject spec)
    {
        if (cluster.Spec.PreferIPv6 == true)
            spec["ipFamilyPolicy"] = "PreferDualStack";
        return spec;
    }
}
