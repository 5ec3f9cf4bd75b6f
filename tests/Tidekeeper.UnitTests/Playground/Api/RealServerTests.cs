using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Playground.Api;

/// <summary>
/// What the playground once answered otherwise than a real API server; found by sending the same requests to both
/// (<c>tests/Tidekeeper.EndToEnd/Conformance</c>).
/// </summary>
public sealed class RealServerTests
{
    private const string Maps = "/api/v1/namespaces/n/configmaps";
    private const string Services = "/api/v1/namespaces/n/services";
    private readonly ApiBench _bench = new();

    public RealServerTests() => _bench.Post(Maps, """{"metadata":{"name":"a","labels":{"l":"m"}},"data":{"k":"1"}}""");

    [Theory]
    [InlineData("7", "json: cannot unmarshal number into Go value of type struct { APIVersion string "
        + "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (37)")]
    [InlineData("[1]", "json: cannot unmarshal array into Go value of type struct { APIVersion string "
        + "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b315d)")]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    public void A_body_that_is_no_object_is_refused_by_what_it_is(string body, string why)
    {
        Assert.EndsWith("json parse error: " + why, Message(_bench.Post(Maps, body)), StringComparison.Ordinal);
        Assert.Equal(400, _bench.Status);
    }

    [Theory]
    [InlineData("v1", "Nothing", "Nothing in version \"v1\"", "no kind \"Nothing\" is registered for version \"v1\"")]
    [InlineData("v9", "ConfigMap", "ConfigMap in version \"v9\"",
        "no kind \"ConfigMap\" is registered for version \"v9\"")]
    public void A_kind_that_nobody_knows_is_said_to_be_one(string version, string kind, string what, string why)
    {
        var body = $$$"""{"apiVersion":"{{{version}}}","kind":"{{{kind}}}","metadata":{"name":"b"}}""";
        Assert.Equal($"{what} cannot be handled as a ConfigMap: {why} in scheme"
            + " \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"", Message(_bench.Post(Maps, body)));
    }

    [Fact]
    public void What_a_name_is_to_begin_with_is_checked_itself()
    {
        var answer = _bench.Post(Maps, """{"metadata":{"generateName":"H_"}}""");
        Assert.Equal(["metadata.generateName", "metadata.name"], Causes(answer, "field"));
        Assert.StartsWith("Invalid value: \"H_\"", Causes(answer, "message").First(), StringComparison.Ordinal);
        _bench.Post(Maps, """{"metadata":{"generateName":"h-"}}""");
        Assert.Equal(201, _bench.Status);
    }

    [Fact]
    public void A_bad_finalizer_is_named_by_its_place()
    {
        var answer = _bench.Post(Maps, """{"metadata":{"name":"b","finalizers":["a.b/c","nothing"]}}""");
        Assert.Equal(["metadata.finalizers[1]"], Causes(answer, "field"));
    }

    [Fact]
    public void A_manager_whose_name_cannot_be_printed_is_refused()
    {
        var answer = _bench.Post(Maps + "?fieldManager=some%07body", """{"metadata":{"name":"b"}}""");
        Assert.EndsWith(": invalid character U+0007 (at position 4)", Message(answer), StringComparison.Ordinal);
        Assert.Equal(422, _bench.Status);
    }

    [Theory]
    [InlineData("POST", Maps + "/a")]
    [InlineData("DELETE", "/api/v1/configmaps")]
    public void What_is_made_has_no_path_and_what_is_deleted_together_one_namespace(string method, string path)
    {
        _bench.Send(method, path, """{"metadata":{"name":"a"}}""");
        Assert.Equal(405, _bench.Status);
        _bench.Get(Maps + "/a");
        Assert.Equal(200, _bench.Status);
    }

    [Fact]
    public void A_resource_that_a_served_version_does_not_have_is_refused_in_the_words_of_the_API()
    {
        var answer = _bench.Get("/api/v1/namespaces/n/nothings");
        Assert.Equal("the server could not find the requested resource", Message(answer));
        Assert.Equal(404, (int?)answer["code"]);
    }

    [Theory]
    [InlineData("""{"data":{"k":"2"}}""",
        "the name of the object (a based on URL) was undeterminable: name must be provided")]
    [InlineData("""{"metadata":{"name":"a","namespace":"m"}}""",
        "the namespace of the object (m) does not match the namespace on the request (n)")]
    public void An_object_that_is_put_says_where_it_belongs(string body, string why)
    {
        Assert.Equal(why, Message(_bench.Put(Maps + "/a", body)));
        Assert.Equal(400, _bench.Status);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}}""",
        "the name of the object (other) does not match the name on the URL (a)")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"m"}}""",
        "the namespace of the object (m) does not match the namespace on the request (n)")]
    public void What_is_applied_under_another_name_changes_nothing(string body, string why)
    {
        Assert.Equal(why, Message(_bench.Apply(Maps + "/a?fieldManager=one", body)));
        Assert.Equal(400, _bench.Status);
    }

    [Fact]
    public void An_apply_that_means_another_uid_would_change_it()
    {
        var answer = _bench.Apply(Maps + "/a?fieldManager=one",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"of-another"}}""");
        Assert.Equal(422, _bench.Status);
        Assert.Equal("ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"of-another\": field is immutable",
            Message(answer));
    }

    [Fact]
    public void A_list_that_is_applied_in_place_of_a_map_is_no_typed_object()
    {
        var answer = _bench.Apply(Maps + "/a?fieldManager=one",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":[]}""");
        Assert.Equal("failed to create typed patch object (n/a; v1, Kind=ConfigMap): .data: expected map, got &{[]}",
            Message(answer));
        Assert.Equal(500, _bench.Status);
    }

    [Fact]
    public void Owners_that_were_forgotten_are_of_no_interest_until_somebody_applies()
    {
        _bench.Merge(Maps + "/a", """{"metadata":{"managedFields":[{}]}}""");
        var updated = _bench.Merge(Maps + "/a", """{"data":{"k":"2"}}""");
        Assert.Null(updated["metadata"]!["managedFields"]);
        var applied = _bench.Apply(Maps + "/a?fieldManager=one",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"z":"1"}}""");
        Assert.Equal(["one Apply", "before-first-apply Update"], applied["metadata"]!["managedFields"]!.AsArray()
            .Select(each => $"{each!["manager"]} {each["operation"]}"));
    }

    [Fact]
    public void A_patch_does_not_make_another_kind_of_an_object()
    {
        _bench.JsonPatch(Maps + "/a", """[{"op":"replace","path":"/kind","value":"Secret"}]""");
        Assert.Equal(422, _bench.Status);
    }

    [Fact]
    public void Made_while_its_namesake_is_being_deleted()
    {
        _bench.Post(Maps, """{"metadata":{"name":"f","finalizers":["example.com/x"]}}""");
        _bench.Delete(Maps + "/f");
        Assert.Equal("object is being deleted: configmaps \"f\" already exists",
            Message(_bench.Post(Maps, """{"metadata":{"name":"f"}}""")));
    }

    [Theory]
    [InlineData("{", "couldn't get version/kind; json parse error: unexpected end of JSON input")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap"}""", "no kind \"ConfigMap\" is registered for version \"v1\""
        + " in scheme \"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"")]
    public void A_delete_with_a_body_that_means_nothing_deletes_nothing(string body, string why)
    {
        Assert.Equal(why, Message(_bench.Delete(Maps + "/a", body)));
        Assert.Equal(500, _bench.Status);
    }

    [Theory]
    [InlineData(Maps + "?limit=1&resourceVersion=5&continue=TOKEN", 400)]
    [InlineData(Maps + "/a?resourceVersion=99999", 504)]
    [InlineData(Maps + "/a?resourceVersion=x", 500)]
    public void A_read_at_a_version_that_cannot_be_is_refused(string path, int status)
    {
        _bench.Post(Maps, """{"metadata":{"name":"b"}}""");
        var page = _bench.Get(Maps + "?limit=1");
        _bench.Get(path.Replace("TOKEN", (string?)page["metadata"]!["continue"], StringComparison.Ordinal));
        Assert.Equal(status, _bench.Status);
    }

    [Theory]
    [InlineData("""{"type":"ClusterIP","ports":[{"port":80,"nodePort":31000}]}""",
        "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("""{"type":"LoadBalancer","loadBalancerSourceRanges":["everywhere"],"ports":[{"port":80}]}""",
        "spec.loadBalancerSourceRanges[0]: Invalid value: \"everywhere\": must be a valid CIDR value, (e.g. 10.9.8.0/24"
        + " or 2001:db8::/64)")]
    [InlineData("""
        {"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":100000}},
        "ports":[{"port":80}]}
        """,
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 100000: must be greater than 0 and less"
        + " than 86400")]
    public void A_service_says_nothing_that_its_type_has_no_use_for(string spec, string why)
    {
        var answer = _bench.Post(Services, $$$"""{"metadata":{"name":"s"},"spec":{{{spec}}}}""");
        Assert.Equal($"Service \"s\" is invalid: {why}", Message(answer));
    }

    [Fact]
    public void A_service_that_becomes_an_inner_one_gives_its_ports_of_nodes_back()
    {
        _bench.Post(Services, """{"metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80}]}}""");
        var answer = _bench.Merge(Services + "/s", """{"spec":{"type":"ClusterIP"}}""");
        Assert.Null(answer["spec"]!["ports"]![0]!["nodePort"]);
    }

    [Fact]
    public void A_moment_is_written_with_six_digits_of_a_second()
    {
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/n/leases";
        _bench.Post(leases, """{"metadata":{"name":"l"},"spec":{"renewTime":"2020-01-01T00:00:00Z"}}""");
        Assert.Equal(400, _bench.Status);
        _bench.Post(leases, """{"metadata":{"name":"l"},"spec":{"renewTime":"2020-01-01T00:00:00.000000Z"}}""");
        Assert.Equal(201, _bench.Status);
    }

    [Theory]
    [InlineData("""
        {"$setElementOrder/containers":[{"name":"one"}],"containers":[{"name":"two","image":"j"}]}
        """, 500, "The order in patch list:\n[map[image:j name:two]]\n doesn't match $setElementOrder list:\n"
            + "[map[name:one]]\n")]
    [InlineData("""{"volumes":[{"name":"v","$retainKeys":["name"],"hostPath":{"path":"/x"}}]}""", 400,
        "invalid patch format of retainKeys")]
    public void A_strategic_patch_that_contradicts_itself_is_refused(string pod, int status, string why)
    {
        const string deployments = "/apis/apps/v1/namespaces/n/deployments";
        _bench.Post(deployments, """
            {"metadata":{"name":"t"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":
            {"a":"b"}},"spec":{"volumes":[{"name":"v","emptyDir":{}}],
            "containers":[{"name":"one","image":"i"},{"name":"two","image":"i"}]}}}}
            """);
        var answer = _bench.Strategic(deployments + "/t", """{"spec":{"template":{"spec":""" + pod + "}}}");
        Assert.Equal(why, Message(answer));
        Assert.Equal(status, _bench.Status);
    }

    [Fact]
    public void A_deployments_labels_do_not_belong_to_its_status()
    {
        const string deployments = "/apis/apps/v1/namespaces/n/deployments";
        _bench.Post(deployments, """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":
            {"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        var answer = _bench.Merge(deployments + "/d/status", """{"metadata":{"labels":{"by":"status"}}}""");
        Assert.Equal(200, _bench.Status);
        Assert.Null(answer["metadata"]!["labels"]);
    }

    private static string Message(JsonNode answer) => (string)answer["message"]!;

    private static IEnumerable<string> Causes(JsonNode answer, string field) =>
        answer["details"]!["causes"]!.AsArray().Select(each => (string)each![field]!);
}
