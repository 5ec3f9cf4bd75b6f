using System.Buffers.Binary;

namespace Tidekeeper.Playground.Server.MySql;

/// <summary>
/// Packets of the MySQL protocol over a stream: a length of three bytes, a number of one, the payload. Payloads of
/// 16 MB and more come in several packets; what is written is collected until <see cref="Flush"/>.
/// </summary>
internal sealed class PacketStream(Stream stream)
{
    public const int LargestPayload = 64 * 1024 * 1024;
    private const int LargestPacket = 0xFFFFFF;
    private const int FlushAbove = 256 * 1024;

    private readonly byte[] _header = new byte[4];
    private byte[] _input = new byte[4096];
    private int _from;
    private int _to;
    private byte[] _output = new byte[4096];
    private int _length;
    private byte _number;

    /// <summary>True when the last payload was larger than <see cref="LargestPayload"/> and was thrown away.</summary>
    public bool WasTooLarge { get; private set; }

    /// <summary>The next payload, or null at the end of the connection.</summary>
    public async Task<byte[]?> Read(CancellationToken stop)
    {
        WasTooLarge = false;
        byte[]? payload = null;
        while (true)
        {
            if (!await Fill(_header, stop))
                return null;
            var length = _header[0] | (_header[1] << 8) | (_header[2] << 16);
            _number = (byte)(_header[3] + 1);
            var part = new byte[length];
            if (!await Fill(part, stop))
                return null;
            WasTooLarge |= (payload?.Length ?? 0) + length > LargestPayload;
            payload = payload is null || WasTooLarge ? part : [.. payload, .. part];
            if (length < LargestPacket)
                return payload;
        }
    }

    /// <summary>The next command is the first packet of a new exchange.</summary>
    public void Write(ReadOnlySpan<byte> payload)
    {
        while (true)
        {
            var part = Math.Min(payload.Length, LargestPacket);
            Reserve(part + 4);
            BinaryPrimitives.WriteInt32LittleEndian(_output.AsSpan(_length), part);
            _output[_length + 3] = _number++;
            payload[..part].CopyTo(_output.AsSpan(_length + 4));
            _length += part + 4;
            payload = payload[part..];
            if (part < LargestPacket)
                return;
        }
    }

    /// <summary>Sends what was written when it is much; see <see cref="Flush"/>.</summary>
    public ValueTask FlushIfLarge(CancellationToken stop) =>
        _length > FlushAbove ? Flush(stop) : ValueTask.CompletedTask;

    public async ValueTask Flush(CancellationToken stop)
    {
        await stream.WriteAsync(_output.AsMemory(0, _length), stop);
        _length = 0;
        if (_output.Length > 4 * FlushAbove)
            _output = new byte[4096];
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _output.Length)
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _length + bytes));
    }

    private async ValueTask<bool> Fill(byte[] target, CancellationToken stop)
    {
        var filled = 0;
        while (filled < target.Length)
        {
            if (_from < _to)
            {
                var count = Math.Min(_to - _from, target.Length - filled);
                _input.AsSpan(_from, count).CopyTo(target.AsSpan(filled));
                (_from, filled) = (_from + count, filled + count);
                continue;
            }

            if (target.Length - filled > _input.Length)
            {
                var direct = await stream.ReadAsync(target.AsMemory(filled), stop);
                if (direct == 0)
                    return false;
                filled += direct;
                continue;
            }

            (_from, _to) = (0, await stream.ReadAsync(_input, stop));
            if (_to == 0)
                return false;
        }

        return true;
    }
}
