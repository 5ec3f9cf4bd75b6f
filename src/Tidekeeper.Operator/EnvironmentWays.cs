using System.Text.Json.Nodes;

namespace Tidekeeper.Operator;

/// <summary>
/// A variable of a container has a value or says where it comes from. An apply that changes from one way to the other
/// over an object that was never applied before leaves an empty <c>valueFrom</c> behind, which the API server refuses.
/// </summary>
public static class EnvironmentWays
{
    /// <summary>
    /// The containers of an object as it is, with the variables that another one says in the other way as that says
    /// them; null when there are none.
    /// </summary>
    public static JsonArray? Changed(JsonObject live, JsonObject wanted)
    {
        if (ContainersOf(live)?.DeepClone() is not JsonArray containers)
            return null;
        var isChanged = false;
        foreach (var container in containers.OfType<JsonObject>())
        {
            var other = Named(ContainersOf(wanted), (string?)container["name"]);
            if (container["env"] is not JsonArray variables)
                continue;
            for (var i = 0; i < variables.Count; i++)
            {
                if (Named(other?["env"] as JsonArray, (string?)variables[i]?["name"]) is not { } said
                    || (said["valueFrom"] is null) == (variables[i]!["valueFrom"] is null))
                    continue;
                variables[i] = said.DeepClone();
                isChanged = true;
            }
        }

        return isChanged ? containers : null;
    }

    private static JsonArray? ContainersOf(JsonObject item) =>
        item["spec"]?["template"]?["spec"]?["containers"] as JsonArray;

    private static JsonObject? Named(JsonArray? list, string? name) =>
        list?.OfType<JsonObject>().FirstOrDefault(one => (string?)one["name"] == name);
}
