using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class ApplyTests
{
    private const string ConfigMap = "/api/v1/namespaces/n/configmaps/c";
    private const string Service = "/api/v1/namespaces/n/services/s";
    private readonly ApiBench _bench = new();

    [Fact]
    public void Applying_makes_the_object_and_owns_what_was_named()
    {
        var made = _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1"}"""));
        Assert.Equal(201, _bench.Status);
        Assert.Equal("""one Apply {"f:data":{"f:a":{}}}""", Owners(made));
    }

    [Fact]
    public void Applying_the_same_again_changes_nothing()
    {
        _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1"}"""));
        var head = _bench.Api.Head;
        _bench.Wait(TimeSpan.FromHours(1));
        _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1"}"""));
        Assert.Equal((200, head), (_bench.Status, _bench.Api.Head));
    }

    [Fact]
    public void A_field_that_an_applier_drops_goes_unless_another_owns_it()
    {
        _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1","b":"2","c":"3"}"""));
        _bench.Apply(ConfigMap + "?fieldManager=two", Config("""{"b":"2"}"""));
        var after = _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1"}"""));
        Assert.Equal("""{"a":"1","b":"2"}""", after["data"]!.ToJsonString());
    }

    [Fact]
    public void Another_ones_value_is_a_conflict_that_names_owner_and_field()
    {
        _bench.Post("/api/v1/namespaces/n/configmaps", """{"metadata":{"name":"c"},"data":{"a":"1","b":"2"}}""");
        var refusal = _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"9"}"""));
        Assert.Equal(409, _bench.Status);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"tester\" using v1: .data.a",
            (string?)refusal["message"]);
        refusal = _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"9","b":"9"}"""));
        Assert.Equal("Apply failed with 2 conflicts: conflicts with \"tester\" using v1:\n- .data.a\n- .data.b",
            (string?)refusal["message"]);
    }

    // No recorded answer shows it; it follows from the order in which a real server checks (docs/decisions/0006).
    [Fact]
    public void Another_time_to_leave_is_cleared_in_what_is_new_and_refused_in_what_exists()
    {
        var config = Config("""{"a":"1"}""")
            .Replace("{\"name\"", "{\"deletionGracePeriodSeconds\":-1,\"name\"", StringComparison.Ordinal);
        var made = _bench.Apply(ConfigMap + "?fieldManager=one&force=true", config);
        Assert.Equal(201, _bench.Status);
        Assert.Null(made["metadata"]!["deletionGracePeriodSeconds"]);
        Assert.Equal("""one Apply {"f:data":{"f:a":{}},"f:metadata":{"f:deletionGracePeriodSeconds":{}}}""",
            Owners(made));
        var refusal = _bench.Apply(ConfigMap + "?fieldManager=one&force=true", config);
        Assert.Equal(422, _bench.Status);
        Assert.Contains("metadata.deletionGracePeriodSeconds: Invalid value: -1: field is immutable",
            (string?)refusal["message"], StringComparison.Ordinal);
        Assert.Equal("""one Apply {"f:data":{"f:a":{}}}""",
            Owners(_bench.Apply(ConfigMap + "?fieldManager=one&force=true", Config("""{"a":"1"}"""))));
    }

    [Theory]
    [InlineData("\"uid\":\"of another\"", 422, "metadata.uid: Invalid value: \"of another\": field is immutable")]
    [InlineData("\"resourceVersion\":\"1\"", 409, "the object has been modified")]
    public void Who_applies_can_say_which_object_in_which_state_he_means(string precondition, int status, string why)
    {
        _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1"}"""));
        var meant = Config("""{"a":"2"}""").Replace("{\"name\"", "{" + precondition + ",\"name\"", StringComparison.Ordinal);
        var refusal = _bench.Apply(ConfigMap + "?fieldManager=one&force=true", meant);
        Assert.Equal(status, _bench.Status);
        Assert.Contains(why, (string?)refusal["message"]);
    }

    [Fact]
    public void Applying_with_the_UID_of_what_is_gone_makes_nothing()
    {
        var refusal = _bench.Apply(ConfigMap + "?fieldManager=one",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"uid":"gone"},"data":{"a":"2"}}""");
        Assert.Equal(409, _bench.Status);
        Assert.EndsWith("the provided object specified uid gone, and no existing object was found",
            (string?)refusal["message"]);
    }

    [Fact]
    public void Force_takes_the_field_over()
    {
        _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1","b":"2"}"""));
        var forced = _bench.Apply(ConfigMap + "?fieldManager=two&force=true", Config("""{"a":"9"}"""));
        Assert.Equal("""
            one Apply {"f:data":{"f:b":{}}}
            two Apply {"f:data":{"f:a":{}}}
            """, Owners(forced));
    }

    [Fact]
    public void Who_updates_a_field_owns_it_and_an_owner_of_nothing_vanishes()
    {
        _bench.Apply(ConfigMap + "?fieldManager=one", Config("""{"a":"1"}"""));
        var updated = _bench.Merge(ConfigMap, """{"data":{"a":"2"}}""");
        Assert.Equal("""tester Update {"f:data":{"f:a":{}}}""", Owners(updated));
    }

    [Fact]
    public void Elements_of_a_list_are_owned_by_their_keys()
    {
        _bench.Apply(Service + "?fieldManager=one", Ports("""{"name":"a","port":80}"""));
        var both = _bench.Apply(Service + "?fieldManager=two", Ports("""{"name":"b","port":81}"""));
        Assert.Equal("""
            one Apply {"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{}}}}}
            two Apply {"f:spec":{"f:ports":{"k:{\"port\":81,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{}}}}}
            """, Owners(both));
        var refusal = _bench.Apply(Service + "?fieldManager=two", Ports("""{"name":"mine","port":80}"""));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .spec.ports[port=80,protocol=\"TCP\"].name",
            (string?)refusal["message"]);
    }

    [Fact]
    public void An_applier_must_have_a_name()
    {
        var refusal = _bench.Apply(ConfigMap, Config("{}"));
        Assert.Equal(422, _bench.Status);
        Assert.Equal("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply"
            + " patch", (string?)refusal["message"]);
    }

    private static string Config(string data) =>
        $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{{data}} }""";

    private static string Ports(string ports) =>
        $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{{ports}}]} }""";

    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Owners(JsonObject item) => string.Join('\n',
        item["metadata"]!["managedFields"]!.AsArray().Select(each =>
            $"{each!["manager"]} {each["operation"]} {each["fieldsV1"]!.ToJsonString(Readable)}"));
}
