using System.Globalization;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Engine;
using Tidekeeper.Simulation.Faults;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>
/// Everything that decides a run. As text it fits on a command line, and says again what went wrong: scenario, seed,
/// weather, planned interruptions, and which steps of the scenario happen where some are left out.
/// </summary>
public sealed record Trial(Scenario Scenario, int Seed)
{
    private const string AllSteps = "all";

    public Weather Weather { get; init; } = new();

    public IReadOnlyList<PlannedInterruption> Plan { get; init; } = [];

    /// <summary>Numbers of the steps that happen, from 0.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [.. Enumerable.Range(0, Scenario.Steps.Count)];

    /// <summary>A scenario in the weather that a seed draws.</summary>
    public static Trial Drawn(Scenario scenario, int seed) => new(scenario, seed)
    {
        Weather = Weather.Draw(new Random(seed)) with { BrokenNeighbour = false },
    };

    /// <summary>Throws <see cref="PromiseBrokenException"/> where a promise is broken.</summary>
    /// <param name="tell">Is told each line of the story as it happens.</param>
    public CampaignResult Run(Action<string>? tell = null) => CampaignRun.Run(this, tell);

    public override string ToString() => string.Join('/', Scenario.Name,
        Seed.ToString(CultureInfo.InvariantCulture), Weather, string.Join('+', Plan),
        Steps.Count == Scenario.Steps.Count ? AllSteps : string.Join('+', Steps));

    /// <summary>Reads what <see cref="ToString"/> wrote; throws <see cref="ArgumentException"/>.</summary>
    public static Trial Parse(string text)
    {
        if (text.Split('/') is not [var scenario, var seed, var weather, var plan, var steps])
            throw new ArgumentException($"'{text}': five parts are wanted: SCENARIO/SEED/WEATHER/INTERRUPTIONS/STEPS");
        var trial = new Trial(Scenarios.Named(scenario), Number(seed))
        {
            Weather = Weather.Parse(weather),
            Plan = [.. plan.Split('+', StringSplitOptions.RemoveEmptyEntries).Select(Planned)],
        };
        return steps == AllSteps ? trial : trial with
        {
            Steps = [.. steps.Split('+', StringSplitOptions.RemoveEmptyEntries).Select(Number)],
        };
    }

    private static PlannedInterruption Planned(string text) =>
        text.Split(':') is [var at, var how] && Enum.TryParse<Interruption>(how, out var interruption)
            ? new PlannedInterruption(Number(at), interruption)
            : throw new ArgumentException($"'{text}': NUMBER:HOW is wanted, where HOW is one of "
                + string.Join(", ", Enum.GetNames<Interruption>()));

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"'{text}' is no number");
}
