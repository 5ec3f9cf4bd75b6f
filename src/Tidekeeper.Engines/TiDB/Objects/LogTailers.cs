using System.Text.Json.Nodes;
using Tidekeeper.Engines.TiDB.Scripts;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>Containers that print a log file of the database beside them.</summary>
internal static class LogTailers
{
    /// <summary>
    /// Adds one; as a native sidecar it starts before the database and ends after it.
    /// </summary>
    public static void Add(
        PodParts parts, Component component, string name, string file, JsonObject mount, LogTailerSpec? spec,
        bool first)
    {
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = spec?.Image is { Length: > 0 } image ? image : component.HelperImage,
            ["imagePullPolicy"] = spec?.ImagePullPolicy ?? component.HelperPullPolicy,
            ["command"] = new JsonArray("sh", "-c", LogScript.Text),
            ["env"] = Environment(file, spec),
            ["resources"] = Container.Resources(spec?.Requests, spec?.Limits),
            ["securityContext"] = PodSecurity.ForContainer(spec?.SecurityContext),
            ["volumeMounts"] = new JsonArray(mount)
        };
        if (spec?.UseSidecar == true)
        {
            container["restartPolicy"] = "Always";
            parts.Init.Add(container);
        }
        else
        {
            (first ? parts.Before : parts.After).Add(container);
        }
    }

    private static JsonArray Environment(string file, LogTailerSpec? spec)
    {
        var list = new JsonArray(new JsonObject { ["name"] = "LOG_FILE", ["value"] = file });
        if (spec?.SleepTimeSeconds is > 0 and var pause)
            list.Add(new JsonObject { ["name"] = "TIDEKEEPER_LOG_PAUSE", ["value"] = pause.ToString() });
        return list;
    }
}
