namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class WatchTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private readonly ApiBench _bench = new();

    [Fact]
    public void A_watch_from_a_version_tells_what_happened_since()
    {
        Make("a");
        var version = _bench.Api.Head;
        Make("b");
        _bench.Merge(ConfigMaps + "/a", """{"data":{"k":"1"}}""");
        _bench.Delete(ConfigMaps + "/b");
        Assert.Equal("""
            ADDED b
            MODIFIED a
            DELETED b
            """, Lines($"watch=1&resourceVersion={version}"));
    }

    [Theory]
    [InlineData("watch=1")]
    [InlineData("watch=1&resourceVersion=0")]
    public void A_watch_from_no_version_begins_with_what_is_there(string query)
    {
        Make("b");
        Make("a");
        Assert.Equal("ADDED a\nADDED b", Lines(query));
    }

    [Fact]
    public void An_object_that_leaves_the_selection_is_deleted_for_the_watcher()
    {
        Make("a");
        var watch = _bench.Watch(ConfigMaps + "?watch=1&labelSelector=in");
        Assert.Equal("", ApiBench.Lines(watch));
        _bench.Merge(ConfigMaps + "/a", """{"metadata":{"labels":{"in":"1"}}}""");
        _bench.Merge(ConfigMaps + "/a", """{"data":{"k":"1"}}""");
        _bench.Merge(ConfigMaps + "/a", """{"metadata":{"labels":null}}""");
        _bench.Merge(ConfigMaps + "/a", """{"data":{"k":"2"}}""");
        Assert.Equal("ADDED a\nMODIFIED a\nDELETED a", ApiBench.Lines(watch));
    }

    [Fact]
    public void The_end_of_the_initial_state_is_marked()
    {
        Make("a");
        var watch = _bench.Watch(ConfigMaps + "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true"
            + "&resourceVersionMatch=NotOlderThan");
        Assert.Equal("ADDED", (string?)watch.TryRead()!["type"]);
        var mark = watch.TryRead()!;
        Assert.Equal("BOOKMARK", (string?)mark["type"]);
        Assert.Equal("true", (string?)mark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public void A_watch_from_before_the_log_is_gone()
    {
        Make("a");
        Make("b");
        _bench.Api.Store.Compact(_bench.Api.Head);
        Assert.Throws<InvalidOperationException>(() => _bench.Watch(ConfigMaps + "?watch=1&resourceVersion=1"));
        Assert.Equal(410, _bench.Status);
    }

    [Fact]
    public void A_watch_that_fell_behind_the_log_ends_with_an_error()
    {
        var watch = _bench.Watch($"{ConfigMaps}?watch=1&resourceVersion={_bench.Api.Head}");
        Make("a");
        Make("b");
        _bench.Api.Store.Compact(_bench.Api.Head);
        Assert.Equal(410, (int?)watch.TryRead()!["object"]!["code"]);
        Assert.True(watch.Ended);
    }

    [Fact]
    public void A_watch_ends_when_its_time_is_up_and_bookmarks_keep_it_fresh()
    {
        var watch = _bench.Watch(ConfigMaps + "?watch=1&timeoutSeconds=90&allowWatchBookmarks=true");
        _bench.Wait(TimeSpan.FromSeconds(61));
        Assert.Equal("BOOKMARK", (string?)watch.TryRead()!["type"]);
        _bench.Wait(TimeSpan.FromSeconds(30));
        Assert.True(watch.Ended);
    }

    private void Make(string name) => _bench.Post(ConfigMaps, $"{{\"metadata\":{{\"name\":\"{name}\"}}}}");

    private string Lines(string query) => ApiBench.Lines(_bench.Watch(ConfigMaps + "?" + query));
}
