namespace Tidekeeper.Playground;

/// <summary>An actor and when it wants to act next. Asked are those who are due and those who have seen something new;
/// to ask the others would be the same, and most of the work of a world in which little happens.</summary>
public sealed class Turn(IActor actor)
{
    private bool _asked;

    public IActor Actor => actor;

    /// <summary>As the actor said when it was last asked; null when only a change can matter to it.</summary>
    public DateTimeOffset? Due { get; private set; }

    public bool HasCome(DateTimeOffset now) => !_asked || Due <= now || actor.Notices();

    public void Take(DateTimeOffset now)
    {
        Due = actor.Act(now);
        _asked = true;
    }
}
