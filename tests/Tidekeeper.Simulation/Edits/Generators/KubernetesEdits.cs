using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>Fragments of a pod's or a Service's spec, by the Kubernetes type that their name stands for.</summary>
internal static class KubernetesEdits
{
    private const EditKind Bad = EditKind.Invalid;
    private const EditKind Open = EditKind.Unknown;

    /// <summary>Null where the name means nothing here.</summary>
    public static IEnumerable<Edit>? Of(string path) => SpecPath.Last(path) switch
    {
        "affinity" => Affinity(path),
        "podSecurityContext" => PodSecurity(path),
        "securityContext" => ContainerSecurity(path),
        "tolerations" => Tolerations(path),
        "topologySpreadConstraints" => Spread(path),
        "env" => Environment(path),
        "envFrom" => EnvironmentFrom(path),
        "initContainers" => Init(path),
        "additionalContainers" => Containers(path),
        "additionalVolumes" => Volumes(path),
        "additionalVolumeMounts" => Mounts(path),
        "dnsConfig" => [Json(path, """{"options":[{"name":"ndots","value":"2"}]}"""),
            Json(path, """{"nameservers":"10.0.0.10"}""", Bad)],
        "lifecycle" => [Json(path, """{"preStop":{"exec":{"command":["sleep","1"]}}}"""),
            Json(path, """{"preStop":{"exec":"sleep"}}""", Bad)],
        "imagePullSecrets" => [Json(path, """[{"name":"registry"}]""")],
        "customizedStartupProbe" => [Json(path, """{"execBinaryPath":"/probe"}""")],
        "pdms" => [Json(path, """[{"name":"tso","replicas":1}]""")],
        "ticdc" or "tiproxy" or "pump" or "tici" => [Json(path, """{"replicas":1}""")],
        _ => null,
    };

    private static IEnumerable<Edit> Affinity(string path) =>
    [
        Json(path, """{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":100,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"x"}}}}]}}"""),
        Json(path, """{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["NULL"]}]}]}}}""", Bad),
        Json(path, """{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"no":"such"}}}]}}""", Bad),
        Json(path, """{"nodeAffinity":5}""", Bad),
        Json(path, """{"nodeafinity":{}}""", Bad),
    ];

    private static IEnumerable<Edit> PodSecurity(string path) =>
    [
        Json(path, """{"runAsUser":1000,"runAsGroup":2000,"supplementalGroups":[3000]}"""),
        Json(path, """{"runAsUser":0}"""),
        Json(path, """{"fsGroup":500,"runAsUser":500}"""),
        Json(path, """{"runAsUser":"me"}""", Bad),
        Json(path, """{"runAsNonRoot":"yes"}""", Bad),
        Json(path, """{"sysctls":[{"name":"net.core.somaxconn","value":"32768"}]}"""),
    ];

    private static IEnumerable<Edit> ContainerSecurity(string path) =>
    [
        Json(path, """{"runAsUser":1500}"""),
        Json(path, """{"privileged":true}"""),
        Json(path, """{"privileged":"yes"}""", Bad),
        Json(path, """{"capabilities":{"add":"NET_ADMIN"}}""", Bad),
    ];

    private static IEnumerable<Edit> Tolerations(string path) =>
    [
        Json(path, """[{"key":"disk","operator":"Exists","effect":"NoExecute","tolerationSeconds":3600}]"""),
        Json(path, """[{"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}]"""),
        Json(path, """[{"key":"disk","effect":"Never"}]""", Bad),
        Json(path, """[{"key":"disk","operator":"Exists","value":"x"}]""", Bad),
        Json(path, """[{"key":"disk","operator":"Exists","effect":"NoSchedule","tolerationSeconds":60}]""", Bad),
    ];

    private static IEnumerable<Edit> Spread(string path) =>
    [
        Json(path, """[{"topologyKey":"kubernetes.io/hostname","maxSkew":2}]"""),
        Json(path, """[{"topologyKey":"topology.kubernetes.io/zone","minDomains":2,"nodeAffinityPolicy":"Ignore","matchLabels":{"app.kubernetes.io/name":"tidb-cluster"}}]"""),
        Json(path, """[{"topologyKey":"example.com/no-such-label"}]""", Bad),
        Json(path, """[{"topologyKey":"zone"},{"topologyKey":"zone"}]""", Bad),
        Json(path, """[{"topologyKey":"zone","maxSkew":0}]""", Bad),
        Json(path, """[{"topologyKey":"not a key"}]""", Bad),
    ];

