using Tidekeeper.Simulation.Campaign;
using Tidekeeper.Simulation.Checkers;

namespace Tidekeeper.Simulation.Survey;

/// <summary>
/// Makes a history that breaks a promise shorter: leaves out one thing after another for as long as the same promise is
/// broken. What is left is what matters, or nearly.
/// </summary>
public static class Shrinking
{
    private const int MostRuns = 120;

    /// <summary>The shortest one found; throws when the trial breaks nothing.</summary>
    public static PromiseBrokenException Of(Trial trial) => Of(trial, Break);

    /// <param name="run">Null when no promise is broken.</param>
    public static PromiseBrokenException Of(Trial trial, Func<Trial, PromiseBrokenException?> run)
    {
        var shortest = run(trial) ?? throw new ArgumentException($"{trial} breaks no promise");
        var runs = 0;
        for (var shorter = true; shorter;)
        {
            shorter = false;
            foreach (var candidate in Simpler(trial))
            {
                if (runs++ >= MostRuns)
                    return shortest;
                if (run(candidate) is not { } broken || broken.Invariant != shortest.Invariant)
                    continue;
                (trial, shortest, shorter) = (candidate, broken, true);
                break;
            }
        }

        return shortest;
    }

    // From what takes most away to what takes least.
    private static IEnumerable<Trial> Simpler(Trial trial) =>
    [
        .. trial.Weather.Milder().Select(milder => trial with { Weather = milder }),
        .. trial.Plan.Select(planned => trial with { Plan = [.. trial.Plan.Where(other => other != planned)] }),
        .. trial.Steps.Select(step => trial with { Steps = [.. trial.Steps.Where(other => other != step)] }),
    ];

    private static PromiseBrokenException? Break(Trial trial)
    {
        try
        {
            trial.Run();
            return null;
        }
        catch (PromiseBrokenException broken)
        {
            return broken;
        }
    }
}
