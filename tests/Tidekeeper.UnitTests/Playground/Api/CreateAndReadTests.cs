namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class CreateAndReadTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private readonly ApiBench _bench = new();

    [Fact]
    public void What_was_created_is_read_back()
    {
        var made = _bench.Post(ConfigMaps, """{"metadata":{"name":"settings"},"data":{"colour":"blue"}}""");
        Assert.Equal(201, _bench.Status);
        Assert.Equal(made.ToJsonString(), _bench.Get(ConfigMaps + "/settings").ToJsonString());
        Assert.Equal("ConfigMap", (string?)made["kind"]);
        Assert.Equal("n", (string?)made["metadata"]!["namespace"]);
        Assert.Equal("2026-01-01T00:00:00Z", (string?)made["metadata"]!["creationTimestamp"]);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        _bench.Post(ConfigMaps, """{"metadata":{"name":"settings"}}""");
        var refusal = _bench.Post(ConfigMaps, """{"metadata":{"name":"settings"}}""");
        Assert.Equal(409, _bench.Status);
        Assert.Equal("configmaps \"settings\" already exists", (string?)refusal["message"]);
    }

    [Fact]
    public void An_object_needs_a_namespace_that_exists()
    {
        var refusal = _bench.Post("/api/v1/namespaces/nowhere/configmaps", """{"metadata":{"name":"settings"}}""");
        Assert.Equal(404, _bench.Status);
        Assert.Equal("namespaces \"nowhere\" not found", (string?)refusal["message"]);
    }

    [Fact]
    public void A_generated_name_keeps_its_prefix()
    {
        var name = (string)_bench.Post(ConfigMaps, """{"metadata":{"generateName":"run-"}}""")["metadata"]!["name"]!;
        Assert.Matches("^run-[a-z0-9]{5}$", name);
    }
}