    private static IEnumerable<Edit> Environment(string path) =>
    [
        Json(path, """[{"name":"TEAM","value":"rows"},{"name":"TZ","value":"Mars/Olympus"}]"""),
        Json(path, """[{"name":"POD_UID","valueFrom":{"fieldRef":{"fieldPath":"metadata.uid"}}}]"""),
        Json(path, """[{"name":"1 2","value":"x"}]""", Bad),
        Json(path, """[{"name":"TEAM","value":7}]""", Bad),
        Json(path, """[{"name":"TEAM","valueFrom":{"configMapKeyRef":{"name":"no-such-map","key":"x"}}}]""", Bad),
        Json(path, """[{"name":"TEAM","value":"a"},{"name":"TEAM","value":"b"}]""", Open),
    ];

    private static IEnumerable<Edit> EnvironmentFrom(string path) =>
    [
        Json(path, """[{"configMapRef":{"name":"bootstrap"}}]"""),
        Json(path, """[{"configMapRef":{"name":"no-such-map"}}]""", Bad),
        Json(path, """[{"configMapRef":"bootstrap"}]""", Bad),
    ];

    private static IEnumerable<Edit> Init(string path) =>
    [
        Json(path, """[{"name":"not-ending","image":"busybox:1.36","command":["sleep","1000000"]}]""", Open),
        Json(path, """[{"name":"Upper","image":"busybox:1.36"}]""", Bad),
        Json(path, """[{"name":"no-image"}]""", Bad),
        Json(path, """[{"name":"nobody","image":"nobody/has this"}]""", Bad),
    ];

    private static IEnumerable<Edit> Containers(string path) =>
    [
        Json(path, """[{"name":"agent","image":"example.com/agent:v1"}]"""),
        Json(path, """[{"name":"Upper","image":"example.com/agent:v1"}]""", Bad),
        Json(path, """[{"name":"agent","image":"example.com/agent:v1","volumeMounts":[{"name":"no-such","mountPath":"/x"}]}]""", Bad),
        Json(path, """[{"name":"agent","image":"example.com/agent:v1","ports":[{"containerPort":99999}]}]""", Bad),
        Json(path, $$"""[{"name":"{{path.Split('.')[1]}}","env":[{"name":"TEAM","value":"rows"}]}]"""),
        Json(path, $$"""[{"name":"{{path.Split('.')[1]}}","image":"nobody/has-this:v1"}]""", Bad),
        Json(path, """[{"name":"agent","image":"example.com/agent:v1"},{"name":"agent","image":"example.com/agent:v2"}]""",
            Bad),
    ];

    private static IEnumerable<Edit> Volumes(string path) =>
    [
        Json(path, """[{"name":"scratch","emptyDir":{}}]"""),
        Json(path, """[{"name":"scratch","emptyDir":{},"hostPath":{"path":"/tmp"}}]""", Bad),
        Json(path, """[{"emptyDir":{}}]""", Bad),
        Json(path, """[{"name":"config","emptyDir":{}}]""", Bad),
        Json(path, """[{"name":"files","configMap":{"name":"no-such-map"}}]""", Bad),
    ];

    private static IEnumerable<Edit> Mounts(string path)
    {
        var volumes = path.Replace("VolumeMounts", "Volumes", StringComparison.Ordinal);
        var scratch = JsonNode.Parse("""[{"name":"scratch","emptyDir":{}}]""")!;
        yield return Json(path, """[{"name":"scratch","mountPath":"/scratch"}]""").With(volumes, scratch);
        yield return Json(path, """[{"name":"no-such","mountPath":"/scratch"}]""", Bad);
        yield return Json(path, """[{"name":"scratch"}]""", Bad).With(volumes, scratch);
        yield return Json(path, """[{"name":"scratch","mountPath":"/etc/podinfo"}]""", Bad).With(volumes, scratch);
    }

    public static Edit Json(string path, string json, EditKind kind = EditKind.Valid) =>
        Edit.Set(path, JsonNode.Parse(json), kind);
}
