using System.Collections.Concurrent;
using Tidekeeper.Simulation.Campaign;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;

namespace Tidekeeper.Simulation.Survey;

/// <summary>How a survey goes through histories.</summary>
public enum Walk
{
    /// <summary>Weather and interruptions as they are drawn.</summary>
    Chance,

    /// <summary>In fair weather one interruption: in each way at the first write of each scenario, and so on.</summary>
    Points,

    /// <summary>The same with two, in order.</summary>
    Pairs,
}

/// <summary>
/// Draws one history after another, on all processors, until the time is up. What was drawn depends on the number of
/// the history alone, so that each can be drawn again.
/// </summary>
public sealed class Survey(int first, string? only, Walk walk, TimeProvider time)
{
    private const int MostBroken = 5;
    private const string Creations = "creation";

    private static readonly Interruption[] Ways = Enum.GetValues<Interruption>();
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(20);

    private readonly Tally _tally = new();
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<Scenario> _scenarios = Chosen(only);

    // Of each scenario how many writes it takes in fair weather: where things can go wrong.
    private readonly SortedDictionary<string, int> _writes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _broken = new(StringComparer.Ordinal);

    /// <summary>Returns the exit code: 0 when no promise was broken.</summary>
    public int Run(TimeSpan length)
    {
        var began = time.GetTimestamp();
        var told = TimeSpan.Zero;
        var last = first - 1;

        // Each processor takes the next history when it has finished one: they are of very different lengths.
        Partitioner.Create(Numbers(), EnumerablePartitionerOptions.NoBuffering).AsParallel()
            .WithDegreeOfParallelism(Environment.ProcessorCount).ForAll(number =>
            {
                One(number);
                lock (_gate)
                {
                    last = Math.Max(last, number);
                    if (time.GetElapsedTime(began) is var passed && passed - told < Pace)
                        return;
                    told = passed;
                    Console.WriteLine($"{passed:mm\\:ss}  {_tally.Line()}");
                }
            });
        Console.WriteLine(_tally.Table());
        Console.WriteLine($"histories {first} to {last}: {_tally.Line()}");
        return _broken.Count == 0 ? 0 : 1;

        IEnumerable<int> Numbers()
        {
            for (var number = first; time.GetElapsedTime(began) < length && _broken.Count < MostBroken; number++)
                yield return number;
        }
    }

    /// <summary>The history of that number; null when the scenario has no such write.</summary>
    public Trial? Draw(int number)
    {
        if (walk == Walk.Points)
            return PointNumber(number - 1);
        if (walk == Walk.Pairs)
            return PairNumber(number - 1);
        var scenario = _scenarios[(int)((uint)number % (uint)_scenarios.Count)];
        var chance = new Random(number ^ 0x6b43);
        return chance.Next(4) switch
        {
            0 => new Trial(scenario, number) { Plan = [Point(scenario, chance)] },
            1 => new Trial(scenario, number) { Plan = [Point(scenario, chance), Point(scenario, chance)] },
            _ => Trial.Drawn(scenario, number),
        };
    }

    private Trial? PointNumber(int number)
    {
        var (at, rest) = Math.DivRem(number, _scenarios.Count * Ways.Length);
        var (way, scenario) = Math.DivRem(rest, _scenarios.Count);
        return at >= Writes(_scenarios[scenario]) ? null
            : new Trial(_scenarios[scenario], 1) { Plan = [new PlannedInterruption(at + 1, Ways[way])] };
    }

    // Of each scenario: the pairs whose second write is the second one, then the third, and so on.
    private Trial? PairNumber(int number)
    {
        var (pair, rest) = Math.DivRem(number, _scenarios.Count * Ways.Length * Ways.Length);
        var (ways, scenario) = Math.DivRem(rest, _scenarios.Count);
        var second = (int)((1 + Math.Sqrt(1 + (8.0 * pair))) / 2);
        var at = pair - (second * (second - 1) / 2);
        return second >= Writes(_scenarios[scenario]) ? null : new Trial(_scenarios[scenario], 1)
        {
            Plan =
            [
                new PlannedInterruption(at + 1, Ways[ways / Ways.Length]),
                new PlannedInterruption(second + 1, Ways[ways % Ways.Length]),
            ],
        };
    }

    private PlannedInterruption Point(Scenario scenario, Random chance) =>
        new(1 + chance.Next(Writes(scenario)), Ways[chance.Next(Ways.Length)]);

    private int Writes(Scenario scenario)
    {
        lock (_gate)
        {
            if (_writes.TryGetValue(scenario.Name, out var known))
                return known;
        }

        var writes = new Trial(scenario, 1).Run().Writes;
        lock (_gate)
            return _writes[scenario.Name] = writes;
    }

    private void One(int number)
    {
        if (only == Creations || (number % 8 == 0 && only is null && walk == Walk.Chance))
        {
            Guard(() => _tally.Add(Creation.Run(number)), null);
            return;
        }

        var trial = Draw(number);
        if (trial is not null)
            Guard(() => _tally.Add(trial.Run()), () => Shrinking.Of(trial));
    }

    private void Guard(Action run, Func<PromiseBrokenException>? shrink)
    {
        try
        {
            run();
        }
        catch (PromiseBrokenException broken)
        {
            var key = $"{broken.Invariant} {broken.Again.Split('/')[0]}";
            lock (_gate)
            {
                _tally.Broken++;
                if (!_broken.Add(key))
                    return;
            }

            var shown = shrink?.Invoke() ?? broken;
            lock (_gate)
                Console.WriteLine($"\nBROKEN {shown.Message}\nFirst seen as: {broken.Again}\n");
        }
    }

    private static List<Scenario> Chosen(string? only)
    {
        var chosen = Scenarios.All.Where(scenario => only is null or Creations
            || scenario.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
        return chosen.Count > 0 ? chosen
            : throw new ArgumentException($"--scenario {only}: no scenario has that in its name; there are:\n  "
                + string.Join("\n  ", Scenarios.All.Select(scenario => scenario.Name).Prepend(Creations)));
    }
}
