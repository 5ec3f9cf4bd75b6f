using Tidekeeper.Engines.TiDB;

namespace Tidekeeper.Bench;

/// <summary>What it costs to look at a settled cluster of 3 PD, 3 TiKV and 2 TiDB, in CPU time.</summary>
internal static class NoChange
{
    private const int Warm = 3000;
    private const int Calls = 1000;
    private const int Parts = 5;

    public static IReadOnlyList<Measured> Run()
    {
        var world = SettledWorld.Of(3, 3, 2);
        world.RunUntil(() => false, TimeSpan.FromMinutes(10), []);
        var parts = new SettledOperator(world, new RecordedWire(world));
        var seen = parts.Observe();
        var reconciler = parts.Reconciler();
        parts.Transport.Requests.Clear();
        // Once for nothing: the compiler works on other threads, and its time counts too.
        Measure(() => SettledOperator.Now(reconciler.Reconcile(parts.Key, CancellationToken.None)));
        var whole = Measure(() => SettledOperator.Now(reconciler.Reconcile(parts.Key, CancellationToken.None)));
        if (parts.Transport.Requests.Count > 0)
            Console.Error.WriteLine($"bench: it was not settled: {ApiTransport.Print(parts.Transport.Requests)}");
        var pure = Measure(() => Decide(seen with { }));
        var first = Measure(() => Decide(seen with { Cluster = seen.Cluster with { } }));
        var observing = Measure(() => parts.Observe());
        return
        [
            new("reconcile with no change: plan and status, the pure part", "≤ 200 µs CPU", $"{pure:0} µs"),
            new("reconcile with no change: all of it", "≤ 200 µs CPU",
                $"{whole:0} µs, of that {observing:0} µs to read PD's and TiDB's answers and the caches"),
            new("— plan and status after the cluster's object was read anew", "", $"{first:0} µs"),
        ];
    }

    private static object Decide(TidbSeen seen) => TidbStatus.Of(seen, TidbPlan.Plan(seen));

    /// <summary>
    /// Microseconds of this process's CPU time for one call, the least of several parts, as others use the machine too.
    /// </summary>
    private static double Measure(Func<object?> once)
    {
        for (var i = 0; i < Warm; i++)
            once();
        var least = double.MaxValue;
        for (var part = 0; part < Parts; part++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < Calls; i++)
                once();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Calls);
        }

        return least;
    }
}
