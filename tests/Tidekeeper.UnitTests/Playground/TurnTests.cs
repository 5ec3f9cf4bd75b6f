using System.Text.Json.Nodes;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.UnitTests.Playground;

public class TurnTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly World _world = new(new StandingClock(), seed: 1);

    [Fact]
    public void Everybody_is_asked_once_and_then_when_he_is_due_or_has_seen_something()
    {
        var actor = new Scripted { Due = Start.AddSeconds(10) };
        var turn = new Turn(actor, _world.Api);

        Assert.Equal([true, false, true], Ask(turn, Start, Start.AddSeconds(9), Start.AddSeconds(10)));
        actor.Due = null;
        turn.Take(Start);
        Assert.Equal([false], Ask(turn, Start.AddDays(1)));
        actor.HasSeen = true;
        Assert.Equal([true, true], Ask(turn, Start, Start));
    }

    [Fact]
    public void Who_sees_only_the_API_does_not_look_around_while_nothing_was_written()
    {
        var actor = new Scripted { SeesOnlyApi = true };
        var turn = new Turn(actor, _world.Api);

        Ask(turn, Start, Start, Start);
        Assert.Equal(1, actor.Looks);
        new ApiClient(_world.Api, "test").Create("v1/namespaces", null, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = "a" },
        });
        Ask(turn, Start, Start);
        Assert.Equal(2, actor.Looks);
    }

    [Fact]
    public void Who_has_acted_looks_around_again_because_he_may_have_left_something_for_himself()
    {
        var actor = new Scripted { SeesOnlyApi = true, HasSeen = true };
        var turn = new Turn(actor, _world.Api);

        Assert.Equal([true, true, true], Ask(turn, Start, Start, Start));
    }

    [Fact]
    public void Who_is_cut_off_from_whom_is_news_to_those_who_wait_for_nothing_else()
    {
        var network = new PodNetwork();
        var before = (network.Cuts, network.Activity);

        network.Reachable = (_, _, _) => false;

        Assert.True(network.Cuts > before.Cuts && network.Activity > before.Activity);
    }

    private static bool[] Ask(Turn turn, params ReadOnlySpan<DateTimeOffset> moments)
    {
        var asked = new List<bool>();
        foreach (var now in moments)
        {
            asked.Add(turn.HasCome(now));
            if (asked[^1])
                turn.Take(now);
        }

        return [.. asked];
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }

    private sealed class Scripted : IActor
    {
        public string Name => "scripted";
        public bool SeesOnlyApi { get; init; }
        public bool HasSeen { get; set; }
        public DateTimeOffset? Due { get; set; }
        public int Looks { get; private set; }

        public bool Notices()
        {
            Looks++;
            return HasSeen;
        }

        public DateTimeOffset? Act(DateTimeOffset now) => Due;
    }
}
