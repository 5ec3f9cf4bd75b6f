using System.Globalization;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB.Forecasts;

/// <summary>
/// What would happen with another spec: the very plan is carried out on paper, where Kubernetes and the database do
/// their part at once, and the clock advances by what each act takes by experience. Nothing is touched.
/// </summary>
public sealed record Forecast
{
    private const int MostPlans = 3000;

    /// <summary>Everything done, in order, with the time since the beginning.</summary>
    public required IReadOnlyList<ForecastAct> Acts { get; init; }

    /// <summary>What is wrong with the spec.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>What waits at the beginning, before anything of this is done.</summary>
    public required IReadOnlyList<string> WaitsNow { get; init; }

    /// <summary>What is not done in the end, and why; empty when all of the spec is carried out.</summary>
    public required IReadOnlyList<string> Stuck { get; init; }

    /// <summary>What the estimate leaves out, and what was taken for granted.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How long it takes by experience.</summary>
    public required TimeSpan Takes { get; init; }

    /// <summary>Whether the spec is refused.</summary>
    public bool IsRefused => Validation.Refuses(Problems);

    /// <summary>Plays the wanted cluster out from what was seen of the present one.</summary>
    public static Forecast Of(TidbSeen seen, TidbCluster wanted)
    {
        var changed = seen with { Cluster = WithoutBrakes(seen, wanted), Problems = Validation.Check(wanted) };
        var paper = new PaperCluster(changed);
        var acts = new List<ForecastAct>();
        IReadOnlyList<string> last = [];
        for (var i = 0; i < MostPlans; i++)
        {
            var began = paper.Elapsed;
            var plan = paper.Next();
            last = WhyStuck(plan);
            var done = plan.Acts.Where(act => act is not Act.Record).ToList();
            acts.AddRange(done.Select(act => new ForecastAct(began, act)));
            if (!paper.React(done))
                break;
        }

        return new Forecast
        {
            Acts = acts,
            Problems = changed.Problems,
            WaitsNow = Waits(seen),
            Stuck = last,
            Notes = [.. NotesOn(seen, wanted), .. paper.Notes],
            Takes = paper.Elapsed
        };
    }

    /// <summary>The whole as text.</summary>
    public string Print()
    {
        var lines = new List<string>();
        lines.AddRange(Problems.Select(problem => $"{Word(problem)}: {problem}"));
        if (IsRefused)
        {
            lines.Add("Nothing would be done: the spec is refused.");
            return string.Join('\n', lines);
        }

        lines.AddRange(WaitsNow.Select(why => $"waits now: {why}"));
        lines.AddRange(Acts.Select(one => $"{Clock(one.After),8}  {one.Act.Describe()}"));
        lines.Add(Acts.Count == 0 ? "Nothing would be done." : Summary());
        lines.AddRange(Stuck.Select(why => $"then it waits: {why}"));
        lines.AddRange(Notes.Select(note => $"note: {note}"));
        return string.Join('\n', lines);
    }

    /// <summary>The pods that restart, in order.</summary>
    public IEnumerable<string> Restarts =>
        from one in Acts
        where one.Act is Act.Delete { Kind: "Pod" }
        select ((Act.Delete)one.Act).Name;

    private string Summary()
    {
        var restarts = Restarts.Count();
        var what = restarts switch
        {
            0 => "no pod restarts",
            1 => "1 pod restarts",
            _ => $"{restarts} pods restart"
        };
        var acts = Acts.Count == 1 ? "1 act" : $"{Acts.Count} acts";
        return $"{acts}, {what}, about {Words(Takes)}.";
    }

    /// <summary>Approvals are taken for granted here.</summary>
    private static TidbCluster WithoutBrakes(TidbSeen seen, TidbCluster wanted) => wanted with
    {
        Spec = wanted.Spec with { Approval = null },
        Metadata = wanted.Metadata with { Generation = seen.Cluster.Metadata.Generation + 1 },
        Status = seen.Cluster.Status
    };

    /// <summary>Causes before consequences: that not everything serves follows from whatever else waits.</summary>
    private static IReadOnlyList<string> WhyStuck(Plan plan)
    {
        var holds = plan.Holds.ToList();
        var causes = holds.Where(hold => hold.Name != "Serve" && !hold.Hold.IsConsequence).ToList();
        return
        [
            .. (causes.Count > 0 ? causes : holds).Select(hold => hold.Hold.Why).Distinct(StringComparer.Ordinal)
        ];
    }

    private static IReadOnlyList<string> Waits(TidbSeen seen) =>
        seen.Cluster.Status?.Waiting is { Why.Length: > 0 } waiting ? [waiting.Why] : [];

    private static IEnumerable<string> NotesOn(TidbSeen seen, TidbCluster wanted)
    {
        if (wanted.Spec.Approval == "Manual")
            yield return "spec.approval is Manual: each undertaking waits for tide approve first";
        foreach (var component in Component.Declared(wanted))
        {
            if (Component.Of(seen.Cluster, component.Name) is not { } before || seen.StatefulSets.Count == 0)
                continue;
            var online = OnlinePart.Of(component);
            if (online.Hash.Length > 0 && online.Hash != OnlinePart.Of(before).Hash)
                yield return $"spec.{component.Name}.config: {online.Keys} are changed while the processes run";
            var restart = ConfigFiles.RestartPart(component).ToJsonString();
            if (!component.ConfigRestarts && restart != ConfigFiles.RestartPart(before).ToJsonString())
            {
                yield return $"spec.{component.Name}.config: each pod takes the rest when it restarts for another "
                    + "reason (configUpdateStrategy is InPlace)";
            }
        }

        if (wanted.Spec.Tikv?.UpdatePolicy?.Type == "FailureDomain")
            yield return "stores are taken to restart one by one; those of one failure domain may restart together";
    }

    private static string Word(Problem problem) => problem.Severity switch
    {
        Severity.Refused => "refused",
        Severity.Unsupported => "not supported",
        _ => "warning"
    };

    private static string Clock(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");

    private static string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => "a minute",
        { TotalMinutes: < 120 } => $"{Math.Ceiling(time.TotalMinutes):0} min",
        _ => $"{Math.Ceiling(time.TotalHours):0} h"
    };
}

/// <summary>An act of a forecast.</summary>
/// <param name="After">Since the beginning.</param>
/// <param name="Act">What is done.</param>
public sealed record ForecastAct(TimeSpan After, Act Act);
