namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class UpdateTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private const string Policies = "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies";
    private readonly ApiBench _bench = new();

    [Fact]
    public void A_write_based_on_an_old_version_is_a_conflict()
    {
        var old = _bench.Post(ConfigMaps, """{"metadata":{"name":"c"},"data":{"k":"1"}}""");
        _bench.Merge(ConfigMaps + "/c", """{"data":{"k":"2"}}""");
        var refusal = _bench.Put(ConfigMaps + "/c", old.ToJsonString());
        Assert.Equal(409, _bench.Status);
        Assert.Equal("Operation cannot be fulfilled on configmaps \"c\": the object has been modified; please apply"
            + " your changes to the latest version and try again", (string?)refusal["message"]);
        Assert.Equal("2", (string?)_bench.Get(ConfigMaps + "/c")["data"]!["k"]);
    }

    [Fact]
    public void A_write_meant_for_an_earlier_object_of_the_name_is_a_conflict()
    {
        _bench.Post(ConfigMaps, """{"metadata":{"name":"c"}}""");
        var refusal = _bench.Put(ConfigMaps + "/c", """{"metadata":{"name":"c","uid":"another"}}""");
        Assert.Equal(409, _bench.Status);
        Assert.Contains("UID in precondition: another", (string?)refusal["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_changes_nothing_makes_no_new_version()
    {
        var made = _bench.Post(ConfigMaps, """{"metadata":{"name":"c"},"data":{"k":"1"}}""");
        var head = _bench.Api.Head;
        _bench.Wait(TimeSpan.FromMinutes(1));
        var again = _bench.Put(ConfigMaps + "/c", """{"metadata":{"name":"c"},"data":{"k":"1"}}""");
        Assert.Equal(made.ToJsonString(), again.ToJsonString());
        Assert.Equal(head, _bench.Api.Head);
    }

    [Fact]
    public void The_generation_counts_changes_of_the_spec_only()
    {
        _bench.Post(Policies, """{"metadata":{"name":"p"},"spec":{"podSelector":{}}}""");
        var labelled = _bench.Merge(Policies + "/p", """{"metadata":{"labels":{"a":"1"}}}""");
        Assert.Equal(1, (long?)labelled["metadata"]!["generation"]);
        var changed = _bench.Merge(Policies + "/p", """{"spec":{"podSelector":{"matchLabels":{"app":"x"}}}}""");
        Assert.Equal(2, (long?)changed["metadata"]!["generation"]);
    }

    [Fact]
    public void Status_and_spec_are_written_apart()
    {
        const string Budgets = "/apis/policy/v1/namespaces/n/poddisruptionbudgets";
        _bench.Post(Budgets, """{"metadata":{"name":"b"},"spec":{"minAvailable":1},"status":{"currentHealthy":9}}""");
        var status = _bench.Merge(Budgets + "/b/status",
            """{"spec":{"minAvailable":7},"status":{"currentHealthy":3}}""");
        Assert.Equal((1, 3), ((int?)status["spec"]!["minAvailable"], (int?)status["status"]!["currentHealthy"]));
        var spec = _bench.Merge(Budgets + "/b", """{"spec":{"minAvailable":2},"status":{"currentHealthy":8}}""");
        Assert.Equal((2, 3), ((int?)spec["spec"]!["minAvailable"], (int?)spec["status"]!["currentHealthy"]));
    }

    [Fact]
    public void An_option_that_is_not_understood_is_refused()
    {
        var refusal = _bench.Post(ConfigMaps + "?dryRun=Some", """{"metadata":{"name":"c"}}""");
        Assert.Equal(422, _bench.Status);
        Assert.Contains("dryRun: Unsupported value", (string?)refusal["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_answers_but_keeps_nothing()
    {
        var head = _bench.Api.Head;
        _bench.Post(ConfigMaps + "?dryRun=All", """{"metadata":{"name":"c"}}""");
        Assert.Equal((201, head), (_bench.Status, _bench.Api.Head));
        _bench.Get(ConfigMaps + "/c");
        Assert.Equal(404, _bench.Status);
    }
}
