using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;
using Tidekeeper.Simulation.Edits.Oracles;

namespace Tidekeeper.Simulation.Edits.Mappings;

/// <summary>The Services for clients: <c>{cluster}-pd</c> and <c>{cluster}-tidb</c>.</summary>
internal static class ServiceMappings
{
    public static IReadOnlyList<Mapping> All { get; } =
    [
        .. Of("pd"), .. Of("tidb"),
        new(["spec.services[].name", "spec.services[].type"], Reach.Nobody,
            "type of {cluster}-pd without spec.pd.service", (v, c) => v.Spec[c]?["service"] is not null ? []
                : [new("pd: type", v.Spec.ObjectsAt("services").FirstOrDefault(one => one.Text("name") == c)?["type"]
                    ?? "ClusterIP", v.Service(c).At("spec", "type"))])
        { Components = ["pd"] },
        new(["spec.tidb.service.port", "spec.tidb.service.mysqlNodePort"], Reach.Nobody, "first port of {cluster}-tidb",
            (v, c) => Port(v, c, v.Spec[c].Text("service", "portName") ?? "mysql-client",
                v.Spec[c].At("service", "port") ?? 4000, v.Spec[c].At("service", "mysqlNodePort"))),
        new(["spec.tidb.service.exposeStatus", "spec.tidb.service.statusNodePort"], Reach.All,
            "port status of {cluster}-tidb; TiFlash asks there",
            (v, c) => v.Spec[c]?["service"] is null ? [] :
            [
                new("tidb: port status", v.Spec[c].Flag("service", "exposeStatus") != false,
                    v.Service(c).ObjectsAt("spec", "ports").Any(one => one.Text("name") == "status")),
                .. v.Spec[c].At("service", "statusNodePort") is { } port
                    && v.Spec[c].Flag("service", "exposeStatus") != false ? Port(v, c, "status", null, port) : [],
            ]),
        new(["spec.tidb.service.externalTrafficPolicy"], Reach.Nobody, "{cluster}-tidb spec.externalTrafficPolicy",
            (v, c) => v.Spec[c].At("service", "externalTrafficPolicy") is { } policy
                ? [new("tidb: externalTrafficPolicy", policy, v.Service(c).At("spec", "externalTrafficPolicy"))] : []),
        new(["spec.tidb.service.additionalPorts"], Reach.Nobody, "{cluster}-tidb spec.ports", (v, c) =>
            v.Spec[c]?["service"] is null ? [] : [new("tidb: additional ports",
                v.Spec[c].At("service", "additionalPorts"), new JsonArray([.. v.Service(c).ObjectsAt("spec", "ports")
                    .Where(one => one.Text("name") is { } name && name != "status"
                        && name != (v.Spec[c].Text("service", "portName") ?? "mysql-client"))
                    .Select(one => one.DeepClone())]))]),
    ];

    private static IEnumerable<Mapping> Of(string component)
    {
        Mapping One(string field, string where, Func<JsonNode?, JsonObject, IEnumerable<Claim>> say) =>
            new([$"spec.{component}.service.{field}"], Reach.Nobody, $"{{cluster}}-{component} {where}", (v, c) =>
                v.Spec[c]?["service"] is not null && v.Service(c) is { } service
                    ? say(v.Spec[c].At("service", field), service) : []);

        yield return One("type", "spec.type",
            (asked, found) => [new($"{component}: type", asked ?? "ClusterIP", found.At("spec", "type"))]);
        yield return One("annotations", "metadata.annotations", (asked, found) => Exactly($"{component}: annotations",
            asked, found.ObjectAt("metadata", "annotations"), key => key == "tidekeeper.io/rendered"));
        yield return One("labels", "metadata.labels; the operator's own win", (asked, found) => Exactly(
            $"{component}: labels", asked, found.ObjectAt("metadata", "labels"),
            key => key.StartsWith("app.kubernetes.io/", StringComparison.Ordinal)));
        yield return One("clusterIP", "spec.clusterIP", (asked, found) => asked is null ? []
            : [new($"{component}: clusterIP", asked, found.At("spec", "clusterIP"))]);
        yield return One("portName", "name of the main port", (asked, found) => [new($"{component}: portName", true,
            found.ObjectsAt("spec", "ports").Any(one =>
                one.Text("name") == (asked.Text() ?? (component == "pd" ? "client" : "mysql-client"))))]);
        foreach (var field in (string[])["loadBalancerIP", "loadBalancerSourceRanges", "loadBalancerClass"])
        {
            yield return One(field, $"spec.{field}",
                (asked, found) => [new($"{component}: {field}", asked, found.At("spec", field))]);
        }
    }

    private static IEnumerable<Claim> Exactly(
        string place, JsonNode? asked, JsonObject? found, Func<string, bool> isOurs)
    {
        var wanted = (asked as JsonObject ?? []).Where(one => !isOurs(one.Key)).ToList();
        foreach (var (key, value) in wanted)
            yield return new($"{place} {key}", value, found?[key]);
        var others = (found ?? []).Where(one => !isOurs(one.Key)).Select(one => one.Key)
            .Except(wanted.Select(one => one.Key)).ToList();
        yield return new($"{place} that nobody asks for", "", string.Join(", ", others));
    }

    private static IEnumerable<Claim> Port(View view, string component, string name, JsonNode? port, JsonNode? nodePort)
    {
        if (view.Spec[component]?["service"] is null)
            yield break;
        var found = view.Service(component).ObjectsAt("spec", "ports").FirstOrDefault(one => one.Text("name") == name);
        if (port is not null)
            yield return new($"{component}: port {name}", port, found?["port"]);
        if (nodePort.Number() is > 0)
            yield return new($"{component}: node port {name}", nodePort, found?["nodePort"]);
    }
}
