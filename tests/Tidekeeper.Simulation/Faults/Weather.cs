using System.Globalization;
using System.Reflection;

namespace Tidekeeper.Simulation.Faults;

/// <summary>
/// How bad the world is in one run. Drawn from the seed (swarm testing): each kind of fault is off in half of the
/// runs, so that one kind's noise does not hide what another one finds.
/// </summary>
public sealed record Weather
{
    /// <summary>Of a thousand requests, how many are lost before the server sees them.</summary>
    public int LostRequests { get; init; }

    /// <summary>Of a thousand requests, how many are carried out and their answer lost.</summary>
    public int LostAnswers { get; init; }

    /// <summary>Of a thousand writes, how many come up to a minute late, their sender long gone.</summary>
    public int LateWrites { get; init; }

    /// <summary>Of a thousand writes, how many are refused with a conflict.</summary>
    public int Conflicts { get; init; }

    /// <summary>Of a thousand requests, how many are answered with 429, 500 or 503.</summary>
    public int ServerErrors { get; init; }

    /// <summary>Mean delay of a message in milliseconds, each way.</summary>
    public int LatencyMilliseconds { get; init; } = 5;

    /// <summary>Largest delay of a watch event in milliseconds.</summary>
    public int WatchDelayMilliseconds { get; init; }

    /// <summary>Of a thousand watch reads, how many find the connection cut.</summary>
    public int WatchCuts { get; init; }

    /// <summary>Of a thousand effective writes, at how many the operator's process dies, before or after it.</summary>
    public int Crashes { get; init; }

    /// <summary>Of a thousand calls to the database's admin API, how many fail.</summary>
    public int DatabaseErrors { get; init; }

    /// <summary>How many pods are deleted by a stranger while the cluster comes up.</summary>
    public int PodsDeleted { get; init; }

    /// <summary>How often the discovery process is killed.</summary>
    public int DiscoveryKills { get; init; }

    /// <summary>Whether a node loses its power, until the weather clears; only where a run says so.</summary>
    public bool NodeLost { get; init; }

    /// <summary>How often an operator's process is stopped for longer than its lease lasts.</summary>
    public int Pauses { get; init; }

    /// <summary>How often an operator hears of no change, of one kind or all, for up to two minutes.</summary>
    public int StaleViews { get; init; }

    /// <summary>How often, in addition, what happened meanwhile is forgotten: only the newest state is told.</summary>
    public int MissedEvents { get; init; }

    /// <summary>Replicas of the operator that run at once.</summary>
    public int Operators { get; init; } = 1;

    /// <summary>Whether a broken neighbour cluster is there, that can never become ready.</summary>
    public bool BrokenNeighbour { get; init; }

    public static Weather Draw(Random chance) => new()
    {
        LostRequests = Sometimes(chance, 80),
        LostAnswers = Sometimes(chance, 80),
        Conflicts = Sometimes(chance, 80),
        ServerErrors = Sometimes(chance, 60),
        LatencyMilliseconds = 1 + chance.Next(60),
        WatchDelayMilliseconds = Sometimes(chance, 5000),
        WatchCuts = Sometimes(chance, 50),
        Crashes = Sometimes(chance, 150),
        DatabaseErrors = Sometimes(chance, 150),
        PodsDeleted = Sometimes(chance, 4),
        DiscoveryKills = Sometimes(chance, 3),
        Pauses = Sometimes(chance, 3),
        Operators = chance.Next(4) == 0 ? 2 : 1,
        BrokenNeighbour = chance.Next(3) == 0,
        LateWrites = Sometimes(chance, 100),
        NodeLost = chance.Next(5) == 0,
        StaleViews = Sometimes(chance, 4),
        MissedEvents = Sometimes(chance, 3),
    };

    /// <summary>No faults at all: what the world is once it has healed.</summary>
    public Weather Calm() => new()
    {
        LatencyMilliseconds = LatencyMilliseconds,
        Operators = Operators,
        BrokenNeighbour = BrokenNeighbour,
    };

    // In the order in which they are declared.
    private static readonly PropertyInfo[] Kinds = typeof(Weather).GetProperties();

    /// <summary>What differs from the best weather, as <c>Crashes=30 NodeLost=1</c>.</summary>
    public override string ToString() => string.Join(' ',
        Kinds.Where(kind => Value(kind) != Best.Value(kind)).Select(kind => $"{kind.Name}={Value(kind)}"));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static Weather Parse(string text)
    {
        var weather = new Weather();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var kind = part.Split('=') is [var name, var value] && int.TryParse(value, out var number)
                ? (Kind: Array.Find(Kinds, kind => kind.Name == name), Number: number)
                : throw new ArgumentException($"'{part}': NAME=NUMBER is wanted");
            if (kind.Kind is null)
                throw new ArgumentException($"there is no weather '{part}'; there are: "
                    + string.Join(", ", Kinds.Select(each => each.Name)));
            weather = weather.With(kind.Kind, kind.Number);
        }

        return weather;
    }

    /// <summary>This weather without one of its faults, for each of them.</summary>
    public IEnumerable<Weather> Milder() =>
        Kinds.Where(kind => Value(kind) != Best.Value(kind)).Select(kind => With(kind, Best.Value(kind)));

    private static Weather Best { get; } = new();

    private int Value(PropertyInfo kind) => Convert.ToInt32(kind.GetValue(this), CultureInfo.InvariantCulture);

    private Weather With(PropertyInfo kind, int value)
    {
        var other = this with { };
        kind.SetValue(other, Convert.ChangeType(value, kind.PropertyType, CultureInfo.InvariantCulture));
        return other;
    }

    private static int Sometimes(Random chance, int most) => chance.Next(2) == 0 ? 0 : 1 + chance.Next(most);
}
