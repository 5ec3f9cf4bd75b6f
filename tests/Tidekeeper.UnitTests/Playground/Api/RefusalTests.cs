using System.Text.Json.Nodes;

namespace Tidekeeper.UnitTests.Playground.Api;

/// <summary>
/// What the API refuses, and in which words. The expected texts are those of a real Kubernetes 1.36 server, or of an
/// older one where the words have not changed since.
/// </summary>
public sealed class RefusalTests
{
    private readonly ApiBench _bench = new();

    [Theory]
    [InlineData("api/v1/secrets", """{"metadata":{"name":"s"},"type":"kubernetes.io/basic-auth"}""",
        "data[username]: Required value", "data[password]: Required value")]
    [InlineData("api/v1/secrets", """{"metadata":{"name":"s"},"type":"kubernetes.io/service-account-token"}""",
        "metadata.annotations[kubernetes.io/service-account.name]: Required value")]
    [InlineData("api/v1/services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":1,"targetPort":"-x"}]}}""",
        "spec.ports[0].targetPort: Invalid value: \"-x\": must not begin or end with a hyphen")]
    [InlineData("api/v1/endpoints", """{"metadata":{"name":"e"},"subsets":[{"ports":[{"port":80}]}]}""",
        "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`")]
    [InlineData("api/v1/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":""}]}}""",
        "spec.containers[0].image: Required value")]
    [InlineData("api/v1/pods",
        """{"metadata":{"name":"p"},"spec":{"restartPolicy":"X","containers":[{"name":"c","image":"i"}]}}""",
        "spec.restartPolicy: Unsupported value: \"X\": supported values: \"Always\", \"OnFailure\", \"Never\"")]
    [InlineData("api/v1/pods", """
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","livenessProbe":{},
        "resources":{"requests":{"foo":"1","memory":"-1"}}}]}}
        """,
        "spec.containers[0].livenessProbe: Required value: must specify a handler type",
        "spec.containers[0].resources.requests[foo]: Invalid value: \"foo\": must be a standard resource type or fully"
            + " qualified",
        "spec.containers[0].resources.requests[foo]: Invalid value: \"foo\": must be a standard resource for"
            + " containers",
        "spec.containers[0].resources.requests[memory]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("api/v1/pods", """
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}],"activeDeadlineSeconds":0,
        "tolerations":[{"operator":"Foo","key":"k"},{"effect":"Q","key":"k"}]}}
        """,
        "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
        "spec.tolerations[0].operator: Unsupported value: \"Foo\": supported values: \"Equal\", \"Exists\"",
        "spec.tolerations[1].effect: Unsupported value: \"Q\": supported values: \"NoSchedule\","
            + " \"PreferNoSchedule\", \"NoExecute\"")]
    [InlineData("apis/apps/v1/deployments", """{"metadata":{"name":"d"}}""",
        "spec.selector: Required value",
        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
        "spec.template.spec.containers: Required value")]
    [InlineData("apis/apps/v1/deployments", """
        {"metadata":{"name":"d"},"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}},
        "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
        "spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """,
        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0")]
    [InlineData("apis/apps/v1/deployments", """
        {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"},
        "annotations":{"bad/":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """,
        "spec.template.annotations: Invalid value: \"bad/\": name part must be non-empty",
        "spec.template.annotations: Invalid value: \"bad/\": name part must consist of alphanumeric characters, '-',"
            + " '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
            + " '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData("apis/batch/v1/jobs",
        """{"metadata":{"name":"j"},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}}""",
        "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"")]
    [InlineData("apis/batch/v1/cronjobs", """
        {"metadata":{"name":"c"},"spec":{"schedule":"foo","jobTemplate":{"spec":{"template":{"spec":
        {"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}
        """,
        "spec.schedule: Invalid value: \"foo\": expected exactly 5 fields, found 1: [foo]")]
    [InlineData("apis/autoscaling/v2/horizontalpodautoscalers",
        """{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":0}}""",
        "spec.maxReplicas: Invalid value: 0: must be greater than 0",
        "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`")]
    [InlineData("apis/networking.k8s.io/v1/networkpolicies", """
        {"metadata":{"name":"n"},"spec":{"podSelector":{},"policyTypes":["Foo"],"ingress":[{"from":[{}]}]}}
        """,
        "spec.ingress[0].from[0]: Required value: must specify a peer",
        "spec.policyTypes[0]: Unsupported value: \"Foo\": supported values: \"Ingress\", \"Egress\"")]
    [InlineData("apis/networking.k8s.io/v1/ingresses", """{"metadata":{"name":"i"},"spec":{}}""",
        "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified")]
    [InlineData("api/v1/resourcequotas", """{"metadata":{"name":"q"},"spec":{"hard":{"foo":"1","pods":"-1"}}}""",
        "spec.hard[foo]: Invalid value: \"foo\": must be a standard resource type or fully qualified",
        "spec.hard[foo]: Invalid value: \"foo\": must be a standard resource for quota",
        "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("api/v1/limitranges",
        """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Pod","default":{"cpu":"1"}}]}}""",
        "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'")]
    public void An_object_with_mistakes_is_refused_with_all_of_them(string path, string body, params string[] expected)
    {
        var parts = path.Split('/');
        var place = $"/{string.Join('/', parts[..^1])}/namespaces/n/{parts[^1]}";
        var refusal = _bench.Post(place, body);
        Assert.Equal(422, _bench.Status);
        var causes = refusal["details"]!["causes"]!.AsArray()
            .Select(each => $"{each!["field"]}: {each["message"]}").Order(StringComparer.Ordinal);
        Assert.Equal(string.Join('\n', expected.Order(StringComparer.Ordinal)), string.Join('\n', causes));
    }

    [Theory]
    [InlineData("?limit=abc", 400, "strconv.ParseInt: parsing \"abc\": invalid syntax")]
    [InlineData("?resourceVersion=abc", 400, "invalid resource version: resourceVersion: Invalid value: \"abc\":"
        + " strconv.ParseUint: parsing \"abc\": invalid syntax")]
    [InlineData("?resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch:"
        + " Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("?labelSelector=a%3Eb", 400, "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt',"
        + " 'Lt' operators, the value must be an integer")]
    public void A_list_that_makes_no_sense_is_refused(string query, int code, string message)
    {
        var refusal = _bench.Get("/api/v1/namespaces/n/configmaps" + query);
        Assert.Equal($"{code} {message}", $"{_bench.Status} {(string?)refusal["message"]}");
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"dota":{}}""",
        "failed to create typed patch object (n/c; v1, Kind=ConfigMap): .dota: field not declared in schema")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"immutable":"x"}""",
        "failed to create typed patch object (n/c; v1, Kind=ConfigMap): .immutable: expected boolean, got string")]
    public void An_apply_of_what_the_kind_does_not_have_fails_before_anything_is_compared(string body, string message)
    {
        var refusal = _bench.Apply("/api/v1/namespaces/n/configmaps/c?fieldManager=m", body);
        Assert.Equal(500, _bench.Status);
        Assert.Equal(message, (string?)refusal["message"]);
        Assert.Null(refusal["reason"]);
    }

    [Fact]
    public void A_field_that_is_there_twice_counts_once_and_is_named()
    {
        const string Twice = """{"metadata":{"name":"c"},"data":{"a":"1","a":"2"}}""";
        var refusal = _bench.Post("/api/v1/namespaces/n/configmaps?fieldValidation=Strict", Twice);
        Assert.Equal("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate"
            + " field \"data.a\"", (string?)refusal["message"]);
        var made = _bench.Post("/api/v1/namespaces/n/configmaps", Twice);
        Assert.Equal("2", (string?)made["data"]!["a"]);
        Assert.Equal(["duplicate field \"data.a\""], _bench.Warnings);
    }

    [Fact]
    public void A_strategic_patch_puts_what_it_names_in_its_own_order()
    {
        const string Services = "/api/v1/namespaces/n/services";
        _bench.Post(Services, """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""");
        var patched = _bench.Strategic(Services + "/s",
            """{"spec":{"ports":[{"port":81,"name":"b"},{"port":80,"name":"a"}]}}""");
        Assert.Equal([81, 80], patched["spec"]!["ports"]!.AsArray().Select(each => (int)each!["port"]!));
    }

    [Fact]
    public void One_empty_entry_makes_the_server_forget_who_owns_what()
    {
        const string Maps = "/api/v1/namespaces/n/configmaps";
        _bench.Post(Maps, """{"metadata":{"name":"c"},"data":{"a":"1"}}""");
        var reset = _bench.Merge(Maps + "/c", """{"metadata":{"managedFields":[{}]}}""");
        Assert.Null(reset["metadata"]!["managedFields"]);
    }

    [Fact]
    public void Whoever_says_who_owns_what_is_believed_and_an_apply_then_removes_what_it_took_over()
    {
        const string Maps = "/api/v1/namespaces/n/configmaps";
        var made = _bench.Post(Maps + "?fieldManager=old", """{"metadata":{"name":"c"},"data":{"a":"1","b":"1"}}""");
        var entry = made["metadata"]!["managedFields"]![0]!.DeepClone();
        (entry["manager"], entry["operation"]) = ("new", "Apply");
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["managedFields"] = new JsonArray(entry) },
        };
        var taken = _bench.Merge(Maps + "/c?fieldManager=new", patch.ToJsonString());
        var owner = Assert.Single(taken["metadata"]!["managedFields"]!.AsArray())!;
        Assert.Equal(("new", "Apply"), ((string?)owner["manager"], (string?)owner["operation"]));

        var applied = _bench.Apply(Maps + "/c?fieldManager=new",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"b":"2"}}""");
        Assert.Equal("""{"b":"2"}""", applied["data"]!.ToJsonString());
    }

    [Fact]
    public void No_more_than_ten_are_remembered_who_updated()
    {
        const string Maps = "/api/v1/namespaces/n/configmaps";
        _bench.Post(Maps, """{"metadata":{"name":"c"},"data":{"a":"1"}}""");
        JsonObject last = [];
        for (var i = 0; i < 14; i++)
        {
            _bench.Wait(TimeSpan.FromSeconds(1));
            last = _bench.Merge($"{Maps}/c?fieldManager=m{i:D2}", $$$"""{"data":{"k{{{i}}}":"1"}}""");
        }

        var owners = last["metadata"]!["managedFields"]!.AsArray().Select(each => (string?)each!["manager"]).ToList();
        Assert.Equal(10, owners.Count);
        Assert.Equal("ancient-changes", owners[0]);
        Assert.Equal("m13", owners[^1]);
    }
}
