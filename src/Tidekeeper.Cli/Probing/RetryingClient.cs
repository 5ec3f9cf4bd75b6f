namespace Tidekeeper.Cli.Probing;

/// <summary>
/// What a good driver does for an idempotent statement: connect again when the connection is lost, and try again when
/// the server says that it cannot just now. Everything else, and whatever lasts too long, is the application's.
/// </summary>
internal sealed class RetryingClient(SqlTarget target, TimeProvider time, TimeSpan patience) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Shutdown, too many connections, lock wait and deadlock; then TiDB's: schema changed, PD, TiKV and its regions.
    private static readonly int[] Passing =
        [1040, 1053, 1205, 1213, 1317, 8002, 8022, 8027, 8028, 9001, 9002, 9003, 9004, 9005, 9007, 9010];

    private SqlClient? _client;

    /// <summary>Attempts beyond the first, of all statements.</summary>
    public int Retries { get; private set; }

    public int Reconnects { get; private set; }

    public async Task<IReadOnlyList<string?[]>> Query(string statement, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var pause = Pause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await Attempt(statement, patience - time.GetElapsedTime(began), cancel);
            }
            catch (Exception fault) when (!cancel.IsCancellationRequested && IsPassing(fault)
                && time.GetElapsedTime(began) < patience)
            {
                Retries++;
                if (fault is not SqlRefusal { State: not "08S01" and not "08004" })
                    Drop();
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    public void Dispose() => Drop();

    private async Task<IReadOnlyList<string?[]>> Attempt(string statement, TimeSpan left, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(left > Pause ? left : Pause, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            if (_client is null)
            {
                _client = await SqlClient.Open(target, both.Token);
                Reconnects++;
            }

            return await _client.Query(statement, both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Drop();
            throw new IOException($"no answer within {patience.TotalSeconds:0} s");
        }
    }

    /// <summary>
    /// While it is not connected every refusal but that of the account counts: it comes from what stands in front.
    /// </summary>
    private bool IsPassing(Exception fault) => fault is IOException
        || fault is SqlRefusal refusal && (Passing.Contains(refusal.Code)
            || refusal.State.StartsWith("08", StringComparison.Ordinal)
            || (_client is null && refusal.Code is not (1044 or 1045 or 1049 or 2059 or 2061)));

    private void Drop()
    {
        _client?.Dispose();
        _client = null;
    }
}
