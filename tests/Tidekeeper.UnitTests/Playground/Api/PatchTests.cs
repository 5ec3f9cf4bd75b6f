namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class PatchTests
{
    private const string ConfigMap = "/api/v1/namespaces/n/configmaps/c";
    private const string Service = "/api/v1/namespaces/n/services/s";
    private readonly ApiBench _bench = new();

    public PatchTests()
    {
        _bench.Post("/api/v1/namespaces/n/configmaps", """{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""");
        _bench.Post("/api/v1/namespaces/n/services", """
            {"metadata":{"name":"s"},"spec":{"selector":{"app":"x"},"ports":[
              {"name":"a","port":80},{"name":"b","port":81}]}}
            """);
    }

    [Fact]
    public void A_merge_patch_removes_with_null_and_replaces_lists()
    {
        var patched = _bench.Merge(ConfigMap, """{"data":{"a":null,"c":"3"}}""");
        Assert.Equal("""{"b":"2","c":"3"}""", patched["data"]!.ToJsonString());
        var ports = _bench.Merge(Service, """{"spec":{"ports":[{"name":"only","port":90}]}}""")["spec"]!["ports"]!;
        Assert.Equal(90, (int)Assert.Single(ports.AsArray())!["port"]!);
    }

    [Fact]
    public void A_json_patch_happens_as_a_whole_or_not_at_all()
    {
        var refusal = _bench.JsonPatch(ConfigMap, """
            [{"op":"add","path":"/data/new","value":"x"},{"op":"test","path":"/data/a","value":"wrong"}]
            """);
        Assert.Equal(422, _bench.Status);
        Assert.Equal("Invalid", (string?)refusal["reason"]);
        Assert.Equal("""{"a":"1","b":"2"}""", _bench.Get(ConfigMap)["data"]!.ToJsonString());
        var moved = _bench.JsonPatch(ConfigMap, """
            [{"op":"move","from":"/data/a","path":"/data/z"},{"op":"remove","path":"/data/b"}]
            """);
        Assert.Equal("""{"z":"1"}""", moved["data"]!.ToJsonString());
    }

    [Fact]
    public void A_strategic_patch_merges_lists_by_their_key()
    {
        var ports = _bench.Strategic(Service, """
            {"spec":{"ports":[{"port":81,"name":"renamed"},{"port":80,"$patch":"delete"},{"port":82,"name":"new"}]}}
            """)["spec"]!["ports"]!.AsArray();
        Assert.Equal("81 renamed 81, 82 new 82",
            string.Join(", ", ports.Select(each => $"{each!["port"]} {each["name"]} {each["targetPort"]}")));
    }

    [Fact]
    public void A_strategic_patch_keeps_the_order_that_it_asks_for()
    {
        var ports = _bench.Strategic(Service, """
            {"spec":{"$setElementOrder/ports":[{"port":81},{"port":80}],"ports":[{"port":80,"name":"first"}]}}
            """)["spec"]!["ports"]!.AsArray();
        Assert.Equal("b first", string.Join(' ', ports.Select(each => (string?)each!["name"])));
    }

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("text/plain", 415)]
    public void Other_content_types_are_no_patches(string type, int status)
    {
        _bench.Send("PATCH", ConfigMap, "{}", type);
        Assert.Equal(status, _bench.Status);
    }

    [Fact]
    public void A_patch_can_insist_on_a_version()
    {
        _bench.Merge(ConfigMap, """{"metadata":{"resourceVersion":"1"},"data":{"a":"9"}}""");
        Assert.Equal(409, _bench.Status);
    }
}
