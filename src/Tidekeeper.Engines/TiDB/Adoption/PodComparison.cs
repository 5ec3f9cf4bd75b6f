using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model.Crds;
using Tidekeeper.Model.Kubernetes;

namespace Tidekeeper.Engines.TiDB.Adoption;

/// <summary>
/// What a pod that v1 made has otherwise than the spec wants it: what users can say is compared, not how either
/// operator renders it.
/// </summary>
/// <param name="Differs">Each a reason to restart the pod, were it ours.</param>
/// <param name="Unsure">What cannot be told from here; it restarts nobody.</param>
/// <param name="HasOtherConfig">Whether its configuration file says something else.</param>
internal sealed record PodComparison(
    IReadOnlyList<string> Differs, IReadOnlyList<string> Unsure, bool HasOtherConfig)
{
    public static PodComparison Of(Component component, JsonObject pod, AdoptionSeen seen)
    {
        var differs = new List<string>();
        var unsure = new List<string>();
        var spec = pod["spec"]!.AsObject();
        var main = Container(spec["containers"], component.Name);
        if (main is null)
            return new([$"it has no container {component.Name}"], unsure, false);
        CompareMain(component, main, differs);
        ComparePlacement(component, spec, differs);
        CompareMetadata(component, pod["metadata"]!.AsObject(), differs);
        CompareAdditions(component, spec, main, differs);
        CompareSecurity(component, spec, main, differs);
        var config = ConfigComparison.Of(component, pod, seen);
        unsure.AddRange(config.Unsure);
        if (component.ConfigRestarts)
            differs.AddRange(config.Differs);
        return new(differs, unsure, config.Differs.Count > 0);
    }

    private static void CompareMain(Component component, JsonObject main, List<string> differs)
    {
        if ((string?)main["image"] != component.Image)
            differs.Add($"image {(string?)main["image"]}, the spec wants {component.Image}");
        if (component.Replicated is { } spec)
        {
            var wanted = Objects.Container.Resources(spec.Requests, spec.Limits);
            foreach (var list in (string[])["requests", "limits"])
            {
                // Limits without requests are their requests, and what a LimitRange adds is nobody's wish.
                var has = main["resources"]?[list];
                var gone = list == "limits" && wanted[list] is null && has is JsonObject { Count: > 0 };
                if (gone || !JsonContent.Contains(has, wanted[list]))
                    differs.Add($"resources.{list} {Text(has)}, the spec wants {Text(wanted[list])}");
            }
        }

        foreach (var variable in component.Spec.Env ?? [])
        {
            var name = (string?)variable?["name"] ?? "";
            if (!PodEnvironment.IsOfV1(name) && !JsonContent.Contains(Container(main["env"], name), variable))
                differs.Add($"env {name} is not as in spec.{component.Name}.env");
        }

        foreach (var has in main["env"] as JsonArray ?? [])
        {
            var name = (string?)has?["name"] ?? "";
            if (!PodEnvironment.IsOfV1(name) && Container(component.Spec.Env, name) is null)
                differs.Add($"env {name} is not in spec.{component.Name}.env");
        }

        Same(differs, $"spec.{component.Name}.envFrom", main["envFrom"], component.Spec.EnvFrom);
        if (component.Spec is TidbSpec tidb)
            Same(differs, "spec.tidb.lifecycle", main["lifecycle"], tidb.Lifecycle);
    }

    private static void ComparePlacement(Component component, JsonObject pod, List<string> differs)
    {
        Same(differs, "affinity", pod["affinity"], component.Affinity);
        Same(differs, "nodeSelector", pod["nodeSelector"],
            component.NodeSelector.Count > 0 ? Document.Map(component.NodeSelector) : null);
        // Kubernetes adds some for nodes that are away.
        var tolerations = (pod["tolerations"] as JsonArray ?? []).Where(one => ((string?)one?["key"])?
            .StartsWith("node.kubernetes.io/", StringComparison.Ordinal) != true).ToList();
        if (!JsonContent.Contains(pod["tolerations"], component.Tolerations)
            || tolerations.Count > (component.Tolerations?.Count ?? 0))
        {
            differs.Add("tolerations are not as in the spec");
        }

        var spread = (pod["topologySpreadConstraints"] as JsonArray ?? []).Select(one => (string?)one?["topologyKey"]);
        if (!spread.SequenceEqual(component.Spread?.Select(one => one.TopologyKey) ?? [], StringComparer.Ordinal))
            differs.Add("topologySpreadConstraints are not as in the spec");
        Text(differs, "schedulerName", (string?)pod["schedulerName"] ?? "default-scheduler",
            component.SchedulerName is { Length: > 0 } scheduler ? scheduler : "default-scheduler");
        Text(differs, "priorityClassName", (string?)pod["priorityClassName"] ?? "", component.PriorityClassName ?? "");
        Text(differs, "hostNetwork", (bool?)pod["hostNetwork"] == true ? "true" : "false",
            component.HostNetwork ? "true" : "false");
        Text(differs, "dnsPolicy", (string?)pod["dnsPolicy"] ?? "ClusterFirst", component.DnsPolicy ?? "ClusterFirst");
        Same(differs, "dnsConfig", pod["dnsConfig"], component.DnsConfig);
    }

    private static void CompareMetadata(Component component, JsonObject metadata, List<string> differs)
    {
        foreach (var (key, value) in component.UserAnnotations)
            Text(differs, $"annotation {key}", (string?)metadata["annotations"]?[key] ?? "", value);
        foreach (var (key, value) in component.UserLabels.Where(one => !component.Selector.ContainsKey(one.Key)))
            Text(differs, $"label {key}", (string?)metadata["labels"]?[key] ?? "", value);
        // The one annotation whose absence was a wish as well: taking it back restarts in v1, too.
        if ((string?)metadata["annotations"]?[Labels.RestartedAt] is { } at
            && !component.UserAnnotations.ContainsKey(Labels.RestartedAt))
        {
            differs.Add($"annotation {Labels.RestartedAt} {at}, the spec wants none");
        }
    }

    private static void CompareAdditions(Component component, JsonObject pod, JsonObject main, List<string> differs)
    {
        var spec = component.Spec;
        var field = $"spec.{component.Name}";
        foreach (var (list, wanted, name) in new[]
        {
            ("containers", spec.AdditionalContainers, "additionalContainers"),
            ("initContainers", spec.InitContainers, "initContainers"),
            ("volumes", spec.AdditionalVolumes, "additionalVolumes")
        })
        {
            foreach (var item in wanted ?? [])
            {
                if (!JsonContent.Contains(Container(pod[list], (string?)item?["name"] ?? ""), item))
                    differs.Add($"{field}.{name}: {(string?)item?["name"]} is not as in the spec");
            }
        }

        if (!JsonContent.Contains(main["volumeMounts"], spec.AdditionalVolumeMounts))
            differs.Add($"{field}.additionalVolumeMounts are not as in the spec");
        foreach (var volume in component.Replicated?.StorageVolumes ?? [])
        {
            var claim = Volumes.NameOf(component, volume);
            if (Container(pod["volumes"], claim) is null)
                differs.Add($"{field}.storageVolumes: {volume.Name} is not mounted");
        }
    }

    private static void CompareSecurity(Component component, JsonObject pod, JsonObject main, List<string> differs)
    {
        var context = component.PodSecurityContext?.DeepClone().AsObject();
        if (component.UserAnnotations.GetValueOrDefault(Labels.SysctlInit) == "true")
            context?.Remove("sysctls");
        Same(differs, "podSecurityContext", pod["securityContext"], context, exactly: false);
        Text(differs, "terminationGracePeriodSeconds", $"{(long?)pod["terminationGracePeriodSeconds"] ?? 30}",
            $"{component.Spec.TerminationGracePeriodSeconds ?? 30}");
        Same(differs, "securityContext", main["securityContext"], component.Spec.SecurityContext, exactly: false);
        if (component.ServiceAccount is { Length: > 0 } account)
            Text(differs, "serviceAccount", (string?)pod["serviceAccountName"] ?? "", account);
    }

    /// <summary>What is declared must be there, and where nothing is declared nothing may be.</summary>
    private static void Same(List<string> differs, string what, JsonNode? has, JsonNode? wanted, bool exactly = true)
    {
        if (!JsonContent.Contains(has, wanted))
            differs.Add($"{what} is not as in the spec");
        else if (exactly && wanted is null && has is (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
            differs.Add($"{what} is there, and not in the spec");
    }

    private static void Text(List<string> differs, string what, string has, string wanted)
    {
        if (has != wanted)
            differs.Add($"{what} {(has.Length > 0 ? has : "(none)")}, the spec wants "
                + $"{(wanted.Length > 0 ? wanted : "none")}");
    }

    private static string Text(JsonNode? node) => node is null ? "(none)" : node.ToJsonString();

    private static JsonObject? Container(JsonNode? list, string name) =>
        (list as JsonArray)?.OfType<JsonObject>().FirstOrDefault(one => (string?)one["name"] == name);
}
