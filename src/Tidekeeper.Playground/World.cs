using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground;

/// <summary>
/// A cluster in one process: the API, the controllers, the nodes and what runs on them. Everything in it is
/// synchronous and belongs to whoever holds <see cref="Gate"/>; it has no clock, no thread and no chance of its own.
/// The simulation drives it with virtual time; <c>tide up</c> drives it with real time and puts sockets in front.
/// </summary>
public sealed class World
{
    private readonly List<Turn> _turns = [];

    /// <summary>The time by which everything in this world goes.</summary>
    public TimeProvider Time { get; }

    /// <summary>Chance, identifiers and generated names.</summary>
    public Random Chance { get; }

    /// <summary>Held by a front (HTTP, MySQL) while it calls into the world. The simulation needs no lock.</summary>
    public Lock Gate { get; } = new();

    public ApiServer Api { get; }
    public PodNetwork Network { get; }

    /// <summary>
    /// The token of a pod's service account, where it is mounted as a projected volume. The playground's API asks for
    /// none, so any text does.
    /// </summary>
    public Func<JsonObject, string> TokenOf { get; set; } = pod => $"playground-token-of-{pod.Name()}";

    /// <summary>The actors in a fixed order; the simulation picks one at a time, in an order of its own.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <param name="store">What an earlier world left; null for an empty cluster.</param>
    /// <param name="elsewhere">The server whose objects this world only mirrors; null when they are its own.</param>
    public World(TimeProvider time, int seed, ObjectStore? store = null, IApiWrites? elsewhere = null)
    {
        Time = time;

        // A world that goes on where another stopped must not draw the same identifiers again.
        Chance = new Random(store is null ? seed : unchecked((seed * 31) + (int)store.Head));
        Api = new ApiServer(time, Chance, store, elsewhere);
        Network = new PodNetwork();
        if (elsewhere is null)
            ApiExtensions.Install(this);
    }

    public void Add(IActor actor) => _turns.Add(new Turn(actor, Api));

    /// <summary>
    /// Lets every actor act until nothing changes any more, and returns the moment at which somebody wants to act
    /// although nothing has changed; null when nobody does. Bounded: an endless quarrel between actors ends the call.
    /// </summary>
    public DateTimeOffset? Settle()
    {
        for (var round = 0; round < 100; round++)
        {
            var before = (Api.Head, Network.Activity);
            DateTimeOffset? due = null;
            foreach (var turn in _turns)
            {
                if (turn.HasCome(Time.GetUtcNow()))
                    turn.Take(Time.GetUtcNow());
                if (turn.Due is { } at && (due is null || at < due))
                    due = at;
            }

            if (before == (Api.Head, Network.Activity))
                return due;
        }

        return Time.GetUtcNow();
    }
}
