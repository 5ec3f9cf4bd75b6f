using Tidekeeper.Kube;
using Tidekeeper.Kube.Cache;

namespace Tidekeeper.UnitTests.Kube.Cache;

public class StoreTests
{
    private readonly Store<string> _store = new(value => value.Split(','));

    private static Store<string>.Entry Entry(string name, string version, string value) =>
        new(new ObjectKey("n", name), version, value);

    private static string Print(IEnumerable<(Store<string>.Entry? Before, Store<string>.Entry? After)> changes) =>
        string.Join("; ", changes.Select(c => $"{c.Before?.Value ?? "-"} → {c.After?.Value ?? "-"}"));

    [Fact]
    public void Values_are_found_by_each_of_their_index_strings()
    {
        _store.Put(Entry("b", "1", "x,z"));
        _store.Put(Entry("a", "2", "x,y"));
        Assert.Equal(["x,y", "x,z"], _store.By("x"));
        Assert.Equal(["x,z"], _store.By("z"));
    }

    [Fact]
    public void A_value_that_changes_leaves_its_old_index_strings()
    {
        _store.Put(Entry("a", "1", "x"));
        _store.Put(Entry("a", "2", "y"));
        Assert.Empty(_store.By("x"));
        Assert.Equal(["y"], _store.By("y"));
    }

    [Fact]
    public void A_new_list_tells_what_came_went_and_changed()
    {
        _store.Put(Entry("a", "1", "a1"));
        _store.Put(Entry("b", "2", "b2"));
        _store.Put(Entry("c", "3", "c3"));
        var changes = _store.Swap([Entry("a", "1", "a1"), Entry("b", "5", "b5"), Entry("d", "6", "d6")]);
        Assert.Equal("b2 → b5; c3 → -; - → d6", Print(changes));
        Assert.Empty(_store.By("c3"));
    }

    [Fact]
    public void An_older_event_does_not_undo_a_newer_answer()
    {
        _store.Put(Entry("a", "3", "three"));
        _store.Refresh(Entry("a", "9", "nine"));
        _store.Put(Entry("a", "5", "five"));
        Assert.Equal("nine", _store.Find(new("n", "a"))!.Value);
    }

    [Fact]
    public void An_answer_does_not_bring_back_what_is_gone()
    {
        _store.Put(Entry("a", "3", "three"));
        _store.Remove(new("n", "a"));
        _store.Refresh(Entry("a", "9", "nine"));
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void Versions_are_compared_as_numbers()
    {
        Assert.True(Versions.IsOlder("9", "10"));
        Assert.False(Versions.IsOlder("10", "9"));
        Assert.False(Versions.IsOlder("opaque", "10"));
    }
}
