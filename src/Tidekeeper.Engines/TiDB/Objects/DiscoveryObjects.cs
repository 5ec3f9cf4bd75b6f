using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>
/// The service that PD pods ask how to begin: the operator's image with its subcommand <c>discovery</c>. It may read
/// one TidbCluster and claims, and keep one ConfigMap; it sees no secret.
/// </summary>
internal static class DiscoveryObjects
{
    public const int ApiPort = 10261;
    public const int ProxyPort = 10262;

    public static IEnumerable<JsonObject> Of(TidbCluster cluster, Platform platform)
    {
        if (cluster.Spec.Pd is null)
            yield break;
        var component = Component.Of(cluster, Component.Discovery)!;
        yield return Document.Of(component, "v1", "ServiceAccount", component.SetName);
        yield return Role(component);
        yield return Binding(component);
        yield return Deployment(component, (DiscoverySpec)component.Spec, platform);
        yield return Service(component);
    }

    private static JsonObject Role(Component component)
    {
        var role = Document.Of(component, "rbac.authorization.k8s.io/v1", "Role", component.SetName);
        var cluster = component.Cluster.Metadata.Name;
        role["rules"] = new JsonArray(
            Rule(TidbCluster.Group, [TidbCluster.Plural], ["get"], cluster),
            Rule("", ["persistentvolumeclaims"], ["list"]),
            Rule("", ["configmaps"], ["get", "update"], PdLedger.NameFor(cluster)),
            // Kubernetes cannot restrict a creation to a name.
            Rule("", ["configmaps"], ["create"]));
        return role;
    }

    private static JsonObject Rule(string group, string[] resources, string[] verbs, string? name = null)
    {
        var rule = new JsonObject
        {
            ["apiGroups"] = new JsonArray(group),
            ["resources"] = new JsonArray([.. resources.Select(r => JsonValue.Create(r))]),
            ["verbs"] = new JsonArray([.. verbs.Select(v => JsonValue.Create(v))])
        };
        if (name is not null)
            rule["resourceNames"] = new JsonArray(name);
        return rule;
    }

    private static JsonObject Binding(Component component)
    {
        var binding = Document.Of(component, "rbac.authorization.k8s.io/v1", "RoleBinding", component.SetName);
        binding["roleRef"] = new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "Role",
            ["name"] = component.SetName
        };
        binding["subjects"] = new JsonArray(new JsonObject
        {
            ["kind"] = "ServiceAccount",
            ["name"] = component.SetName,
            ["namespace"] = component.Cluster.Metadata.Namespace
        });
        return binding;
    }

    private static JsonObject Deployment(Component component, DiscoverySpec spec, Platform platform)
    {
        var container = new JsonObject
        {
            ["name"] = component.Name,
            ["image"] = platform.OperatorImage,
            ["imagePullPolicy"] = component.PullPolicy,
            ["args"] = new JsonArray("discovery"),
            ["ports"] = new JsonArray(Container.Port("discovery", ApiPort), Container.Port("proxy", ProxyPort)),
            ["env"] = Environment(component).With(spec.Env),
            ["resources"] = Container.Resources(spec.Requests, spec.Limits),
            ["readinessProbe"] = Container.Readiness(component, ApiPort),
            ["securityContext"] = PodSecurity.ForContainer(spec.SecurityContext)
        };
        container.Set("envFrom", spec.EnvFrom);
        container.Set("volumeMounts", spec.AdditionalVolumeMounts);
        var pod = new JsonObject
        {
            ["serviceAccountName"] = component.SetName,
            ["securityContext"] = PodSecurity.ForPod(component),
            ["enableServiceLinks"] = false,
            ["containers"] = Merge.Containers(new JsonArray(container), spec.AdditionalContainers)
        };
        pod.Set("volumes", spec.AdditionalVolumes);
        if (spec.InitContainers is not null)
            pod["initContainers"] = Merge.Containers([], spec.InitContainers);
        pod.Set("terminationGracePeriodSeconds", spec.TerminationGracePeriodSeconds);
        pod.Set("dnsPolicy", component.DnsPolicy);
        pod.Set("dnsConfig", component.DnsConfig);
        if (component.HostNetwork)
            pod["hostNetwork"] = true;
        if (component.PullSecrets is { Count: > 0 } secrets)
            pod["imagePullSecrets"] = new JsonArray([.. secrets.Select(s => new JsonObject { ["name"] = s.Name })]);
        Placement.AddTo(pod, component);
        pod["tolerations"] = Tolerations(component);

        var labels = component.UserLabels;
        foreach (var (key, value) in component.Selector)
            labels[key] = value;
        var annotations = component.UserAnnotations;
        annotations[Labels.Intent] = Intent.OfPods(component);
        var deployment = Document.Of(component, "apps/v1", "Deployment", component.SetName);
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            // Never two at a time. The ledger would survive it, but there is no need to try.
            ["strategy"] = new JsonObject { ["type"] = "Recreate" },
            ["selector"] = new JsonObject { ["matchLabels"] = Document.Map(component.Selector) },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = Document.Map(labels),
                    ["annotations"] = Document.Map(annotations)
                },
                ["spec"] = pod
            }
        };
        return deployment;
    }

    /// <summary>
    /// It has no data, and members of PD that take the place of others ask it: it leaves a node that fails after
    /// seconds, not after the five minutes that Kubernetes gives every pod.
    /// </summary>
    private static JsonArray Tolerations(Component component)
    {
        var list = component.Tolerations is { } users ? Document.Copy(users) : [];
        foreach (var taint in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (list.Any(one => (string?)one?["key"] == taint))
                continue;
            list.Add(new JsonObject
            {
                ["key"] = taint,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = 10
            });
        }

        return list;
    }

    private static PodEnvironment Environment(Component component) => new PodEnvironment(component)
        .Value("MY_POD_NAMESPACE", component.Cluster.Metadata.Namespace)
        .Value("TC_NAME", component.Cluster.Metadata.Name)
        .Value("TC_TLS_ENABLED", "false");

    private static JsonObject Service(Component component)
    {
        var service = Document.Of(component, "v1", "Service", component.SetName);
        service["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["selector"] = Document.Map(component.Selector),
            ["ports"] = new JsonArray(
                Services.Port("discovery", ApiPort, ApiPort), Services.Port("proxy", ProxyPort, ProxyPort))
        };
        return service;
    }
}
