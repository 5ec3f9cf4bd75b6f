namespace Tidekeeper.Kube.Http;

/// <summary>A watch as it comes over HTTP: one JSON document a line.</summary>
internal sealed class LineStream(HttpResponseMessage response, Stream stream) : IWatchStream
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public async Task<byte[]?> Read(CancellationToken cancel)
    {
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer[_start..(_start + searched + at)];
                _start += searched + at + 1;
                searched = 0;
                if (line.Length > 0)
                    return line;
                continue;
            }

            searched = _end - _start;
            if (!await Fill(cancel))
                // Half a line is a broken connection, not an end in good order.
                return _end == _start ? null : throw new TransportException("the watch broke within an event", true);
        }
    }

    private async Task<bool> Fill(CancellationToken cancel)
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        try
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransportException($"the watch broke: {e.Message}", true, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        response.Dispose();
    }
}
