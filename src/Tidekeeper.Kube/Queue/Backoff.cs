namespace Tidekeeper.Kube.Queue;

/// <summary>
/// Attempt → pause: doubles up to a limit, less a random part, so that many who failed at once part again.
/// </summary>
/// <param name="First">Pause after the first failure, at most.</param>
/// <param name="Limit">No pause is longer.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Limit)
{
    /// <summary>The pause after so many failures in a row; chance (0 ≤ chance &lt; 1) decides half of it.</summary>
    public TimeSpan Pause(int failures, double chance)
    {
        if (failures <= 0)
            return TimeSpan.Zero;
        var doubled = First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        var whole = Math.Min(Limit.TotalSeconds, doubled);
        return TimeSpan.FromSeconds(whole * (0.5 + (chance / 2)));
    }
}
