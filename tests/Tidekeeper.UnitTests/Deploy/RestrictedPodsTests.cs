using System.Text.Json.Nodes;
using Tidekeeper.UnitTests.Model;
using Tidekeeper.UnitTests.Tidy;

namespace Tidekeeper.UnitTests.Deploy;

/// <summary>
/// The Pod Security Standard "restricted" as Kubernetes documents it, asked of every pod template among the golden
/// files of clusters and charts.
/// </summary>
public sealed class RestrictedPodsTests
{
    private static readonly SortedSet<string> VolumeTypes = new(StringComparer.Ordinal)
    {
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
    };

    /// <summary>This case asks for the host's network and root.</summary>
    private const string AsksForMore = "/every-switch/";

    /// <summary>Of users, and the one that sets kernel parameters where an annotation asks for it.</summary>
    private static readonly string[] WishedContainers = ["exporter", "first", "init"];

    public static TheoryData<string> Files =>
    [
        .. Repository.Files.Where(file => file.EndsWith(".golden.yaml", StringComparison.Ordinal)
            || file == "deploy/tidekeeper.yaml"
            || (file.Contains("Engines/cases/", StringComparison.Ordinal)
                && file.EndsWith("/objects.yaml", StringComparison.Ordinal)
                && !file.Contains(AsksForMore, StringComparison.Ordinal))),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_pod_fits_the_restricted_standard(string file)
    {
        var pods = Repository.Text(file).Split("\n---\n").Where(text => text.Trim().Length > 0)
            .Where(text => text.Contains("\nkind: ", StringComparison.Ordinal)).Select(YamlAsJson.Read)
            .Where(one => one["spec"]?["template"]?["spec"] is not null).ToList();
        // A TidbCluster is no pod yet, and of a spec that is refused nothing is made.
        Assert.Equal(file.Contains("cluster.golden", StringComparison.Ordinal), pods.Count == 0);
        Repository.Expect(pods.SelectMany(one => Violations((JsonObject)one["spec"]!["template"]!["spec"]!)
            .Select(violation => $"{one["kind"]}/{one["metadata"]!["name"]}: {violation}")));
    }

    [Theory]
    [InlineData("""{"hostNetwork":true}""", "hostNetwork")]
    [InlineData("""{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}""", "volume v is a hostPath")]
    [InlineData("""{"securityContext":{"runAsNonRoot":true}}""", "c: seccompProfile")]
    [InlineData("""{"securityContext":{"seccompProfile":{"type":"RuntimeDefault"}}}""", "c: runAsNonRoot")]
    public void What_does_not_fit_is_found(string change, string violation)
    {
        var pod = JsonNode.Parse("""
            {"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},
            "containers":[{"name":"c","securityContext":{"allowPrivilegeEscalation":false,
            "capabilities":{"drop":["ALL"]}}}]}
            """)!.AsObject();
        Assert.Empty(Violations(pod));
        foreach (var (field, value) in JsonNode.Parse(change)!.AsObject())
            pod[field] = value?.DeepClone();
        Assert.Equal([violation], Violations(pod));
    }

    private static IEnumerable<string> Violations(JsonObject pod)
    {
        foreach (var field in (string[])["hostNetwork", "hostPID", "hostIPC"])
            if ((bool?)pod[field] == true)
                yield return field;
        foreach (var volume in pod["volumes"]?.AsArray() ?? [])
            foreach (var (type, _) in volume!.AsObject().Where(one => !VolumeTypes.Contains(one.Key)))
                if (type != "name")
                    yield return $"volume {volume["name"]} is a {type}";
        var context = pod["securityContext"];
        if (context?["sysctls"] is not null)
            yield return "sysctls";
        if ((long?)context?["runAsUser"] == 0)
            yield return "runAsUser";
        foreach (var list in (string[])["containers", "initContainers", "ephemeralContainers"])
            foreach (var container in (pod[list]?.AsArray() ?? []).Where(one => !IsWished(one!)))
                foreach (var violation in OfContainer(container!["securityContext"], context))
                    yield return $"{container["name"]}: {violation}";
        foreach (var container in pod["containers"]!.AsArray())
            foreach (var port in container!["ports"]?.AsArray() ?? [])
                if (port!["hostPort"] is not null)
                    yield return $"{container["name"]}: hostPort";
    }

    private static bool IsWished(JsonNode container) =>
        WishedContainers.Contains((string?)container["name"], StringComparer.Ordinal);

    private static IEnumerable<string> OfContainer(JsonNode? own, JsonNode? pod)
    {
        if ((bool?)own?["privileged"] == true)
            yield return "privileged";
        if ((bool?)own?["allowPrivilegeEscalation"] != false)
            yield return "allowPrivilegeEscalation";
        if (own?["capabilities"]?["drop"]?.AsArray().Any(one => (string?)one == "ALL") != true)
            yield return "capabilities.drop";
        if (own?["capabilities"]?["add"]?.AsArray().Any(one => (string?)one != "NET_BIND_SERVICE") == true)
            yield return "capabilities.add";
        if ((bool?)(own?["runAsNonRoot"] ?? pod?["runAsNonRoot"]) != true || (long?)own?["runAsUser"] == 0)
            yield return "runAsNonRoot";
        var seccomp = (string?)(own?["seccompProfile"] ?? pod?["seccompProfile"])?["type"];
        if (seccomp is not ("RuntimeDefault" or "Localhost"))
            yield return "seccompProfile";
        if (own?["procMount"] is not null)
            yield return "procMount";
    }
}
