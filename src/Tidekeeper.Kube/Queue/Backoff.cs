namespace Tidekeeper.Kube.Queue;

/// <summary>Attempt → pause: doubles up to a limit, less a random part so that many who failed at once part again.</summary>
/// <param name="First">Pause after the first failure, at most.</param>
/// <param name="Limit">No pause is longer.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Limit)
{
    /// <summary>The pause after that many failures in a row; half of it is left to chance (0 ≤ chance &lt; 1).</summary>
    public TimeSpan Pause(int failures, double chance)
    {
        if (failures <= 0)
            return TimeSpan.Zero;
        var whole = Math.Min(Limit.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30)));
        return TimeSpan.FromSeconds(whole * (0.5 + (chance / 2)));
    }
}
