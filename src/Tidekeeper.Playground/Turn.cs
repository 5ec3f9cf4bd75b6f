using Tidekeeper.Playground.Api;

namespace Tidekeeper.Playground;

/// <summary>
/// An actor and when it wants to act next. Asked are those who are due and those who have seen something new; to ask
/// the others would change nothing, and be most of the work of a world in which little happens.
/// </summary>
public sealed class Turn(IActor actor, ApiServer api)
{
    private readonly bool _seesOnlyApi = actor.SeesOnlyApi;
    private bool _wasAsked;
    private long _lookedAt = -1;

    public IActor Actor => actor;

    /// <summary>As the actor said when it was last asked; null when only a change can matter to it.</summary>
    public DateTimeOffset? Due { get; private set; }

    public bool HasCome(DateTimeOffset now) => !_wasAsked || Due <= now || Notices();

    public void Take(DateTimeOffset now)
    {
        Due = actor.Act(now);
        (_wasAsked, _lookedAt) = (true, -1);
    }

    private bool Notices()
    {
        if (_seesOnlyApi && _lookedAt == api.Head)
            return false;
        _lookedAt = api.Head;
        return actor.Notices();
    }
}
