using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Containers of a pod: names, images, ports, variables, probes, mounts, resources.</summary>
internal static partial class ContainerValidation
{
    private static readonly string[] FieldPaths =
    [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
        "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    public static void CheckAll(JsonObject spec, string path, string field, SortedSet<string> names,
        SortedSet<string> volumes, FieldErrors errors)
    {
        foreach (var (at, container) in spec.ObjectsAt(field).Index())
        {
            var here = $"{path}.{field}[{at}]";
            CheckName(container, here, names, errors);
            CheckImage(container, here, errors);
            CheckPorts(container, here, errors);
            foreach (var (index, variable) in container.ObjectsAt("env").Index())
                CheckVariable(variable, $"{here}.env[{index}]", errors);
            CheckMounts(container, here, volumes, errors);
            CheckPullPolicy(container, here, errors);
            QuantityValidation.CheckRequirements(container.ObjectAt("resources"), here + ".resources", errors);
            CheckSecurity(container, here, errors);
            if (field == "initContainers" && container.Text("restartPolicy") != "Always")
                CheckNoProbes(container, here, errors);
            else
                CheckProbes(container, here, errors);
        }
    }

    private static void CheckName(JsonObject container, string path, SortedSet<string> names, FieldErrors errors)
    {
        var name = container.Text("name") ?? "";
        if (name.Length == 0)
            errors.Required(path + ".name");
        else
            NameRules.CheckLabel(name, path + ".name", errors);
        if (name.Length > 0 && !names.Add(name))
            errors.Duplicate(path + ".name", name);
    }

    private static void CheckImage(JsonObject container, string path, FieldErrors errors)
    {
        var image = container.Text("image") ?? "";
        if (image.Length == 0)
            errors.Required(path + ".image");
        else if (image.Trim() != image)
            errors.Invalid(path + ".image", image, "must not have leading or trailing whitespace");
    }

    private static void CheckPullPolicy(JsonObject container, string path, FieldErrors errors)
    {
        if (container.Text("imagePullPolicy") is not (null or "Always" or "IfNotPresent" or "Never"))
        {
            errors.Unsupported(path + ".imagePullPolicy", container["imagePullPolicy"],
                "Always", "IfNotPresent", "Never");
        }
    }

    private static void CheckPorts(JsonObject container, string path, FieldErrors errors)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, port) in container.ObjectsAt("ports").Index())
        {
            var here = $"{path}.ports[{at}]";
            if (port.Text("name") is { Length: > 0 } name)
            {
                if (!PortNames.Check(name, here + ".name", errors))
                    continue;
                if (!names.Add(name))
                    errors.Duplicate(here + ".name", name);
            }

            var number = port.Number("containerPort") ?? 0;
            if (number == 0)
                errors.Required(here + ".containerPort");
            else if (number is < 1 or > 65535)
                errors.Invalid(here + ".containerPort", number, "must be between 1 and 65535, inclusive");
            if (port.Number("hostPort") is { } onHost and not 0 and not (>= 1 and <= 65535))
                errors.Invalid(here + ".hostPort", onHost, "must be between 1 and 65535, inclusive");
            if (port.Text("protocol") is not (null or "SCTP" or "TCP" or "UDP"))
                errors.Unsupported(here + ".protocol", port["protocol"], "SCTP", "TCP", "UDP");
        }
    }

    private static void CheckVariable(JsonObject variable, string path, FieldErrors errors)
    {
        var name = variable.Text("name") ?? "";
        if (name.Length == 0)
            errors.Required(path + ".name");
        else if (!VariableName().IsMatch(name))
        {
            errors.Invalid(path + ".name", name,
                "a valid environment variable name must consist only of printable ASCII characters other than '='");
        }

        if (variable.ObjectAt("valueFrom") is not { } source)
            return;
        var kinds = source.Count(each => each.Value is not null);
        if (source.Text("fieldRef", "fieldPath") is { } fieldPath)
            CheckFieldPath(fieldPath, path + ".valueFrom.fieldRef.fieldPath", errors);
        if (kinds == 0)
        {
            errors.Invalid(path + ".valueFrom", "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                + " `fileKeyRef`");
        }
        else if (variable.Text("value") is { Length: > 0 })
            errors.Invalid(path + ".valueFrom", "", "may not be specified when `value` is not empty");
        else if (kinds > 1)
            errors.Invalid(path + ".valueFrom", "", "may not have more than one field specified at a time");
    }

    private static void CheckFieldPath(string fieldPath, string path, FieldErrors errors)
    {
        if (fieldPath.Length == 0)
            errors.Required(path);
        else if (!FieldPaths.Contains(fieldPath) && !Subscripted().IsMatch(fieldPath))
        {
            errors.Invalid(path, fieldPath,
                $"error converting fieldPath: field label not supported: {fieldPath}");
        }
        else if (fieldPath is "metadata.annotations" or "metadata.labels")
        {
            errors.Unsupported(path, fieldPath, "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
                "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs");
        }
    }

    private static void CheckMounts(JsonObject container, string path, SortedSet<string> volumes, FieldErrors errors)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, mount) in container.ObjectsAt("volumeMounts").Index())
        {
            var here = $"{path}.volumeMounts[{at}]";
            var name = mount.Text("name") ?? "";
            if (name.Length == 0)
                errors.Required(here + ".name");
            else if (!volumes.Contains(name))
                errors.NotFound(here + ".name", name);
            var mountPath = mount.Text("mountPath") ?? "";
            if (mountPath.Length == 0)
                errors.Required(here + ".mountPath");
            else if (!paths.Add(mountPath))
                errors.Invalid(here + ".mountPath", mountPath, "must be unique");
            if (mount.Text("subPath") is { Length: > 0 } sub)
                VolumeValidation.CheckLocalPath(sub, here + ".subPath", errors);
        }
    }

    private static void CheckSecurity(JsonObject container, string path, FieldErrors errors)
    {
        if (container.ObjectAt("securityContext") is not { } security)
            return;
        var here = path + ".securityContext";
        foreach (var field in (ReadOnlySpan<string>)["runAsUser", "runAsGroup"])
        {
            if (security.Number(field) is { } id and not (>= 0 and <= int.MaxValue))
                errors.Invalid($"{here}.{field}", id, "must be between 0 and 2147483647, inclusive");
        }

        if (security.Flag("allowPrivilegeEscalation") != false)
            return;
        if (security.Flag("privileged") == true)
        {
            errors.Invalid(here, InternalForm.SecurityContext(security),
                "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
    }

    private static void CheckProbes(JsonObject container, string path, FieldErrors errors)
    {
        foreach (var hook in (ReadOnlySpan<string>)["postStart", "preStop"])
        {
            if (container.ObjectAt("lifecycle", hook) is { } handler)
                ProbeValidation.CheckHandler(handler, $"{path}.lifecycle.{hook}", errors);
        }

        foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.ObjectAt(probe) is { } given)
                ProbeValidation.Check(given, $"{path}.{probe}", probe != "readinessProbe", errors);
        }
    }

    private static void CheckNoProbes(JsonObject container, string path, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[field] is not null)
                errors.Forbidden($"{path}.{field}", "may not be set for init containers without restartPolicy=Always");
        }
    }

    [GeneratedRegex(@"\A[ -<>-~]+\z")]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\Ametadata\.(labels|annotations)\['[^']+'\]\z")]
    private static partial Regex Subscripted();
}
