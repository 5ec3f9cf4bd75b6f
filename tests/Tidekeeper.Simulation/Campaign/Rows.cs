using System.Globalization;
using System.Text;
using Tidekeeper.Playground.Databases.TiDB;
using Tidekeeper.Playground.Databases.TiDB.Stores;
using Tidekeeper.Simulation.Checkers;

namespace Tidekeeper.Simulation.Campaign;

/// <summary>
/// A client that writes and reads rows through whichever TiDB server runs. What was acknowledged to it must be read
/// again, by anyone, for ever: the promise for whose sake all others exist.
/// </summary>
public sealed class Rows(SimulatedCluster world, string ns, string pdName, Random chance) : IChecker
{
    private const int Keys = 40;

    // Of each key the newest value that was acknowledged, and one of which nobody knows whether it was written.
    private readonly SortedDictionary<string, (string? Known, string? Doubtful)> _written = new(StringComparer.Ordinal);
    private string? _broken;
    private int _serial;

    public string Invariant => "Rows";

    /// <summary>Writes that the database has confirmed.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Statements that failed, because a region or PD was not available.</summary>
    public int Refused { get; private set; }

    public string? Broken(SimulatedCluster cluster) => _broken;

    /// <summary>One write and one read, as a client makes them.</summary>
    public void Work()
    {
        if (Open() is not { } rows)
            return;
        try
        {
            var key = Key(chance.Next(Keys));
            var value = (++_serial).ToString(CultureInfo.InvariantCulture);
            var before = _written.GetValueOrDefault(key);
            _written[key] = (before.Known, value);
            rows.Timestamp();
            rows.Commit([(key, Encoding.UTF8.GetBytes(value))]);
            _written[key] = (value, null);
            Acknowledged++;
            Read(rows, Key(chance.Next(Keys)));
        }
        catch (Exception e) when (e is RegionUnavailable or TimestampUnavailable)
        {
            Refused++;
        }
    }

    /// <summary>Reads everything back; what cannot be read is pending. Null when all is there.</summary>
    public string? Pending()
    {
        if (Open() is not { } rows)
            return "no TiDB server runs to read the rows from";
        try
        {
            foreach (var key in _written.Keys)
                Read(rows, key);
            return _broken;
        }
        catch (Exception e) when (e is RegionUnavailable or TimestampUnavailable)
        {
            return e.Message;
        }
    }

    private void Read(KeyValueClient rows, string key)
    {
        if (!_written.TryGetValue(key, out var written))
            return;
        var found = rows.Get(key) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        if (found == written.Known || (written.Doubtful is not null && found == written.Doubtful))
            return;
        _broken ??= $"row {key} was acknowledged as {written.Known} and is read as {found ?? "missing"}";
    }

    private KeyValueClient? Open()
    {
        if (world.Databases.WithMember(ns, $"{pdName}-0") is not [var database, ..] || database.Servers.Count == 0)
            return null;
        var server = database.Servers[chance.Next(database.Servers.Count)];
        return new KeyValueClient(database, world.World.Network, server.PodAddress, () => world.Time.Now);
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"row-{number:000}");
}
