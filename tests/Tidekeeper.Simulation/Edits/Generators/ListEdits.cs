using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>Lists of objects and texts of our own, each element by its meaning; and how many replicas.</summary>
internal static class ListEdits
{
    private const EditKind Bad = EditKind.Invalid;
    private const EditKind Open = EditKind.Unknown;

    /// <summary>Null where the property is none of them.</summary>
    public static IEnumerable<Edit>? Of(string path, JsonObject seed) => SpecPath.Last(path) switch
    {
        "replicas" => Replicas(path, (int)SpecPath.Get(seed, path)!),
        "storageVolumes" =>
        [
            Json(path, """[{"name":"more","storageSize":"1Gi","mountPath":"/more"}]""", Bad),
            Json(path, """[{"name":"Upper","storageSize":"1Gi"}]""", Bad),
            Json(path, """[{"name":"more","storageSize":"much"}]""", Bad),
            Json(path, """[{"name":"more"}]""", Bad),
        ],
        "storageClaims" =>
        [
            Json(path, "[{}]", Bad), Json(path, "[]", Bad),
            Json(path, """[{"resources":{"requests":{"storage":"20Gi"}}}]""", Open),
            Json(path, """[{"resources":{"requests":{"storage":"1Gi"}}}]""", Bad),
            Json(path, """[{"resources":{"requests":{"storage":"10Gi"}}},{}]""", Bad),
            Json(path, """[{"resources":{"requests":{"storage":"10Gi"}}},{"resources":{"requests":{"storage":"5Gi"}}}]""",
                Bad),
            Json(path, """[{"resources":{"requests":{"storage":"10Gi"}},"storageClassName":"another"}]""", Bad),
        ],
        "storeLabels" => [Json(path, """["kubernetes.io/os"]""")],
        "plugins" => [Json(path, """["audit-1"]""", Open)],
        "arguments" => [Json(path, """["--enable-telemetry=false"]""")],
        "services" =>
        [
            Json(path, """[{"name":"pd","type":"NodePort"}]"""), Json(path, """[{"name":"tidb","type":"NodePort"}]"""),
            Json(path, """[{"name":"pd","type":"Whatever"}]""", Bad),
        ],
        "startScriptV2FeatureFlags" => [Json(path, """["NoWaitDNS"]""")],
        "pdAddresses" => [Json(path, """["http://elsewhere:2379"]""", Bad)],
        "loadBalancerSourceRanges" =>
        [
            Json(path, """["10.0.0.0/8"]""").With(Beside(path, "type"), "LoadBalancer"),
            Json(path, """["invalidIP"]""", Bad).With(Beside(path, "type"), "LoadBalancer"),
            Json(path, """["10.0.0.0/8"]""", Bad) with { AlsoNamed = Beside(path, "type") },
        ],
        "externalTrafficPolicy" =>
        [
            Edit.Set(path, "Local").With(Beside(path, "type"), "NodePort"), Edit.Set(path, "Sometimes", Bad),
            Edit.Set(path, "Local", Bad),
        ],
        "mysqlNodePort" or "statusNodePort" =>
        [
            Edit.Set(path, path.Contains("mysql", StringComparison.Ordinal) ? 31400 : 31080)
                .With(Beside(path, "type"), "NodePort"),
            Edit.Set(path, 400, Bad).With(Beside(path, "type"), "NodePort"), Edit.Set(path, 70000, Bad),
        ],
        "additionalPorts" =>
        [
            Json(path, """[{"name":"extra","port":7070,"targetPort":7070}]"""),
            Json(path, """[{"port":7070}]""", Bad), Json(path, """[{"name":"extra","port":"many"}]""", Bad),
            Json(path, """[{"name":"status","port":7070}]""", Bad),
            Json(path, """[{"name":"extra","port":4000}]""", Bad),
        ],
        "port" when path.EndsWith(".service.port", StringComparison.Ordinal) =>
            [Edit.Set(path, 4400), Edit.Set(path, 0, Bad), Edit.Set(path, 70000, Bad)],
        _ => null,
    };

    private static IEnumerable<Edit> Replicas(string path, int now)
    {
        var isPd = path == "spec.pd.replicas";
        // With one server only there is nobody who could leave.
        if (now > 1)
            yield return Edit.Set(path, now - 1, path is "spec.tidb.replicas" ? EditKind.Valid : Open);
        // PD keeps three replicas of each region, so that there is no way back below three stores.
        yield return Edit.Set(path, now + 2) with
        {
            OneWay = path == "spec.tikv.replicas" && now < 3
                ? "no store may leave while PD keeps as many replicas" : null,
        };
        yield return Edit.Set(path, 0, isPd ? Bad : Open);
        yield return Edit.Set(path, -5, Bad);
        yield return Edit.Set(path, 1001, Bad);
        yield return Edit.Set(path, "three", Bad);
        yield return Edit.Set(path, null, Bad);
    }

    private static Edit Json(string path, string json, EditKind kind = EditKind.Valid) =>
        KubernetesEdits.Json(path, json, kind);

    private static string Beside(string path, string name) => path[..(path.LastIndexOf('.') + 1)] + name;
}
