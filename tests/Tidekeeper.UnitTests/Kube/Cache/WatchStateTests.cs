using Tidekeeper.Kube.Cache;

namespace Tidekeeper.UnitTests.Kube.Cache;

public class WatchStateTests
{
    private static readonly WatchInput Opened = new WatchInput.Opened();
    private static readonly WatchInput Ended = new WatchInput.Ended();
    private static readonly WatchInput Broken = new WatchInput.Broken();
    private static readonly WatchInput Away = new WatchInput.Broken(Arrived: false);
    private static readonly WatchInput Gone = new WatchInput.Refused(410);

    private static WatchInput Page(string version, string next = "") => new WatchInput.Page(version, next);

    private static WatchInput Event(string version) => new WatchInput.Event(version);

    private static string After(params WatchInput[] inputs)
    {
        var state = inputs.Aggregate(WatchState.Start, (s, input) => s.After(input));
        return $"{state.Phase} v{state.Version} c{state.Continue} f{state.Failures}";
    }

    [Fact]
    public void A_list_of_one_page_is_listed_at_once() => Assert.Equal("Listed v5 c f0", After(Page("5")));

    [Fact]
    public void A_list_of_two_pages_asks_for_the_second() =>
        Assert.Equal("Listing v5 ct f0", After(Page("5", "t")));

    [Fact]
    public void The_last_page_ends_the_list() => Assert.Equal("Listed v5 c f0", After(Page("5", "t"), Page("5")));

    [Fact]
    public void Events_and_bookmarks_move_the_version() =>
        Assert.Equal("Watching v9 c f0", After(Page("5"), Opened, Event("7"), Event("9")));

    [Fact]
    public void A_watch_that_ended_after_events_is_resumed_at_once() =>
        Assert.Equal("Listed v7 c f0", After(Page("5"), Opened, Event("7"), Ended));

    [Fact]
    public void A_watch_that_ended_without_events_is_resumed_after_a_pause_that_grows()
    {
        Assert.Equal("Listed v5 c f1", After(Page("5"), Opened, Ended));
        Assert.Equal("Listed v5 c f2", After(Page("5"), Opened, Ended, Opened, Ended));
    }

    [Fact]
    public void A_broken_watch_resumes_from_the_last_version_instead_of_listing() =>
        Assert.Equal("Listed v7 c f1", After(Page("5"), Opened, Event("7"), Broken));

    [Fact]
    public void Watches_that_break_before_their_first_line_lead_to_a_list_and_pause_longer_and_longer()
    {
        WatchInput[] broken = [Page("5"), Opened, Broken, Opened, Broken, Opened, Broken];
        Assert.Equal("Empty v c f3", After(broken));
        Assert.Equal("Listed v6 c f3", After([.. broken, Page("6")]));
        Assert.Equal("Empty v c f4", After([.. broken, Page("6"), Opened, Broken]));
        Assert.Equal("Listed v7 c f1", After([.. broken, Page("6"), Opened, Event("7"), Broken]));
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_no_reason_to_list_again() =>
        Assert.Equal("Listed v5 c f4", After(Page("5"), Away, Away, Away, Away));

    [Fact]
    public void Watches_that_are_never_answered_lead_to_a_list() =>
        Assert.Equal("Empty v c f3", After(Page("5"), Broken, Opened, Broken, Broken));

    [Fact]
    public void A_version_that_is_gone_leads_back_to_a_list() =>
        Assert.Equal("Empty v c f1", After(Page("5"), Opened, Event("7"), Gone));

    [Fact]
    public void A_continue_token_that_is_gone_begins_the_list_anew() =>
        Assert.Equal("Empty v c f1", After(Page("5", "t"), Gone));

    [Fact]
    public void A_version_that_is_gone_when_the_watch_opens_leads_back_to_a_list() =>
        Assert.Equal("Empty v c f1", After(Page("5"), Gone));

    [Fact]
    public void A_page_that_does_not_come_is_asked_for_again() =>
        Assert.Equal("Listing v5 ct f2", After(Page("5", "t"), Broken, Broken));

    [Fact]
    public void A_success_ends_the_count_of_failures() =>
        Assert.Equal("Listed v5 c f0", After(Broken, Broken, Page("5")));

    [Fact]
    public void A_refusal_keeps_the_pause_that_the_server_asked_for()
    {
        var state = WatchState.Start.After(new WatchInput.Refused(429, TimeSpan.FromSeconds(7)));
        Assert.Equal((WatchPhase.Empty, TimeSpan.FromSeconds(7)), (state.Phase, state.RetryAfter));
    }

    [Fact]
    public void What_cannot_happen_is_a_bug() =>
        Assert.Throws<InvalidOperationException>(() => WatchState.Start.After(Opened));
}
