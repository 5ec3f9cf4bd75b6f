namespace Tidekeeper.UnitTests.Playground.Api;

public sealed class ViewTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private readonly ApiBench _bench = new();

    [Fact]
    public void A_frozen_view_shows_the_past_and_the_leader_the_present()
    {
        Make("a");
        _bench.Api.Views[1].Freeze();
        Make("b");
        Assert.Equal("a", Names("?resourceVersion=0", view: 1));
        Assert.Equal("a b", Names("", view: 1));
        _bench.Api.Views[1].AdvanceTo(_bench.Api.Head);
        Make("c");
        Assert.Equal("a b", Names("?resourceVersion=0", view: 1));
        _bench.Api.Views[1].Thaw();
        Assert.Equal("a b c", Names("?resourceVersion=0", view: 1));
    }

    [Fact]
    public void A_watch_hears_of_a_change_when_its_view_does()
    {
        var watch = _bench.Watch(ConfigMaps + "?watch=1&resourceVersion=0", view: 1);
        _bench.Api.Views[1].Freeze();
        Make("a");
        var middle = _bench.Api.Head;
        Make("b");
        Assert.Equal("", ApiBench.Lines(watch));
        _bench.Api.Views[1].AdvanceTo(middle);
        Assert.Equal("ADDED a", ApiBench.Lines(watch));
        _bench.Api.Views[1].Thaw();
        Assert.Equal("ADDED b", ApiBench.Lines(watch));
    }

    [Fact]
    public void A_single_read_can_be_as_old_as_the_view()
    {
        Make("a");
        _bench.Api.Views[1].Freeze();
        _bench.Delete(ConfigMaps + "/a");
        _bench.Send("GET", ConfigMaps + "/a?resourceVersion=0", view: 1);
        Assert.Equal(200, _bench.Status);
        _bench.Send("GET", ConfigMaps + "/a", view: 1);
        Assert.Equal(404, _bench.Status);
    }

    private void Make(string name) => _bench.Post(ConfigMaps, $"{{\"metadata\":{{\"name\":\"{name}\"}}}}");

    private string Names(string query, int view) => string.Join(' ',
        _bench.Send("GET", ConfigMaps + query, view: view)["items"]!.AsArray()
            .Select(each => (string?)each!["metadata"]!["name"]));
}
