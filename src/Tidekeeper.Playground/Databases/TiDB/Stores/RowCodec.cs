using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Stores;

/// <summary>
/// The bytes on a store's volume: <c>meta-N</c> and <c>rows-N</c> for each region, and <c>log-N</c> for the batches
/// written since. One batch is encoded once and shared by all stores; a store ignores the parts it has no peer for.
/// </summary>
internal static class RowCodec
{
    public static byte[] Meta(Region region) => Write(writer =>
    {
        writer.Write(region.Id);
        writer.Write(region.Start);
        writer.Write(region.End);
        writer.Write(region.ConfVer);
        writer.Write(region.Version);
        writer.Write(region.LeaderStore);
        writer.Write(region.Peers.Count);
        foreach (var peer in region.Peers)
        {
            writer.Write(peer.Id);
            writer.Write(peer.StoreId);
        }
    });

    public static Region ReadMeta(byte[] bytes)
    {
        using var reader = Reader(bytes);
        var region = new Region
        {
            Id = reader.ReadUInt64(),
            Start = reader.ReadString(),
            End = reader.ReadString(),
            ConfVer = reader.ReadUInt64(),
            Version = reader.ReadUInt64(),
            LeaderStore = reader.ReadUInt64(),
        };
        for (var left = reader.ReadInt32(); left > 0; left--)
            region.Peers.Add(new Peer { Id = reader.ReadUInt64(), StoreId = reader.ReadUInt64() });
        return region;
    }

    public static byte[] Rows(Region region) => Write(writer =>
    {
        writer.Write(region.Index);
        writer.Write(region.Rows.Count);
        foreach (var (key, value) in region.Rows.Ascending("", ""))
            WriteRow(writer, key, value);
    });

    /// <summary>Fills index and rows; rows outside the range were split off after they were written.</summary>
    public static void ReadRows(byte[] bytes, Region into)
    {
        using var reader = Reader(bytes);
        into.Index = reader.ReadInt64();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (key, value) = ReadRow(reader);
            if (into.Holds(key))
                into.Rows.Set(key, value);
        }
    }

    public static byte[] Batch(IReadOnlyList<RegionWrites> batch) => Write(writer =>
    {
        writer.Write(batch.Count);
        foreach (var part in batch)
        {
            writer.Write(part.Region.Id);
            writer.Write(part.Region.Index);
            writer.Write(part.Writes.Count);
            foreach (var (key, value) in part.Writes)
                WriteRow(writer, key, value);
        }
    });

    /// <summary>Replays a batch on the copies for which it is the next write.</summary>
    public static void Replay(byte[] bytes, SortedDictionary<ulong, Region> copies)
    {
        using var reader = Reader(bytes);
        for (var parts = reader.ReadInt32(); parts > 0; parts--)
        {
            var copy = copies.GetValueOrDefault(reader.ReadUInt64());
            var index = reader.ReadInt64();
            var next = copy is not null && index == copy.Index + 1;
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var (key, value) = ReadRow(reader);
                if (next && copy!.Holds(key))
                    copy.Rows.Set(key, value);
            }

            if (next)
                copy!.Index = index;
        }
    }

    private static void WriteRow(BinaryWriter writer, string key, byte[]? value)
    {
        writer.Write(key);
        writer.Write7BitEncodedInt(value is null ? 0 : value.Length + 1);
        if (value is not null)
            writer.Write(value);
    }

    private static (string Key, byte[]? Value) ReadRow(BinaryReader reader)
    {
        var key = reader.ReadString();
        var length = reader.Read7BitEncodedInt();
        return (key, length == 0 ? null : reader.ReadBytes(length - 1));
    }

    private static byte[] Write(Action<BinaryWriter> content)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            content(writer);
        return stream.ToArray();
    }

    private static BinaryReader Reader(byte[] bytes) => new(new MemoryStream(bytes), Encoding.UTF8);
}

/// <summary>The part of a commit that falls into one region.</summary>
internal sealed record RegionWrites(Region Region, List<(string Key, byte[]? Value)> Writes);
