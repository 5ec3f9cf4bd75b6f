using System.Globalization;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>A TiKV process with its volume, as the other stores and the checkers see it.</summary>
public sealed class StoreNode(ulong id, string address, IVolume volume, PodNetwork network, string podAddress)
{
    private const int LogLimit = 2000;
    private long _nextLog;
    private readonly List<string> _logs = [];
    private readonly SortedSet<ulong> _logged = [];

    public ulong Id => id;

    /// <summary>Host and port as registered with PD.</summary>
    public string Address => address;
    public string PodAddress => podAddress;
    public IVolume Volume => volume;

    /// <summary>False once the process has ended; a new process has a node of its own.</summary>
    public bool Running { get; internal set; } = true;

    /// <summary>When the process ended.</summary>
    public DateTimeOffset EndedAt { get; internal set; }

    public bool Reaches(StoreNode other) =>
        other == this || network.Reachable(podAddress, other.PodAddress, TidbPorts.TikvServer);

    internal void Append(byte[] batch, IReadOnlyList<RegionWrites> parts)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"log-{_nextLog++:D12}");
        volume.Write(name, batch);
        _logs.Add(name);
        foreach (var part in parts)
            _logged.Add(part.Region.Id);
    }

    internal void WriteMeta(Region region) => volume.Write($"meta-{region.Id}", RowCodec.Meta(region));

    internal void WriteAll(Region region)
    {
        volume.Write($"rows-{region.Id}", RowCodec.Rows(region));
        WriteMeta(region);
    }

    internal void Remove(ulong region)
    {
        volume.Delete($"meta-{region}");
        volume.Delete($"rows-{region}");
        _logged.Remove(region);
    }

    /// <summary>
    /// Folds the log into the regions once it has become long, so that a start reads a bounded number of batches.
    /// Not while a peer here lags: its rows in memory are newer than its log.
    /// </summary>
    internal void Compact(RegionMap regions)
    {
        if (_logs.Count < LogLimit)
            return;
        var changed = regions.All.Where(r => _logged.Contains(r.Id)).ToList();
        if (changed.Any(r => r.PeerOn(id) is { } peer && peer.Index < r.Index))
            return;
        foreach (var region in changed.Where(r => r.PeerOn(id) is not null))
            volume.Write($"rows-{region.Id}", regions.Encoded(region));
        foreach (var log in _logs)
            volume.Delete(log);
        _logs.Clear();
        _logged.Clear();
    }

    /// <summary>Reads all copies from the volume: what this store knew when it last wrote.</summary>
    internal SortedDictionary<ulong, Region> Load()
    {
        var copies = new SortedDictionary<ulong, Region>();
        foreach (var name in volume.Names.Where(n => n.StartsWith("meta-", StringComparison.Ordinal)))
        {
            var copy = RowCodec.ReadMeta(volume.Read(name)!);
            if (volume.Read($"rows-{copy.Id}") is { } rows)
                RowCodec.ReadRows(rows, copy);
            copies.Add(copy.Id, copy);
        }

        var logs = volume.Names.Where(n => n.StartsWith("log-", StringComparison.Ordinal));
        foreach (var name in logs.Order(StringComparer.Ordinal))
        {
            RowCodec.Replay(volume.Read(name)!, copies);
            _logs.Add(name);
            _nextLog = long.Parse(name.AsSpan("log-".Length), CultureInfo.InvariantCulture) + 1;
        }

        if (_logs.Count > 0)
            _logged.UnionWith(copies.Keys);
        return copies;
    }
}
