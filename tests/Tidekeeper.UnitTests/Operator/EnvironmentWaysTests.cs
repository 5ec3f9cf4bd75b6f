using System.Text.Json.Nodes;
using Tidekeeper.Operator;

namespace Tidekeeper.UnitTests.Operator;

public sealed class EnvironmentWaysTests
{
    // A real API server refused the apply over discovery's Deployment as v1 had made it.
    [Fact]
    public void A_variable_that_came_from_a_field_and_has_a_value_now_is_replaced_as_a_whole()
    {
        var live = Deployment("""
            {"name":"A","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}},
            {"name":"B","value":"kept"},{"name":"C","value":"other"}
            """);
        var wanted = Deployment("""{"name":"A","value":"shop"},{"name":"C","value":"ours"}""");
        Assert.Equal(
            """[{"name":"d","env":[{"name":"A","value":"shop"},{"name":"B","value":"kept"},{"name":"C","value":"other"}]}]""",
            EnvironmentWays.Changed(live, wanted)!.ToJsonString());
        Assert.Null(EnvironmentWays.Changed(wanted, wanted));
        Assert.Null(EnvironmentWays.Changed(new JsonObject(), wanted));
    }

    private static JsonObject Deployment(string env) => (JsonObject)JsonNode.Parse(
        """{"spec":{"template":{"spec":{"containers":[{"name":"d","env":[""" + env + "]}]}}}}")!;
}
