using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.UnitTests.Kube;

/// <summary>Runs asynchronous code on one thread in virtual time: whoever waits makes time pass.</summary>
internal static class Stage
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static void Run(Func<VirtualTime, Task> play)
    {
        var time = new VirtualTime(Start);
        var pump = new Pump();
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(pump);
        try
        {
            var playing = play(time);
            pump.RunUntilIdle();
            while (!playing.IsCompleted)
            {
                Assert.True(time.FireNext(Start.AddDays(2)), "somebody waits for what never comes");
                pump.RunUntilIdle();
            }

            playing.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Lets that much time pass.</summary>
    public static Task Pass(this VirtualTime time, double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), time);
}
