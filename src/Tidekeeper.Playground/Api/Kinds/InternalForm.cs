using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>
/// Parts of objects as refusals print them: the real server's internal types have no names for JSON, so their fields
/// come with the names of the program, in its order, also when they are empty.
/// </summary>
internal static class InternalForm
{
    private static readonly string[] VolumeKinds =
    [
        "GCEPersistentDisk", "AWSElasticBlockStore", "HostPath", "Glusterfs", "NFS", "RBD", "Quobyte", "ISCSI",
        "FlexVolume", "Cinder", "CephFS", "FC", "Flocker", "AzureFile", "VsphereVolume", "AzureDisk",
        "PhotonPersistentDisk", "PortworxVolume", "ScaleIO", "Local", "StorageOS", "CSI",
    ];

    public static JsonObject Of(JsonObject? source, params ReadOnlySpan<string> fields)
    {
        var form = new JsonObject();
        foreach (var field in fields)
            form[field] = source?[char.ToLowerInvariant(field[0]) + field[1..]]?.DeepClone();
        return form;
    }

    /// <summary>Likewise, with an empty text where there is none.</summary>
    public static JsonObject Texts(JsonObject? source, params ReadOnlySpan<string> fields)
    {
        var form = Of(source, fields);
        foreach (var field in fields)
            form[field] ??= "";
        return form;
    }

    /// <summary>All kinds of sources that a persistent volume may have, one of them filled in.</summary>
    public static JsonObject VolumeSource((string Kind, JsonObject? Source) volume)
    {
        var form = new JsonObject();
        foreach (var name in VolumeKinds)
        {
            var isThis = name.Equals(volume.Kind, StringComparison.OrdinalIgnoreCase);
            form[name] = isThis && volume.Source is { } source ? Capitalised(source) : null;
        }

        return form;
    }

    private static JsonObject Capitalised(JsonObject source)
    {
        var form = new JsonObject();
        foreach (var (name, value) in source)
            form[char.ToUpperInvariant(name[0]) + name[1..]] = value?.DeepClone();
        return form;
    }

    public static JsonObject RoleRef(JsonObject? source) => new()
    {
        ["APIGroup"] = source.Text("apiGroup") ?? "",
        ["Kind"] = source.Text("kind") ?? "",
        ["Name"] = source.Text("name") ?? "",
    };

    public static JsonObject Toleration(JsonObject source)
    {
        var form = Texts(source, "Key", "Operator", "Value", "Effect");
        form["TolerationSeconds"] = source["tolerationSeconds"]?.DeepClone();
        return form;
    }

    public static JsonObject Taint(JsonObject source)
    {
        var form = Texts(source, "Key", "Value", "Effect");
        form["TimeAdded"] = source["timeAdded"]?.DeepClone();
        return form;
    }

    public static JsonObject Strategy(JsonObject? source) => new()
    {
        ["Type"] = source.Text("type") ?? "",
        ["RollingUpdate"] = source.ObjectAt("rollingUpdate") is { } bounds
            ? Of(bounds, "MaxUnavailable", "MaxSurge")
            : null,
    };

    public static JsonObject Rolling(JsonObject source) => new()
    {
        ["Partition"] = source.Number("partition") ?? 0,
        ["MaxUnavailable"] = source["maxUnavailable"]?.DeepClone(),
    };

    public static JsonObject SecurityContext(JsonObject source)
    {
        var form = Of(source, "Capabilities", "Privileged", "SELinuxOptions", "WindowsOptions", "RunAsUser",
            "RunAsGroup", "RunAsNonRoot", "ReadOnlyRootFilesystem", "AllowPrivilegeEscalation", "ProcMount",
            "SeccompProfile", "AppArmorProfile");
        form["SELinuxOptions"] = source["seLinuxOptions"]?.DeepClone();
        return form;
    }
}
