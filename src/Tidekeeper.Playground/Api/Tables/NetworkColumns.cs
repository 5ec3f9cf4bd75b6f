using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using static Tidekeeper.Playground.Api.Tables.TableColumn;

namespace Tidekeeper.Playground.Api.Tables;

/// <summary>Services and what stands behind them.</summary>
internal static class NetworkColumns
{
    private const int MostEndpoints = 3;

    public static readonly IReadOnlyList<TableColumn> Service =
    [
        NameColumn,
        Text("Type", o => o.Text("spec", "type")),
        Text("Cluster-IP", o =>
            o.TextsAt("spec", "clusterIPs").FirstOrDefault() ?? o.Text("spec", "clusterIP") ?? Cells.None),
        Text("External-IP", ExternalIp),
        Text("Port(s)", Ports),
        Age,
        Wide("Selector", o => Cells.Labels(o.ObjectAt("spec", "selector"))),
    ];

    public static readonly IReadOnlyList<TableColumn> Endpoints =
    [
        NameColumn,
        Text("Endpoints", o => Few([.. o.ObjectsAt("subsets").SelectMany(s => s.ObjectsAt("addresses").SelectMany(a =>
            s.ObjectsAt("ports").Select(p => $"{a.Text("ip")}:{p.Number("port")}")
                .DefaultIfEmpty(a.Text("ip") ?? "")))])),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> EndpointSlice =
    [
        NameColumn,
        Text("AddressType", o => o.Text("addressType")),
        Text("Ports", o => Few([.. o.ObjectsAt("ports").Select(p => p.Number("port")?.ToString() ?? "*")], "<unset>")),
        Text("Endpoints", o => Few([.. o.ObjectsAt("endpoints").SelectMany(e => e.TextsAt("addresses"))], "<unset>")),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> Policy =
        [NameColumn, Text("Pod-Selector", o => Cells.Selector(o.ObjectAt("spec", "podSelector"))), Age];

    public static readonly IReadOnlyList<TableColumn> Ingress =
    [
        NameColumn,
        Text("Class", o => o.Text("spec", "ingressClassName")
            ?? o.Text("metadata", "annotations", "kubernetes.io/ingress.class") ?? Cells.None),
        Text("Hosts", Hosts),
        Text("Address", o => Cells.Join(o.ObjectsAt("status", "loadBalancer", "ingress")
            .Select(each => each.Text("ip") is { Length: > 0 } ip ? ip : each.Text("hostname") ?? ""))),
        Text("Ports", o => o.ObjectsAt("spec", "tls").Any() ? "80, 443" : "80"),
        Age,
    ];

    public static readonly IReadOnlyList<TableColumn> IngressClass =
    [
        NameColumn,
        Text("Controller", o => o.Text("spec", "controller")),
        Text("Parameters", o => o.ObjectAt("spec", "parameters") is { } given
            ? $"{given.Text("kind")}{(given.Text("apiGroup") is { Length: > 0 } group ? "." + group : "")}"
                + $"/{given.Text("name")}"
            : Cells.None),
        Age,
    ];

    private static string Hosts(JsonObject ingress)
    {
        var hosts = ingress.ObjectsAt("spec", "rules").Select(each => each.Text("host") ?? "")
            .Where(each => each.Length > 0).ToList();
        return Few(hosts, "*");
    }

    private static string ExternalIp(JsonObject service)
    {
        var external = service.TextsAt("spec", "externalIPs").ToList();
        switch (service.Text("spec", "type"))
        {
            case "LoadBalancer":
                var given = service.ObjectsAt("status", "loadBalancer", "ingress")
                    .Select(i => i.Text("ip") ?? i.Text("hostname") ?? "");
                return Cells.Join(given.Concat(external), "<pending>");
            case "ExternalName":
                return service.Text("spec", "externalName") ?? "";
            default:
                return Cells.Join(external, Cells.None);
        }
    }

    private static string Ports(JsonObject service) => Cells.Join(service.ObjectsAt("spec", "ports").Select(p =>
        p.Number("nodePort") is > 0 and var node
            ? $"{p.Number("port")}:{node}/{p.Text("protocol")}" : $"{p.Number("port")}/{p.Text("protocol")}"),
                Cells.None);

    private static string Few(IReadOnlyList<string> all, string empty = Cells.None) => all.Count <= MostEndpoints
        ? Cells.Join(all, empty)
        : $"{string.Join(',', all.Take(MostEndpoints))} + {all.Count - MostEndpoints} more...";
}
