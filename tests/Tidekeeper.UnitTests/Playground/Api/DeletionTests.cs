using System.Text.Json.Nodes;
using Tidekeeper.Playground.Housekeeping;

namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class DeletionTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private readonly ApiBench _bench = new();

    [Fact]
    public void A_finalizer_holds_an_object_until_it_is_removed()
    {
        _bench.Post(ConfigMaps, """{"metadata":{"name":"c","finalizers":["example.com/hold"]}}""");
        var marked = _bench.Delete(ConfigMaps + "/c");
        Assert.Equal("2026-01-01T00:00:00Z", (string?)marked["metadata"]!["deletionTimestamp"]);
        _bench.Merge(ConfigMaps + "/c", """{"metadata":{"finalizers":["example.com/hold","example.com/late"]}}""");
        Assert.Equal(422, _bench.Status);
        _bench.Merge(ConfigMaps + "/c", """{"metadata":{"finalizers":null}}""");
        _bench.Get(ConfigMaps + "/c");
        Assert.Equal(404, _bench.Status);
    }

    [Fact]
    public void A_delete_with_a_precondition_hits_only_that_object()
    {
        var made = _bench.Post(ConfigMaps, """{"metadata":{"name":"c"}}""");
        var refusal = _bench.Delete(ConfigMaps + "/c", """{"preconditions":{"uid":"another"}}""");
        Assert.Equal(409, _bench.Status);
        Assert.Contains("the UID in the precondition (another) does not match", (string?)refusal["message"],
            StringComparison.Ordinal);
        var uid = (string?)made["metadata"]!["uid"];
        _bench.Delete(ConfigMaps + "/c", $$"""{"preconditions":{"uid":"{{uid}}"} }""");
        Assert.Equal(200, _bench.Status);
    }

    [Fact]
    public void A_pod_on_a_node_gets_time_to_stop_and_one_on_none_goes_at_once()
    {
        const string Pods = "/api/v1/namespaces/n/pods";
        foreach (var (name, node) in new[] { ("running", "node-1"), ("waiting", "") })
        {
            _bench.Post(Pods, $$"""
                {"metadata":{"name":"{{name}}"},"spec":{"nodeName":"{{node}}","containers":[{"name":"c","image":"i"}]} }
                """);
        }

        _bench.Delete(Pods + "/waiting");
        var stopping = _bench.Delete(Pods + "/running");
        Assert.Equal("2026-01-01T00:00:30Z", (string?)stopping["metadata"]!["deletionTimestamp"]);
        Assert.Equal("running", (string?)Assert.Single(_bench.Client.List("v1/pods"))["metadata"]!["name"]);
        _bench.Delete(Pods + "/running?gracePeriodSeconds=0");
        Assert.Empty(_bench.Client.List("v1/pods"));
    }

    [Fact]
    public void An_eviction_respects_the_disruption_budget()
    {
        _bench.Post("/api/v1/namespaces/n/pods", """
            {"metadata":{"name":"p","labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}
            """);
        _bench.Merge("/api/v1/namespaces/n/pods/p/status", """{"status":{"phase":"Running"}}""");
        _bench.Post("/apis/policy/v1/namespaces/n/poddisruptionbudgets", """
            {"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}
            """);
        _bench.Post("/api/v1/namespaces/n/pods/p/eviction", """{"metadata":{"name":"p"}}""");
        Assert.Equal(429, _bench.Status);
        _bench.Merge("/apis/policy/v1/namespaces/n/poddisruptionbudgets/b/status",
            """{"status":{"disruptionsAllowed":1}}""");
        _bench.Post("/api/v1/namespaces/n/pods/p/eviction", """{"metadata":{"name":"p"}}""");
        Assert.Equal(201, _bench.Status);
        Assert.Empty(_bench.Client.List("v1/pods"));
    }

    [Fact]
    public void A_collection_is_deleted_as_far_as_it_is_selected()
    {
        _bench.Post(ConfigMaps, """{"metadata":{"name":"a","labels":{"go":"1"}}}""");
        _bench.Post(ConfigMaps, """{"metadata":{"name":"b"}}""");
        _bench.Delete(ConfigMaps + "?labelSelector=go");
        var left = _bench.Get(ConfigMaps)["items"]!.AsArray();
        Assert.Equal("b", (string?)Assert.Single(left)!["metadata"]!["name"]);
    }

    [Theory]
    [InlineData("Background", "")]
    [InlineData("Foreground", "")]
    [InlineData("Orphan", "child")]
    public void What_an_owner_held_goes_or_stays_as_the_deletion_says(string propagation, string left)
    {
        OwnerAndChild();
        _bench.Delete(ConfigMaps + "/owner?propagationPolicy=" + propagation);
        Collect();
        var names = _bench.Client.List("v1/configmaps", "n").Select(each => (string?)each["metadata"]!["name"]);
        Assert.Equal(left, string.Join(' ', names));
    }

    [Fact]
    public void A_foreground_deletion_waits_for_the_dependents()
    {
        OwnerAndChild("example.com/hold");
        _bench.Delete(ConfigMaps + "/owner?propagationPolicy=Foreground");
        var collector = Collect();
        Assert.Equal("foregroundDeletion", (string?)_bench.Get(ConfigMaps + "/owner")["metadata"]!["finalizers"]![0]);
        _bench.Merge(ConfigMaps + "/child", """{"metadata":{"finalizers":null}}""");
        Settle(collector);
        _bench.Get(ConfigMaps + "/owner");
        Assert.Equal(404, _bench.Status);
    }

    [Fact]
    public void A_namespace_refuses_new_content_while_it_goes_and_goes_when_it_is_empty()
    {
        _bench.Post(ConfigMaps, """{"metadata":{"name":"c"}}""");
        Assert.Equal("Terminating", (string?)_bench.Delete("/api/v1/namespaces/n")["status"]!["phase"]);
        var refusal = _bench.Post(ConfigMaps, """{"metadata":{"name":"late"}}""");
        Assert.Equal(403, _bench.Status);
        Assert.Equal("NamespaceTerminating", (string?)refusal["details"]!["causes"]![0]!["reason"]);
        var controller = new NamespaceController(_bench.Api);
        for (var round = 0; round < 3; round++)
        {
            controller.Act(_bench.Api.Time.GetUtcNow());
            _bench.Wait(TimeSpan.FromSeconds(5));
        }

        _bench.Get("/api/v1/namespaces/n");
        Assert.Equal(404, _bench.Status);
    }

    private void OwnerAndChild(string? finalizer = null)
    {
        var owner = _bench.Post(ConfigMaps, """{"metadata":{"name":"owner"}}""");
        var child = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "child",
                ["finalizers"] = finalizer is null ? null : new JsonArray(finalizer),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["name"] = "owner",
                    ["uid"] = (string?)owner["metadata"]!["uid"],
                    ["blockOwnerDeletion"] = true,
                }),
            },
        };
        _bench.Post(ConfigMaps, child.ToJsonString());
    }

    private GarbageCollector Collect()
    {
        var collector = new GarbageCollector(_bench.Api);
        Settle(collector);
        return collector;
    }

    private void Settle(GarbageCollector collector)
    {
        for (var round = 0; round < 5; round++)
            collector.Act(_bench.Api.Time.GetUtcNow());
    }
}
