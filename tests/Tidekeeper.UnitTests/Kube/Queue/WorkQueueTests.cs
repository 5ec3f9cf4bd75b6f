using Tidekeeper.Kube;
using Tidekeeper.Kube.Queue;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube.Queue;

public class WorkQueueTests
{
    private static ObjectKey Key(string name) => new("n", name);

    private static void Play(Func<WorkQueue, VirtualTime, Task> play) => Stage.Run(async time =>
    {
        using var queue = new WorkQueue(time);
        await play(queue, time);
    });

    [Fact]
    public void A_key_added_twice_is_worked_on_once() => Play(async (queue, _) =>
    {
        queue.Add(Key("a"));
        queue.Add(Key("a"));
        await queue.Take();
        Assert.Equal(0, queue.Ready);
    });

    [Fact]
    public void A_key_is_never_in_flight_twice_but_comes_again_when_added_meanwhile() => Play(async (queue, _) =>
    {
        queue.Add(Key("a"));
        await queue.Take();
        queue.Add(Key("a"));
        var second = queue.Take();
        Assert.False(second.IsCompleted);
        queue.Done(Key("a"));
        Assert.Equal(Key("a"), await second);
    });

    [Fact]
    public void A_key_comes_when_it_is_due() => Play(async (queue, time) =>
    {
        queue.AddAt(Key("a"), Stage.Start.AddSeconds(10));
        await queue.Take();
        Assert.Equal(Stage.Start.AddSeconds(10), time.Now);
    });

    [Fact]
    public void An_earlier_wish_wins() => Play(async (queue, time) =>
    {
        queue.AddAt(Key("a"), Stage.Start.AddSeconds(300));
        queue.AddAt(Key("a"), Stage.Start.AddSeconds(5), Urgency.Soon);
        queue.AddAt(Key("a"), Stage.Start.AddSeconds(100));
        await queue.Take();
        Assert.Equal(Stage.Start.AddSeconds(5), time.Now);
        queue.Done(Key("a"));
        var again = queue.Take();
        await time.Pass(1000);
        Assert.False(again.IsCompleted);
    });

    [Fact]
    public void Edits_of_users_go_before_resyncs() => Play(async (queue, _) =>
    {
        queue.Add(Key("old"), Urgency.Whenever);
        queue.Add(Key("edited"));
        Assert.Equal(Key("edited"), await queue.Take());
        Assert.Equal(Key("old"), await queue.Take());
    });

    [Fact]
    public void A_flood_of_edits_does_not_starve_the_rest() => Play(async (queue, _) =>
    {
        queue.Add(Key("patient"), Urgency.Whenever);
        for (var i = 0; i < 100; i++)
            queue.Add(Key($"edit{i}"));
        var takes = 0;
        while (await queue.Take() != Key("patient"))
            takes++;
        Assert.InRange(takes, 0, 8);
    });

    [Fact]
    public void Closing_sends_the_waiting_workers_home() => Play(async (queue, _) =>
    {
        var waiting = queue.Take();
        queue.Close();
        Assert.Null(await waiting);
        Assert.Null(await queue.Take());
    });

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 0.5)]
    [InlineData(1, 0.999999, 1)]
    [InlineData(4, 0, 4)]
    [InlineData(50, 0, 30)]
    public void Pauses_double_up_to_a_limit_and_half_of_them_is_chance(int failures, double chance, double seconds) =>
        Assert.Equal(seconds,
            new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)).Pause(failures, chance).TotalSeconds, 3);
}
