using System.Text.Json.Nodes;

namespace Tidekeeper.Engines.TiDB.Objects;

/// <summary>Pieces of containers.</summary>
internal static class Container
{
    public static JsonObject Port(string name, int port) =>
        new() { ["name"] = name, ["containerPort"] = port, ["protocol"] = "TCP" };

    public static JsonObject Mount(string volume, string path) => new() { ["name"] = volume, ["mountPath"] = path };

    public static JsonObject ReadOnlyMount(string volume, string path) =>
        new() { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = path };

    /// <summary>CPU, memory and the like; storage is the claim's business.</summary>
    public static JsonObject Resources(
        IEnumerable<KeyValuePair<string, string>>? requests, IEnumerable<KeyValuePair<string, string>>? limits)
    {
        var resources = new JsonObject();
        resources.Set("requests", OfContainer(requests));
        resources.Set("limits", OfContainer(limits));
        return resources;
    }

    /// <summary>
    /// Without a probe Kubernetes calls a database ready that has not opened its port, and a disruption budget then
    /// counts it as serving. v1 had none unless asked; the port tells enough.
    /// </summary>
    public static JsonObject Readiness(Component component, int port, JsonArray? command = null)
    {
        var wanted = component.Spec.ReadinessProbe;
        var probe = new JsonObject
        {
            ["initialDelaySeconds"] = wanted?.InitialDelaySeconds ?? (wanted is null ? 0 : 10),
            ["periodSeconds"] = wanted?.PeriodSeconds ?? (wanted is null ? 3 : 10)
        };
        if (wanted?.Type == "command" && command is not null)
            probe["exec"] = new JsonObject { ["command"] = command };
        else
            probe["tcpSocket"] = new JsonObject { ["port"] = port };
        return probe;
    }

    private static JsonObject? OfContainer(IEnumerable<KeyValuePair<string, string>>? quantities)
    {
        var map = Document.Map(
            (quantities ?? [])
            .Where(entry => entry.Key != "storage")
            .OrderBy(entry => entry.Key, StringComparer.Ordinal));
        return map.Count == 0 ? null : map;
    }
}
