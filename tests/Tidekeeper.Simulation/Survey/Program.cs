using System.CommandLine;
using Tidekeeper.Simulation.Campaign;
using Tidekeeper.Simulation.Checkers;
using Tidekeeper.Simulation.Edits;

namespace Tidekeeper.Simulation.Survey;

/// <summary><c>./tide sim</c>: histories from here to the end of the time, or one of them again.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        var minutes = new Option<int>("--minutes")
        {
            Description = "How long to draw histories.",
            DefaultValueFactory = _ => 1,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Number of the first history; the others follow.",
            DefaultValueFactory = _ => 1,
        };
        var scenario = new Option<string?>("--scenario") { Description = "Only scenarios with that in their name." };
        var walk = new Option<Walk>("--walk")
        {
            Description = "Chance draws; Points and Pairs walk through one or two interruptions at all writes.",
        };
        var replay = new Option<string?>("--replay") { Description = "Runs this one history and prints its story." };
        var story = new Option<bool>("--story") { Description = "With --replay: prints all that happens." };
        var command = new RootCommand(
            "Runs the operator through seeded histories in a simulated Kubernetes: wishes, faults, crashes at every "
            + "write, stale views. Every act is judged; a broken promise is shrunk to a short history.")
        {
            minutes, seed, scenario, walk, replay, story,
        };
        command.SetAction(parsed =>
        {
            try
            {
                return parsed.GetValue(replay) is { } again
                    ? Replay(again, parsed.GetValue(story) ? Console.WriteLine : null)
                    : new Survey(parsed.GetValue(seed), parsed.GetValue(scenario), parsed.GetValue(walk),
                        TimeProvider.System).Run(TimeSpan.FromMinutes(parsed.GetValue(minutes)));
            }
            catch (ArgumentException e)
            {
                Console.Error.WriteLine($"tide: {e.Message}");
                return 2;
            }
        });
        return command.Parse(arguments).Invoke();
    }

    private static int Replay(string again, Action<string>? tell)
    {
        try
        {
            Console.WriteLine(again.Split('/') switch
            {
                ["creation", var seed] when int.TryParse(seed, out var number) => Creation.Run(number).ToString(),
                ["edits", var seed] when int.TryParse(seed, out var number) => EditCampaign.Run(number).ToString(),
                _ => Trial.Parse(again).Run(tell).ToString(),
            });
            Console.WriteLine("ok: no promise was broken");
            return 0;
        }
        catch (PromiseBrokenException broken)
        {
            Console.WriteLine(tell is null ? broken.Message : $"{broken.Invariant}: {broken.Sentence}");
            return 1;
        }
    }
}
