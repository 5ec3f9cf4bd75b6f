using Tidekeeper.Bench.Fleet;
using Tidekeeper.Bench.Worlds;

namespace Tidekeeper.Bench;

/// <summary>
/// Measures what docs/bench.md promises, and prints it as one table. Nothing here is asserted: a clock on a busy
/// machine is no judge.
/// </summary>
public static class Program
{
    private static readonly (string Name, string Words, Func<Task<IReadOnlyList<Measured>>> Run)[] Parts =
    [
        ("reconcile", "a reconcile with no change", () => Now(NoChange.Run)),
        ("creation", "API requests of a creation, and of an idle hour", () => Now(CreationCost.Run)),
        ("rolling", "30 TiKV in 3 zones restart, one by one and zone by zone", () => Now(RollingTime.Run)),
        ("seeds", "seeds of the simulation", () => Now(SeedRate.Run)),
        ("fleet", "1,000 clusters", () => FleetRun.Run(1000, "≤ 200 MB")),
        ("worlds", "1, 10 and 100 clusters at once", () => Now(() => WorldRun.Run(isReal: false, 1, 10, 100))),
        ("control-plane", "the same on a real control plane", () => Now(() => WorldRun.Run(isReal: true, 1, 10, 100))),
        ("large", "5,000 clusters", () => FleetRun.Run(5000, "≤ 500 MB")),
    ];

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments.FirstOrDefault(name => Parts.All(part => part.Name != name)) is { } unknown)
        {
            Console.Error.WriteLine($"'{unknown}' is no part of the bench; there are:");
            foreach (var (name, words, _) in Parts)
                Console.Error.WriteLine($"  {name,-10} {words}");
            return 2;
        }

        var rows = new List<Measured>();
        foreach (var (name, words, run) in Parts.Where(part => arguments.Length == 0 || arguments.Contains(part.Name)))
        {
            Console.Error.WriteLine($"bench: {words}");
            rows.AddRange(await run());
        }

        Console.Write(Measured.Table(rows));
        return 0;
    }

    private static Task<IReadOnlyList<Measured>> Now(Func<IReadOnlyList<Measured>> run) => Task.FromResult(run());
}
