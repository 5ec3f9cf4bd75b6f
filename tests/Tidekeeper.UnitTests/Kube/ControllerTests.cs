using Tidekeeper.Kube;
using Tidekeeper.Kube.Queue;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube;

public class ControllerTests
{
    private sealed class Scene(VirtualTime time) : IDisposable
    {
        public WorkQueue Queue { get; } = new(time);
        public List<string> Log { get; } = [];
        public CancellationTokenSource Stop { get; } = new();

        public Task Run(Func<ObjectKey, CancellationToken, Task<Outcome>> reconcile) =>
            new Controller(Queue, reconcile,
                (key, outcome, _) =>
                    Log.Add($"{(time.Now - Stage.Start).TotalSeconds:0} {key.Name} {outcome.GetType().Name}"),
                new() { Workers = 2, Retries = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)) },
                time, new Random(3)).Run(Stop.Token);

        public void Dispose()
        {
            Queue.Dispose();
            Stop.Dispose();
        }
    }

    private static ObjectKey Key(string name) => new("n", name);

    [Fact]
    public void A_failing_key_is_tried_again_later_and_later_and_hinders_nobody() => Stage.Run(async time =>
    {
        using var scene = new Scene(time);
        var running = scene.Run((key, _) => key.Name == "bad"
            ? throw new InvalidOperationException("broken")
            : Task.FromResult<Outcome>(new Outcome.Settled()));
        scene.Queue.Add(Key("bad"));
        scene.Queue.Add(Key("good"));
        await time.Pass(20);
        scene.Stop.Cancel();
        await running;
        Assert.Contains("0 good Settled", scene.Log);
        Assert.InRange(scene.Log.Count(l => l.EndsWith("bad Failed", StringComparison.Ordinal)), 3, 6);
    });

    [Fact]
    public void A_rejected_key_waits_for_a_change() => Stage.Run(async time =>
    {
        using var scene = new Scene(time);
        var running = scene.Run((_, _) => Task.FromResult<Outcome>(new Outcome.Rejected("no")));
        scene.Queue.Add(Key("a"));
        await time.Pass(3600);
        scene.Queue.Add(Key("a"));
        await time.Pass(1);
        scene.Stop.Cancel();
        await running;
        Assert.Equal(["0 a Rejected", "3600 a Rejected"], scene.Log);
    });

    [Fact]
    public void A_wish_to_look_again_is_granted_when_due() => Stage.Run(async time =>
    {
        using var scene = new Scene(time);
        var running = scene.Run((_, _) => Task.FromResult<Outcome>(new Outcome.Again(TimeSpan.FromSeconds(30))));
        scene.Queue.Add(Key("a"));
        await time.Pass(70);
        scene.Stop.Cancel();
        await running;
        Assert.Equal(["0 a Again", "30 a Again", "60 a Again"], scene.Log);
    });

    [Fact]
    public void Stopping_lets_running_work_end_and_begins_no_more() => Stage.Run(async time =>
    {
        using var scene = new Scene(time);
        var running = scene.Run(async (_, cancel) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), time, cancel);
            return new Outcome.Settled();
        });
        scene.Queue.Add(Key("a"));
        scene.Queue.Add(Key("b"));
        scene.Queue.Add(Key("c"));
        await time.Pass(1);
        scene.Stop.Cancel();
        await running;
        Assert.Equal(["5 a Settled", "5 b Settled"], scene.Log);
    });

    [Fact]
    public void Work_that_does_not_end_is_cut_off_after_the_grace_time() => Stage.Run(async time =>
    {
        using var scene = new Scene(time);
        var running = scene.Run(async (_, cancel) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), time, cancel);
            return new Outcome.Settled();
        });
        scene.Queue.Add(Key("a"));
        await time.Pass(1);
        scene.Stop.Cancel();
        await running;
        Assert.Equal(["21 a Failed"], scene.Log);
    });
}
