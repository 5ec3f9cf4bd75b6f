using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// Pod specs, in the real server's order and words: volumes, containers, policies, placement, and the rest.
/// </summary>
internal static class PodSpecValidation
{
    public static void Validate(JsonObject spec, string path, FieldErrors errors)
    {
        var volumes = VolumeValidation.CheckAll(spec, path, errors);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (!spec.ObjectsAt("containers").Any())
            errors.Required(path + ".containers");
        ContainerValidation.CheckAll(spec, path, "containers", names, volumes, errors);
        ContainerValidation.CheckAll(spec, path, "initContainers", names, volumes, errors);
        if (spec.Text("restartPolicy") is { } policy && policy is not ("Always" or "OnFailure" or "Never"))
            errors.Unsupported(path + ".restartPolicy", policy, "Always", "OnFailure", "Never");
        if (spec.Text("dnsPolicy") is not (null or "ClusterFirst" or "ClusterFirstWithHostNet" or "Default" or "None"))
        {
            errors.Unsupported(path + ".dnsPolicy", spec["dnsPolicy"],
                "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        }

        LabelSelectorValidation.CheckLabels(spec.ObjectAt("nodeSelector"), path + ".nodeSelector", errors);
        CheckIdentity(spec.ObjectAt("securityContext"), path + ".securityContext", errors);
        PlacementValidation.CheckAffinity(spec.ObjectAt("affinity"), path + ".affinity", errors);
        PlacementValidation.CheckGates(spec, path, errors);
        PlacementValidation.CheckSpread(spec, path, errors);
        CheckNames(spec, path, errors);
        PlacementValidation.CheckTolerations(spec, path, errors);
        if (spec.Text("preemptionPolicy") is not (null or "PreemptLowerPriority" or "Never"))
        {
            errors.Unsupported(path + ".preemptionPolicy", spec["preemptionPolicy"], "PreemptLowerPriority", "Never");
        }
    }

    /// <summary>
    /// A workload's template: its labels have to be selected, and its pods have to restart as it needs.
    /// </summary>
    public static void ValidateTemplate(JsonObject owner, FieldErrors errors, params string[] restartPolicies)
    {
        const string Path = "spec.template";
        if (owner.ObjectAt("spec", "template") is not { } template)
        {
            errors.Required(Path + ".spec.containers");
            return;
        }

        CheckTemplate(template, Path, errors);
        var policy = template.Text("spec", "restartPolicy") ?? "Always";
        if (!restartPolicies.Contains(policy, StringComparer.Ordinal))
            errors.Unsupported(Path + ".spec.restartPolicy", policy, restartPolicies);
    }

    public static void CheckTemplate(JsonObject template, string path, FieldErrors errors)
    {
        LabelSelectorValidation.CheckLabels(template.ObjectAt("metadata", "labels"), path + ".labels", errors);
        foreach (var (key, _) in template.ObjectAt("metadata", "annotations") ?? [])
            NameRules.CheckQualified(key.ToLowerInvariant(), path + ".annotations", errors);
        Validate(template.ObjectAt("spec") ?? [], path + ".spec", errors);
    }

    /// <summary>A selector that selects something, and the template's pods with it.</summary>
    public static void ValidateSelector(JsonObject owner, FieldErrors errors)
    {
        var selector = owner.ObjectAt("spec", "selector");
        if (selector is null)
            errors.Required("spec.selector");
        else
        {
            LabelSelectorValidation.Check(selector, "spec.selector", errors);
            if (LabelSelectorValidation.IsEmpty(selector))
            {
                errors.Invalid("spec.selector", selector.DeepClone(),
                    owner.Text("kind") == "StatefulSet" ? "empty selector is invalid for statefulset"
                        : owner.Text("kind") == "DaemonSet" ? "empty selector is invalid for daemonset"
                        : "empty selector is invalid for deployment");
            }
        }

        var labels = owner.ObjectAt("spec", "template", "metadata", "labels");
        if (selector is not null && LabelSelectorValidation.IsEmpty(selector))
            return;
        if (!LabelSelectorValidation.IsUsable(selector))
        {
            errors.Invalid("spec.selector", selector!.DeepClone(), "invalid label selector");
            return;
        }

        if (Reads.LabelSelector.From(selector)?.MatchesLabels(labels) == true)
            return;
        const string Mismatch = "`selector` does not match template `labels`";
        if (labels is null)
            errors.InvalidNull("spec.template.metadata.labels", Mismatch);
        else
            errors.Invalid("spec.template.metadata.labels", labels.DeepClone(), Mismatch);
    }

    private static void CheckIdentity(JsonObject? security, string path, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["fsGroup", "runAsUser", "runAsGroup"])
        {
            if (security.Number(field) is { } id and not (>= 0 and <= int.MaxValue))
                errors.Invalid($"{path}.{field}", id, "must be between 0 and 2147483647, inclusive");
        }
    }

    private static void CheckNames(JsonObject spec, string path, FieldErrors errors)
    {
        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
            NameRules.CheckSubdomain(account, path + ".serviceAccountName", errors);
        if (spec.Text("nodeName") is { Length: > 0 } node)
            NameRules.CheckSubdomain(node, path + ".nodeName", errors);
        if (spec.Number("activeDeadlineSeconds") is { } deadline and not (>= 1 and <= int.MaxValue))
            errors.Invalid(path + ".activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
        if (spec.Text("hostname") is { Length: > 0 } host)
            NameRules.CheckLabel(host, path + ".hostname", errors);
        if (spec.Text("subdomain") is { Length: > 0 } domain)
            NameRules.CheckLabel(domain, path + ".subdomain", errors);
    }
}
