using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>Texts and maps whose meaning their name tells: versions, classes, durations, quantities, labels.</summary>
internal static class TextEdits
{
    private const EditKind Bad = EditKind.Invalid;
    private const EditKind Open = EditKind.Unknown;

    /// <summary>Null where the name means nothing here.</summary>
    public static IEnumerable<Edit>? Of(string path, JsonObject seed) => SpecPath.Last(path) switch
    {
        "version" => Versions(path),
        "image" => [Edit.Set(path, "nobody/has-this:v1", Open), Edit.Set(path, "Not An Image", Bad)],
        "baseImage" =>
        [
            Edit.Set(path, $"registry.example.com/pingcap/{path.Split('.')[1]}"),
            Edit.Set(path, "nobody/has-this", Bad), Edit.Set(path, "pingcap/pd:v8.5.1", Bad),
        ],
        "priorityClassName" => Names(path, good: "system-cluster-critical", Open, missing: "no-such-class"),
        "schedulerName" => Names(path, good: "default-scheduler", EditKind.Valid, missing: "no-such-scheduler"),
        "serviceAccount" => Names(path, good: "default", EditKind.Valid, missing: "no-such-account"),
        "storageClassName" => [Edit.Set(path, "another", Bad)],
        "volumeAttributesClassName" => [Edit.Set(path, "another", Bad)],
        "timezone" => [Edit.Set(path, "Europe/Berlin"), Edit.Set(path, "../etc/passwd", Bad)],
        "clusterDomain" => [Edit.Set(path, "cluster.local", Open), Edit.Set(path, "-nonsense-", Bad)],
        "dataSubDir" => [Edit.Set(path, "elsewhere", Bad), Edit.Set(path, "../../etc", Bad)],
        "evictLeaderTimeout" or "waitLeaderTransferBackTimeout" or "window" or "contradiction" =>
            [Edit.Set(path, "7m"), Edit.Set(path, "seven minutes", Bad)],
        "rocksDBLogVolumeName" or "raftLogVolumeName" or "slowLogVolumeName" =>
            [Edit.Set(path, "no-such-volume", Bad)],
        "bootstrapSQLConfigMapName" => [Edit.Set(path, "bootstrap"), Edit.Set(path, "no-such-map", Bad)],
        "tlsClientSecretName" => [Edit.Set(path, "some-secret")],
        "recoverByUID" => [Edit.Set(path, "0f1e2d3c")],
        "loadBalancerIP" => [Edit.Set(path, "10.1.2.3").With(Beside(path, "type"), "LoadBalancer"),
            Edit.Set(path, "nowhere", Bad)],
        "clusterIP" => [Edit.Set(path, "None", Open), Edit.Set(path, "nowhere", Bad)],
        "portName" => [Edit.Set(path, "sql"), Edit.Set(path, "No Name", Bad)],
        "loadBalancerClass" => [Edit.Set(path, "example.com/lb", Open)],
        "requests" or "limits" => Quantities(path, seed),
        "nodeSelector" => [Edit.Set(path, Map("kubernetes.io/os", "linux")), Edit.Set(path, Map("no", "such"), Bad),
            Edit.Set(path, Map("not a key", "x"), Bad)],
        "labels" => [Edit.Set(path, Map("example.com/team", "rows")), Edit.Set(path, Map("example.com/t", "not ok!"),
            Bad), Edit.Set(path, Map("app.kubernetes.io/component", "other"))],
        "annotations" =>
            [Edit.Set(path, Map("example.com/note", "some text")), Edit.Set(path, Map("bad key", "x"), Bad)],
        "serverLabels" => [Edit.Set(path, Map("zone", "a"))],
        _ => null,
    };

    private static IEnumerable<Edit> Versions(string path)
    {
        var isCluster = path == "spec.version";
        if (path == "spec.discovery.version")
            return [Edit.Set(path, "v8.5.2")];
        return
        [
            Edit.Set(path, "v8.5.2") with { OneWay = "TiDB does not go back to an older version" },
            Edit.Set(path, "v7.5.0", Bad), Edit.Set(path, "no version!", Bad),
            Edit.Set(path, "", isCluster ? Bad : Open), Edit.Set(path, "latest-dirty", Open),
        ];
    }

    private static IEnumerable<Edit> Names(string path, string good, EditKind kind, string missing) =>
        [Edit.Set(path, good, kind), Edit.Set(path, missing, Bad), Edit.Set(path, "Not_A_Name!", Bad)];

    // What else is asked for stays: an edit of one quantity is no edit of the others.
    private static IEnumerable<Edit> Quantities(string path, JsonObject seed)
    {
        var now = SpecPath.Get(seed, path) as JsonObject ?? [];
        yield return Edit.Set(path, With(now, "cpu", "500m"));
        yield return Edit.Set(path, With(With(now, "cpu", 1), "memory", "256Mi"));
        yield return Edit.Set(path, With(now, "cpu", "INVALID"), Bad);
        yield return Edit.Set(path, With(now, "memory", "-1Gi"), Bad);
        if (path.Contains(".resources.", StringComparison.Ordinal))
            yield break;
        if (SpecPath.Last(path) == "requests")
        {
            yield return Edit.Set(path, With(now, "cpu", "900"), Bad);
            yield return Edit.Set(path, With(now, "cpu", "2"), Bad).With(Beside(path, "limits"), Map("cpu", "1"));
        }

        if (now["storage"] is null)
            yield break;
        yield return Edit.Set(path, With(now, "storage", "20Gi"), Open);
        yield return Edit.Set(path, With(now, "storage", "512Mi"), Bad);
        yield return Edit.Set(path, With(now, "storage", "much"), Bad);
        yield return Edit.Set(path, null, Bad);
    }

    private static JsonObject With(JsonObject map, string key, JsonNode value)
    {
        var copy = (JsonObject)map.DeepClone();
        copy[key] = value;
        return copy;
    }

    private static JsonObject Map(string key, string value) => new() { [key] = value };

    private static string Beside(string path, string name) => path[..(path.LastIndexOf('.') + 1)] + name;
}
