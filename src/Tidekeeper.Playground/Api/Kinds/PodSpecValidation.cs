using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>The mistakes in pod specs that users make most, refused in the real server's words.</summary>
internal static class PodSpecValidation
{
    public static void Validate(JsonObject spec, string path, FieldErrors errors)
    {
        var volumes = Volumes(spec, path, errors);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (!spec.ObjectsAt("containers").Any())
            errors.Required(path + ".containers");
        Containers(spec, path, "initContainers", names, volumes, errors);
        Containers(spec, path, "containers", names, volumes, errors);
        if (spec.Text("restartPolicy") is { } policy && policy is not ("Always" or "OnFailure" or "Never"))
            errors.Unsupported(path + ".restartPolicy", policy, "Always", "Never", "OnFailure");
        Constraints(spec, path, errors);
    }

    /// <summary>
    /// A workload's template: its labels have to be selected, and its pods have to restart as it needs.
    /// </summary>
    public static void ValidateTemplate(JsonObject owner, FieldErrors errors, params string[] restartPolicies)
    {
        const string Path = "spec.template.spec";
        if (owner.ObjectAt("spec", "template", "spec") is not { } spec)
            return;
        Validate(spec, Path, errors);
        var policy = spec.Text("restartPolicy") ?? "Always";
        if (!restartPolicies.Contains(policy, StringComparer.Ordinal))
            errors.Unsupported(Path + ".restartPolicy", policy, restartPolicies);
    }

    public static void ValidateSelector(JsonObject owner, FieldErrors errors)
    {
        if (owner.ObjectAt("spec", "selector") is not { } selector)
        {
            errors.Required("spec.selector");
            return;
        }

        var empty = selector.ObjectAt("matchLabels") is not { Count: > 0 }
            && selector.ArrayAt("matchExpressions") is not { Count: > 0 };
        if (empty)
            errors.Invalid("spec.selector", selector.DeepClone(), "empty selector is invalid for this kind");
        var labels = owner.ObjectAt("spec", "template", "metadata", "labels") ?? [];
        var fits = (selector.ObjectAt("matchLabels") ?? []).All(l => labels.Text(l.Key) == l.Value.Text());
        if (!empty && !fits)
        {
            errors.Invalid("spec.template.metadata.labels", labels.DeepClone(),
                "`selector` does not match template `labels`");
        }
    }

    private static SortedSet<string> Volumes(JsonObject spec, string path, FieldErrors errors)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var volume in spec.ObjectsAt("volumes"))
        {
            var at = $"{path}.volumes[{index++}]";
            var name = volume.Text("name") ?? "";
            if (name.Length == 0)
                errors.Required(at + ".name");
            else if (!names.Add(name))
                errors.Duplicate(at + ".name", name);
            if (volume.Count(each => each.Key != "name" && each.Value is not null) > 1)
            {
                var second = volume.Where(each => each.Key != "name" && each.Value is not null).Skip(1).First().Key;
                errors.Forbidden($"{at}.{second}", "may not specify more than 1 volume type");
            }
        }

        return names;
    }

    private static void Containers(JsonObject spec, string path, string field, SortedSet<string> names,
        SortedSet<string> volumes, FieldErrors errors)
    {
        var index = 0;
        foreach (var container in spec.ObjectsAt(field))
        {
            var at = $"{path}.{field}[{index++}]";
            var name = container.Text("name") ?? "";
            if (name.Length == 0)
                errors.Required(at + ".name");
            else if (!names.Add(name))
                errors.Duplicate(at + ".name", name);
            if (string.IsNullOrEmpty(container.Text("image")))
                errors.Required(at + ".image");
            Ports(container, at, errors);
            Resources(container, at, errors);
            Mounts(container, at, volumes, errors);
        }
    }

    private static void Ports(JsonObject container, string path, FieldErrors errors)
    {
        var index = 0;
        foreach (var port in container.ObjectsAt("ports"))
        {
            var at = $"{path}.ports[{index++}].containerPort";
            if (port.Number("containerPort") is not { } number)
                errors.Required(at);
            else if (number is < 1 or > 65535)
                errors.Invalid(at, number, "must be between 1 and 65535, inclusive");
        }
    }

    private static void Resources(JsonObject container, string path, FieldErrors errors)
    {
        foreach (var (name, request) in container.ObjectAt("resources", "requests") ?? [])
        {
            var limit = container.At("resources", "limits", name);
            if (!Quantity.TryParse(Written(request), out var asked)
                || !Quantity.TryParse(Written(limit), out var most) || asked <= most)
                continue;
            errors.Invalid($"{path}.resources.requests", Written(request),
                $"must be less than or equal to {name} limit of {Written(limit)}");
        }
    }

    private static string? Written(JsonNode? quantity) => quantity.Text() ?? quantity?.ToJsonString();

    private static void Mounts(JsonObject container, string path, SortedSet<string> volumes, FieldErrors errors)
    {
        var index = 0;
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var mount in container.ObjectsAt("volumeMounts"))
        {
            var at = $"{path}.volumeMounts[{index++}]";
            var name = mount.Text("name") ?? "";
            if (name.Length == 0)
                errors.Required(at + ".name");
            else if (!volumes.Contains(name))
                errors.NotFound(at + ".name", name);
            var mountPath = mount.Text("mountPath") ?? "";
            if (mountPath.Length == 0)
                errors.Required(at + ".mountPath");
            else if (!paths.Add(mountPath))
                errors.Invalid(at + ".mountPath", mountPath, "must be unique");
        }
    }

    private static void Constraints(JsonObject spec, string path, FieldErrors errors)
    {
        var index = 0;
        foreach (var constraint in spec.ObjectsAt("topologySpreadConstraints"))
        {
            var at = $"{path}.topologySpreadConstraints[{index++}]";
            if (constraint.Number("maxSkew") is not > 0)
                errors.Invalid(at + ".maxSkew", constraint["maxSkew"]?.DeepClone() ?? 0, "must be greater than zero");
            if (string.IsNullOrEmpty(constraint.Text("topologyKey")))
                errors.Required(at + ".topologyKey", "can not be empty");
            if (constraint.Text("whenUnsatisfiable") is not ("DoNotSchedule" or "ScheduleAnyway"))
            {
                errors.Unsupported(at + ".whenUnsatisfiable", constraint.Text("whenUnsatisfiable") ?? "",
                    "DoNotSchedule", "ScheduleAnyway");
            }
        }
    }
}
