namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class ListTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private readonly ApiBench _bench = new();

    public ListTests()
    {
        foreach (var (name, tier) in new[] { ("a", "front"), ("b", "back"), ("c", "front") })
            _bench.Post(ConfigMaps, $$"""{"metadata":{"name":"{{name}}","labels":{"tier":"{{tier}}"} } }""");
    }

    [Theory]
    [InlineData("labelSelector=tier%3Dfront", "a c")]
    [InlineData("labelSelector=tier!%3Dfront", "b")]
    [InlineData("labelSelector=tier+in+(back,side)", "b")]
    [InlineData("labelSelector=!tier", "")]
    [InlineData("fieldSelector=metadata.name%3Dc", "c")]
    [InlineData("fieldSelector=metadata.name!%3Dc", "a b")]
    public void A_selector_chooses(string query, string names) => Assert.Equal(names, Names(ConfigMaps + "?" + query));

    [Theory]
    [InlineData("labelSelector=,", "found ',', expected: !, identifier, or 'end of string'")]
    [InlineData("labelSelector=a+in+b", "unable to parse requirement: found 'b' expected: '('")]
    [InlineData("fieldSelector=data.x%3D1",
        "\"data.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    public void A_selector_that_makes_no_sense_is_refused(string query, string message)
    {
        Assert.Equal(message, (string?)_bench.Get(ConfigMaps + "?" + query)["message"]);
        Assert.Equal(400, _bench.Status);
    }

    [Fact]
    public void Pages_show_the_state_of_the_first_page()
    {
        var first = _bench.Get(ConfigMaps + "?limit=2");
        _bench.Delete(ConfigMaps + "/c");
        _bench.Post(ConfigMaps, """{"metadata":{"name":"bb"}}""");
        var second = _bench.Get($"{ConfigMaps}?limit=2&continue={first["metadata"]!["continue"]}");
        Assert.Equal("c", (string?)Assert.Single(second["items"]!.AsArray())!["metadata"]!["name"]);
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
        Assert.Null(second["metadata"]!["continue"]);
    }

    [Fact]
    public void A_page_of_a_forgotten_list_is_gone()
    {
        var first = _bench.Get(ConfigMaps + "?limit=1");
        _bench.Delete(ConfigMaps + "/c");
        _bench.Api.Store.Compact(_bench.Api.Head);
        _bench.Get($"{ConfigMaps}?limit=1&continue={first["metadata"]!["continue"]}");
        Assert.Equal(410, _bench.Status);
    }

    [Fact]
    public void A_version_that_is_not_there_yet_is_too_large()
    {
        var refusal = _bench.Get(ConfigMaps + "?resourceVersion=99999");
        Assert.Equal(504, _bench.Status);
        Assert.Equal("ResourceVersionTooLarge", (string?)refusal["details"]!["causes"]![0]!["reason"]);
    }

    [Fact]
    public void Items_of_builtin_kinds_carry_no_kind_and_metadata_alone_can_be_asked_for()
    {
        Assert.Null(_bench.Get(ConfigMaps)["items"]![0]!["kind"]);
        var slim = _bench.Send("GET", ConfigMaps + "/a",
            accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        Assert.Equal("PartialObjectMetadata", (string?)slim["kind"]);
    }

    private string Names(string path) => string.Join(' ',
        _bench.Get(path)["items"]!.AsArray().Select(each => (string?)each!["metadata"]!["name"]));
}
