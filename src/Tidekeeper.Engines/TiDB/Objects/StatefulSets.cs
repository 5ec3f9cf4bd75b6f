using System.Text.Json.Nodes;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>The StatefulSet of a component.</summary>
internal static class StatefulSets
{
    /// <summary>To be raised when what we render changes in a way that running pods should take some day.</summary>
    public const string TemplateVersion = "1";

    public static JsonObject Of(Component component, int replicas)
    {
        var configMap = component.ConfigMapName;
        var parts = component.Spec switch
        {
            PdSpec pd => PdPods.Of(component, pd, configMap),
            TikvSpec tikv => TikvPods.Of(component, tikv, configMap),
            TidbSpec tidb => TidbPods.Of(component, tidb, configMap),
            TiflashSpec tiflash => TiflashPods.Of(component, tiflash, configMap),
            _ => throw new System.Diagnostics.UnreachableException(component.Name)
        };
        foreach (var claim in Volumes.MoreClaims(component))
            parts.Claims.Add(claim);

        var set = Document.Of(component, "apps/v1", "StatefulSet", component.SetName);
        var spec = new JsonObject
        {
            ["replicas"] = replicas,
            ["serviceName"] = component.PeerName,
            ["podManagementPolicy"] = component.PodManagementPolicy,
            ["updateStrategy"] = new JsonObject { ["type"] = "OnDelete" },
            ["selector"] = new JsonObject { ["matchLabels"] = Document.Map(component.Selector) },
            ["template"] = Template(component, parts)
        };
        if (parts.Claims.Count > 0)
            spec["volumeClaimTemplates"] = parts.Claims;
        set["spec"] = spec;
        return set;
    }

    private static JsonObject Template(Component component, PodParts parts)
    {
        var annotations = new SortedDictionary<string, string>(parts.Annotations, StringComparer.Ordinal)
        {
            [Labels.PrometheusScrape] = "true",
            [Labels.PrometheusPath] = "/metrics",
            [Labels.PrometheusPort] = parts.MetricsPort.ToString()
        };
        foreach (var (key, value) in component.UserAnnotations)
            annotations[key] = value;
        annotations[Labels.Intent] = Intent.OfPods(component);
        annotations[Labels.TemplateVersion] = TemplateVersion;
        if (OnlinePart.Of(component).Keys is { Length: > 0 } online)
            annotations[Labels.OnlineConfig] = online;

        var labels = component.UserLabels;
        foreach (var (key, value) in component.Selector)
            labels[key] = value;
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = Document.Map(labels),
                ["annotations"] = Document.Map(annotations)
            },
            ["spec"] = PodSpec(component, parts)
        };
    }

    private static JsonObject PodSpec(Component component, PodParts parts)
    {
        var spec = component.Spec;
        var mounts = parts.Main["volumeMounts"]!.AsArray();
        foreach (var mount in Volumes.MoreMounts(component))
            mounts.Add(mount);
        mounts.AddCopies(spec.AdditionalVolumeMounts);
        parts.Main.Set("envFrom", spec.EnvFrom);
        parts.Volumes.AddCopies(spec.AdditionalVolumes);

        var containers = Document.Copy(parts.Before);
        containers.Add(parts.Main);
        containers.AddCopies(parts.After);
        if (component.UserAnnotations.GetValueOrDefault(Labels.SysctlInit) == "true")
            parts.Init.Insert(0, SysctlContainer(component));
        var init = Merge.Containers(parts.Init, spec.InitContainers);

        var pod = new JsonObject();
        if (init.Count > 0)
            pod["initContainers"] = init;
        pod["containers"] = Merge.Containers(containers, spec.AdditionalContainers);
        pod["volumes"] = parts.Volumes;
        pod["securityContext"] = PodSecurity.ForPod(component);
        pod.Set("serviceAccountName", component.ServiceAccount);
        pod["automountServiceAccountToken"] = spec.AutomountServiceAccountToken ?? false;
        pod["enableServiceLinks"] = false;
        pod.Set("terminationGracePeriodSeconds", spec.TerminationGracePeriodSeconds);
        if (component.HostNetwork)
            pod["hostNetwork"] = true;
        pod.Set("dnsPolicy", component.DnsPolicy);
        pod.Set("dnsConfig", component.DnsConfig);
        if (component.PullSecrets is { Count: > 0 } secrets)
            pod["imagePullSecrets"] = new JsonArray([.. secrets.Select(s => new JsonObject { ["name"] = s.Name })]);
        Placement.AddTo(pod, component);
        return pod;
    }

    /// <summary>
    /// Sets the kernel parameters of <c>podSecurityContext.sysctls</c>, as v1 does for whoever annotates the component.
    /// The parameters are arguments, never shell.
    /// </summary>
    private static JsonObject SysctlContainer(Component component)
    {
        var command = new JsonArray("sysctl", "-w");
        foreach (var item in component.PodSecurityContext?["sysctls"] as JsonArray ?? [])
            command.Add((JsonNode)$"{item?["name"]}={item?["value"]}");
        return new JsonObject
        {
            ["name"] = component.Name == Component.Tiflash ? "sysctl" : "init",
            ["image"] = component.HelperImage,
            ["imagePullPolicy"] = component.HelperPullPolicy,
            ["command"] = command,
            ["securityContext"] = PodSecurity.Privileged()
        };
    }
}
