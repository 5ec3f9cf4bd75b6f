using System.Globalization;

namespace Tidekeeper.Cli.Probing;

/// <summary>What a probe is to do.</summary>
internal sealed record ProbeOrder(string Cluster, SqlTarget Target)
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Statements within a second, over all connections.</summary>
    public double Rate { get; init; } = 50;

    public int Connections { get; init; } = 4;

    /// <summary>For how long a statement is retried before it counts as failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Writes rows through the SQL address, reads each back, and at the end looks for every row that was acknowledged.
/// The statements are idempotent, so that a driver may retry them: what fails here fails for an application.
/// </summary>
internal sealed class Probe(ProbeOrder order, TimeProvider time, Action<string> say)
{
    private const int Page = 500;
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    // Two probes of one cluster have a table each.
    private readonly string _table = "tidekeeper_probe.run_"
        + time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private readonly ProbeTally _tally = new(time);
    private int _retries;
    private int _reconnects;

    /// <param name="stop">Ends the load early; the rows are still looked for.</param>
    public async Task<ProbeReport> Run(CancellationToken stop)
    {
        using (var first = Client())
        {
            await first.Query("CREATE DATABASE IF NOT EXISTS tidekeeper_probe", stop);
            await first.Query($"CREATE TABLE {_table} (id BIGINT PRIMARY KEY, note VARCHAR(64))", stop);
        }

        using var end = new CancellationTokenSource(order.Duration, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        await Task.WhenAll([Tell(both.Token),
            .. Enumerable.Range(0, order.Connections).Select(worker => Load(worker, both.Token))]);
        var report = _tally.Report(new ProbeReport
        {
            Cluster = order.Cluster,
            Address = $"{order.Target.Host}:{order.Target.Port}",
        });
        return await Verify(report);
    }

    private RetryingClient Client() => new(order.Target, time, order.Patience);

    /// <summary>One connection: a row in, the row back, at its share of the rate.</summary>
    private async Task Load(int worker, CancellationToken stop)
    {
        using var client = Client();
        var interval = TimeSpan.FromSeconds(order.Connections / order.Rate);
        var written = false;
        var next = time.GetUtcNow() + interval * worker / order.Connections;
        for (long step = 0; await Until(next, stop); step++)
        {
            var id = step / 2 * order.Connections + worker;
            if (step % 2 == 0)
                written = await Write(client, id);
            else if (written)
                await Read(client, id);
            next += interval;
            // After an outage nobody makes up for the statements that were not sent: that would be another load.
            next = next < time.GetUtcNow() - interval ? time.GetUtcNow() : next;
        }

        Interlocked.Add(ref _retries, client.Retries);
        Interlocked.Add(ref _reconnects, Math.Max(0, client.Reconnects - 1));
    }

    /// <summary>Whether the write was acknowledged; a row whose write failed may be there or not.</summary>
    private async Task<bool> Write(RetryingClient client, long id)
    {
        if (await Try(client, $"REPLACE INTO {_table} VALUES ({id}, '{Note(id)}')") is null)
            return false;
        _tally.Acknowledged(id);
        return true;
    }

    private async Task Read(RetryingClient client, long id)
    {
        if (await Try(client, $"SELECT note FROM {_table} WHERE id = {id}") is not { } rows)
            return;
        if (rows is not [[var note]] || note != Note(id))
            _tally.WrongRead($"row {id} was acknowledged, and a read right after it finds "
                + (rows.Count == 0 ? "nothing" : $"'{rows[0][0]}'"));
    }

    private async Task<IReadOnlyList<string?[]>?> Try(RetryingClient client, string statement)
    {
        var began = time.GetTimestamp();
        try
        {
            // What was begun is ended: the end of the load cuts no statement short.
            var rows = await client.Query(statement, CancellationToken.None);
            _tally.Answered(began);
            return rows;
        }
        catch (Exception fault) when (fault is SqlRefusal or IOException)
        {
            _tally.Failed($"{statement.Split(' ')[0]} failed after {time.GetElapsedTime(began).TotalSeconds:0.0} s: "
                + fault.Message);
            return null;
        }
    }

    private async Task<bool> Until(DateTimeOffset moment, CancellationToken stop)
    {
        try
        {
            var wait = moment - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, stop);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Tell(CancellationToken stop)
    {
        while (await Until(time.GetUtcNow() + SayEvery, stop))
            say(_tally.Progress());
    }

    private async Task<ProbeReport> Verify(ProbeReport report)
    {
        report = report with { Retries = _retries, Reconnects = _reconnects };
        using var client = Client();
        var missing = _tally.AcknowledgedIds().ToHashSet();
        try
        {
            for (long? last = -1; last is { } from;)
            {
                var rows = await client.Query(
                    $"SELECT id, note FROM {_table} WHERE id > {from} ORDER BY id LIMIT {Page}",
                    CancellationToken.None);
                last = null;
                foreach (var row in rows)
                {
                    last = long.Parse(row[0]!, CultureInfo.InvariantCulture);
                    if (row[1] == Note(last.Value))
                        missing.Remove(last.Value);
                }
            }

            if (missing.Count == 0)
                await client.Query($"DROP TABLE {_table}", CancellationToken.None);
        }
        catch (Exception fault) when (fault is SqlRefusal or IOException)
        {
            return report with
            {
                Failed = report.Failed + 1,
                Errors = [.. report.Errors, $"the rows could not be looked for: {fault.Message}"],
            };
        }

        return missing.Count == 0 ? report : report with
        {
            Missing = missing.Count,
            Errors = [.. report.Errors, $"missing in {_table}, which is kept: "
                + string.Join(", ", missing.Order().Take(10).Select(m => $"row {m}"))],
        };
    }

    private static string Note(long id) => "row " + id.ToString(CultureInfo.InvariantCulture);
}
