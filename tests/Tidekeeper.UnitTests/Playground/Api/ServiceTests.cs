using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class ServiceTests
{
    private const string Services = "/api/v1/namespaces/n/services";
    private readonly ApiBench _bench = new();

    [Fact]
    public void Every_service_gets_an_address_of_its_own_and_keeps_it()
    {
        var first = Make("a", """{"ports":[{"port":80}]}""");
        var second = Make("b", """{"ports":[{"port":80}]}""");
        Assert.StartsWith("10.0.", Address(first), StringComparison.Ordinal);
        Assert.NotEqual(Address(first), Address(second));
        var replaced = _bench.Put(Services + "/a", """{"metadata":{"name":"a"},"spec":{"ports":[{"port":81}]}}""");
        Assert.Equal(Address(first), Address(replaced));
    }

    [Fact]
    public void An_address_that_is_taken_is_refused()
    {
        var taken = Address(Make("a", """{"ports":[{"port":80}]}"""));
        var refusal = Make("b", $$"""{"clusterIP":"{{taken}}","ports":[{"port":80}]}""");
        Assert.Equal(422, _bench.Status);
        Assert.Contains("provided IP is already allocated", (string?)refusal["message"], StringComparison.Ordinal);
        _bench.Delete(Services + "/a");
        Make("b", $$"""{"clusterIP":"{{taken}}","ports":[{"port":80}]}""");
        Assert.Equal(201, _bench.Status);
    }

    [Fact]
    public void A_headless_service_has_none()
    {
        var headless = Make("a", """{"clusterIP":"None","selector":{"app":"x"}}""");
        Assert.Equal("""["None"]""", headless["spec"]!["clusterIPs"]!.ToJsonString());
    }

    [Fact]
    public void Node_ports_are_given_out_and_kept()
    {
        var made = Make("a", """{"type":"NodePort","ports":[{"port":80,"nodePort":30005},{"name":"x","port":81}]}""");
        Assert.Equal(422, _bench.Status);
        Assert.Equal("Service \"a\" is invalid: spec.ports[0].name: Required value", (string?)made["message"]);
        made = Make("a", """{"type":"NodePort","ports":[{"port":80}]}""");
        var port = (int)made["spec"]!["ports"]![0]!["nodePort"]!;
        Assert.InRange(port, 30000, 32767);
        var changed = _bench.Put(Services + "/a",
            """{"metadata":{"name":"a"},"spec":{"type":"NodePort","ports":[{"port":80,"targetPort":8080}]}}""");
        Assert.Equal(port, (int)changed["spec"]!["ports"]![0]!["nodePort"]!);
    }

    [Fact]
    public void What_nobody_wrote_nobody_owns()
    {
        var fields = Make("a", """{"ports":[{"port":80}]}""")["metadata"]!["managedFields"]![0]!["fieldsV1"]!;
        Assert.Equal("f:internalTrafficPolicy f:ports f:sessionAffinity f:type",
            string.Join(' ', fields["f:spec"]!.AsObject().Select(each => each.Key)));
    }

    private JsonObject Make(string name, string spec) =>
        _bench.Post(Services, $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}} }""");

    private static string Address(JsonObject service) => (string?)service["spec"]!["clusterIP"] ?? "";
}
