using System.Text;

namespace Tidekeeper.Engines;

/// <summary>A step with its name and what came of it.</summary>
public sealed record PlannedStep(string Name, Step Step);

/// <summary>What is to be done about one cluster now, and what it waits for.</summary>
/// <param name="Steps">In the order in which they were run.</param>
public sealed record Plan(IReadOnlyList<PlannedStep> Steps)
{
    private static readonly TimeSpan AfterDisturbance = TimeSpan.FromSeconds(5);

    /// <summary>Everything to do, in order.</summary>
    public IEnumerable<Act> Acts => Steps.SelectMany(planned => planned.Step.Wanted);

    /// <summary>The steps that wait, in order.</summary>
    public IEnumerable<(string Name, Step.Hold Hold)> Holds =>
        from planned in Steps
        where planned.Step is Step.Hold
        select (planned.Name, (Step.Hold)planned.Step);

    /// <summary>
    /// What the whole waits for: the first wait that is nobody else's consequence; null when there is none.
    /// </summary>
    public (string Name, Step.Hold Hold)? FirstWait
    {
        get
        {
            var holds = Holds.ToList();
            var at = holds.FindIndex(one => !one.Hold.IsConsequence);
            return holds.Count == 0 ? null : holds[Math.Max(at, 0)];
        }
    }

    /// <summary>The earliest moment at which a waiting step wants to look again; null when none waits.</summary>
    public TimeSpan? CheckAgain
    {
        get
        {
            TimeSpan? earliest = null;
            foreach (var (_, hold) in Holds)
            {
                if (earliest is null || hold.CheckAgain < earliest)
                    earliest = hold.CheckAgain;
            }

            return earliest;
        }
    }

    /// <summary>
    /// Runs every step on what was seen. A step that holds does not stop the later ones: each judges by what was
    /// seen, never by what an earlier step said. At most one disturbing act survives, the first, with those that were
    /// judged together with it; a step that wanted a further one holds instead. Before that consent is asked for what
    /// a step wants, so that what waits for consent stands in nobody's way.
    /// </summary>
    public static Plan Run<TSeen>(
        TSeen seen, IReadOnlyList<(string Name, Func<TSeen, Step> Decide)> steps, Func<Step, Step>? consent = null)
    {
        var planned = new List<PlannedStep>(steps.Count);
        Act? disturbing = null;
        foreach (var (name, decide) in steps)
        {
            var wanted = decide(seen);
            var step = WithoutFurtherDisturbance(consent?.Invoke(wanted) ?? wanted, ref disturbing);
            planned.Add(new PlannedStep(name, step));
        }

        return new Plan(planned);
    }

    /// <summary>The plan with one more step at its end.</summary>
    public Plan Then(string name, Step step) => new([.. Steps, new PlannedStep(name, step)]);

    /// <summary>One line for each act and each wait; tests compare this text.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        foreach (var planned in Steps)
        {
            foreach (var act in planned.Step.Wanted)
                text.Append(InColumns(act.Describe())).Append('\n');
            if (planned.Step is Step.Hold hold)
                text.Append(InColumns($"hold {planned.Name}: {hold.Why}")).Append('\n');
        }

        return text.ToString();
    }

    private static Step WithoutFurtherDisturbance(Step step, ref Act? disturbing)
    {
        Act? heldBack = null;
        var kept = new List<Act>();
        foreach (var act in step.Wanted)
        {
            if (!act.Disturbs)
            {
                kept.Add(act);
            }
            else if (disturbing is null || (act.Together.Length > 0 && act.Together == disturbing.Together))
            {
                disturbing ??= act;
                kept.Add(act);
            }
            else
            {
                heldBack ??= act;
            }
        }

        if (heldBack is null)
            return step;
        var why = $"'{heldBack.Describe()}' comes after '{disturbing!.Describe()}'";
        return new Step.Hold(why, AfterDisturbance, kept) { Reason = Reasons.OneAtATime, IsConsequence = true };
    }

    private static string InColumns(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return line[..space].PadRight(6) + line[space..];
    }
}
