namespace Tidekeeper.Engines.TiDB.Forecasts;

/// <summary>
/// A cluster on paper. What a plan wants is done, then Kubernetes makes the pods that are missing and they come up, and
/// PD moves, drops and buries whatever it was asked to.
/// </summary>
internal sealed class PaperCluster(TidbSeen seen)
{
    private readonly Experience _experience = new(seen);
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _began = seen.Now;
    private TidbSeen _now = seen;
    private string _before = "";

    /// <summary>What was taken for granted on the way.</summary>
    public IEnumerable<string> Notes => _notes;

    public TimeSpan Elapsed => _now.Now - _began;

    /// <summary>The plan for what is on paper now; its status is written.</summary>
    public Plan Next()
    {
        var plan = TidbPlan.Plan(_now);
        _now = _now with { Cluster = _now.Cluster with { Status = TidbStatus.Of(_now, plan) } };
        return plan;
    }

    /// <summary>Does the acts and lets the world answer; false when nothing changes any more.</summary>
    public bool React(IReadOnlyList<Act> acts)
    {
        var takes = TimeSpan.Zero;
        foreach (var act in acts)
        {
            var lasts = _experience.Of(act, _notes);
            takes = lasts > takes ? lasts : takes;
            _now = act switch
            {
                Act.Apply apply => PaperObjects.Store(_now, apply.Object),
                Act.Delete delete => PaperObjects.Drop(_now, delete),
                Act.Ask ask => PaperDatabase.Answer(_now, ask.Call),
                _ => _now
            };
        }

        var later = _now.Now + takes;
        var pods = _now.Pods;
        foreach (var set in _now.StatefulSets)
            _now = PaperObjects.Pods(_now, set, later);
        var grown = _now.Pods.Count > pods.Count && acts.All(act => act is not Act.Delete);
        _now = _now with { Now = grown ? later + _experience.Start : later };
        _now = PaperDatabase.Follow(_now, later);

        // A plan that asks for the same again would do so for ever: what it asks for is not known here.
        var text = string.Join('\n', acts.Select(act => act.Describe()));
        var repeats = text.Length > 0 && text == _before;
        _before = text;
        return !repeats && (acts.Count > 0 || _now.Pods.Count != pods.Count);
    }
}
