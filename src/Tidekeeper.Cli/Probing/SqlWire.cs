using System.Buffers.Binary;
using System.Text;

namespace Tidekeeper.Cli.Probing;

/// <summary>The packets of the MySQL protocol: three bytes of length, one that counts, then the payload.</summary>
internal sealed class SqlWire(Stream stream)
{
    private const int LargestPacket = 0xFFFFFF;
    private byte _number;

    /// <summary>A new exchange begins, which counts from zero.</summary>
    public void Begin() => _number = 0;

    public async Task Send(byte[] payload, CancellationToken cancel)
    {
        if (payload.Length >= LargestPacket)
            throw new InvalidOperationException("the probe sends no statement of 16 MiB");
        var packet = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, payload.Length);
        packet[3] = _number++;
        payload.CopyTo(packet, 4);
        await stream.WriteAsync(packet, cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Throws <see cref="EndOfStreamException"/> when the server has closed the connection.</summary>
    public async Task<byte[]> Receive(CancellationToken cancel)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, cancel);
        _number = (byte)(head[3] + 1);
        var payload = new byte[head[0] | (head[1] << 8) | (head[2] << 16)];
        await stream.ReadExactlyAsync(payload, cancel);
        return payload;
    }
}

/// <summary>Reads a payload from its beginning to its end.</summary>
internal ref struct SqlReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public readonly int Left => _rest.Length;

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..Math.Min(count, _rest.Length)];
        _rest = _rest[taken.Length..];
        return taken;
    }

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public int Int16() => Byte() | (Byte() << 8);

    public string ZeroText()
    {
        var end = _rest.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? _rest : _rest[..end]);
        _rest = end < 0 ? [] : _rest[(end + 1)..];
        return text;
    }

    public string Remaining() => Encoding.UTF8.GetString(Take(_rest.Length));

    /// <summary>A number whose first byte says how long it is; null is SQL NULL.</summary>
    public long? Length()
    {
        var first = Byte();
        return first switch
        {
            < 0xFB => first,
            0xFB => null,
            0xFC => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
            0xFD => Byte() | (Byte() << 8) | (Byte() << 16),
            _ => BinaryPrimitives.ReadInt64LittleEndian(Take(8)),
        };
    }

    public string? Text() => Length() is { } length ? Encoding.UTF8.GetString(Take((int)length)) : null;
}
