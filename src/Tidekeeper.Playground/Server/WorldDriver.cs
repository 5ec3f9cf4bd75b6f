namespace Tidekeeper.Playground.Server;

/// <summary>
/// Drives a world in real time: lets its actors act, then sleeps until a front has touched the world or an actor's due
/// time has come.
/// </summary>
public sealed class WorldDriver(World world)
{
    // An actor that always wants to act at once must not keep a processor busy.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Pulse _touched = new();

    /// <summary>Rings after everything that may have changed the world: watches and log followers look again.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>What went wrong in the world itself, a bug: the world goes on without it.</summary>
    public Action<Exception> Failed { get; set; } = _ => { };

    /// <summary>Runs something in the world, then wakes the actors and those who watch.</summary>
    public T Do<T>(Func<T> action)
    {
        try
        {
            lock (world.Gate)
                return action();
        }
        finally
        {
            Changed.Ring();
            _touched.Ring();
        }
    }

    /// <summary>Like <see cref="Do{T}(Func{T})"/>, for what has no answer.</summary>
    public void Do(Action action) => Do(() =>
    {
        action();
        return true;
    });

    /// <summary>Looks at something in the world; nobody is woken.</summary>
    public T Look<T>(Func<T> question)
    {
        lock (world.Gate)
            return question();
    }

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var touched = _touched.Next;
            var due = Settle();
            Changed.Ring();
            var now = world.Time.GetUtcNow();
            var wait = due is { } at ? at - now : Longest;
            wait = wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
            using var alarm = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var timer = Task.Delay(wait, world.Time, alarm.Token);
            await Task.WhenAny(touched, timer);
            await alarm.CancelAsync();
        }
    }

    private DateTimeOffset? Settle()
    {
        try
        {
            lock (world.Gate)
                return world.Settle();
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            Failed(bug);
            return world.Time.GetUtcNow() + TimeSpan.FromSeconds(1);
        }
    }
}
