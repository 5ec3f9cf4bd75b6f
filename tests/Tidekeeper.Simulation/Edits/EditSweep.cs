using System.Text.Json.Nodes;
using Tidekeeper.Simulation.Checkers;

namespace Tidekeeper.Simulation.Edits;

/// <summary>A sweep under way: edits one after another on one cluster, on a new one after an alarm.</summary>
internal sealed class EditSweep(JsonObject start, Action<string> tell)
{
    private const int Seed = 1;
    private readonly Func<JsonObject, Oracles.Snapshot> _fresh = EditCampaign.Fresh(Seed);
    private readonly SortedDictionary<Verdict, int> _verdicts = [];
    private readonly List<string> _alarms = [];
    private EditTrial? _trial;
    private int _differentials;
    private int _reverts;

    public void Try(Edit edit)
    {
        try
        {
            _trial ??= new EditTrial(EditedCluster.Made(Seed, start), _fresh);
            var verdict = _trial.Try(edit, revert: true);
            _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + edit.Parts.Count;
            tell($"{verdict,-18} {edit.Kind,-7} {edit}");
            if (edit.OneWay is not null)
                Leave();
        }
        catch (Exception alarm) when (alarm is PromiseBrokenException or InvalidOperationException)
        {
            Leave();
            if (edit.Parts.Count > 1)
            {
                foreach (var part in edit.Parts)
                    Try(part);
                return;
            }

            _alarms.Add($"{edit}: {alarm.Message}");
            tell($"ALARM {edit.Kind} {edit}\n{alarm}\nEND");
        }
    }

    public EditResult Result()
    {
        Leave();
        return new EditResult(_verdicts, _differentials, _reverts, _alarms, "");
    }

    private void Leave()
    {
        (_differentials, _reverts) =
            (_differentials + (_trial?.Differentials ?? 0), _reverts + (_trial?.Reverts ?? 0));
        _trial = null;
    }
}
