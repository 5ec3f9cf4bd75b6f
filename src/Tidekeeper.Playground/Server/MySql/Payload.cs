using System.Buffers.Binary;
using System.Text;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>Builds the payload of a packet.</summary>
internal sealed class Payload
{
    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public Payload Clear()
    {
        _length = 0;
        return this;
    }

    public Payload Byte(int value)
    {
        Space(1)[0] = (byte)value;
        return this;
    }

    public Payload Int16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Space(2), (ushort)value);
        return this;
    }

    public Payload Int32(long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Space(4), (uint)value);
        return this;
    }

    public Payload Int64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Space(8), value);
        return this;
    }

    /// <summary>A number of one to nine bytes.</summary>
    public Payload Count(ulong value)
    {
        if (value < 251)
            return Byte((int)value);
        if (value <= ushort.MaxValue)
            return Byte(0xFC).Int16((int)value);
        return value <= 0xFFFFFF ? Byte(0xFD).Int16((int)(value & 0xFFFF)).Byte((int)(value >> 16))
            : Byte(0xFE).Int64(value);
    }

    public Payload Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Space(bytes.Length));
        return this;
    }

    /// <summary>A text with its length in front.</summary>
    public Payload Text(string text)
    {
        if (ByteText.IsText(text))
        {
            var length = Encoding.UTF8.GetByteCount(text);
            Count((ulong)length);
            Encoding.UTF8.GetBytes(text, Space(length));
            return this;
        }

        var bytes = ByteText.Encode(text);
        return Count((ulong)bytes.Length).Raw(bytes);
    }

    /// <summary>A text that ends with a zero.</summary>
    public Payload ZeroText(string text) => Raw(ByteText.Encode(text)).Byte(0);

    /// <summary>A text that ends with the packet.</summary>
    public Payload LastText(string text) => Raw(ByteText.Encode(text));

    private Span<byte> Space(int bytes)
    {
        if (_length + bytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}

/// <summary>Reads the payload of a packet; throws <see cref="SqlFault"/> 1835 when it ends too early.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public byte Byte() => Take(1)[0];

    public int Int16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint Int32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Int64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ulong Count() => Byte() switch
    {
        0xFC => (uint)Int16(),
        0xFD => (uint)Int16() | ((ulong)Byte() << 16),
        0xFE => Int64(),
        var small => small,
    };

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new SqlFault(1835, "HY000", "Malformed communication packet.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> Counted() => Take((int)Math.Min(Count(), int.MaxValue));

    public string ZeroText()
    {
        var end = _rest.IndexOf((byte)0);
        var text = ByteText.Decode(Take(end < 0 ? _rest.Length : end));
        if (end >= 0)
            Take(1);
        return text;
    }

    public string LastText() => ByteText.Decode(Take(_rest.Length));
}
