using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidekeeper.Kube;

/// <summary>What an Event is about.</summary>
public sealed record EventSubject(string ApiVersion, string Kind, string Namespace, string Name, string Uid);

/// <summary>One sentence for the users of an object.</summary>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">One word in CamelCase.</param>
public sealed record EventNote(EventSubject Subject, string Type, string Reason, string Message);

/// <summary>
/// Writes Events. The same sentence about the same object is counted on one Event instead of making another, and is
/// not even counted more often than every <see cref="Quiet"/>. Each object has a budget, so that a quarrel cannot
/// flood the API. An Event that cannot be written is dropped: events help, they decide nothing.
/// </summary>
/// <param name="component">Who reports, for example <c>tidekeeper</c>.</param>
/// <param name="dropped">Told about events that could not be written.</param>
public sealed class EventRecorder(KubeApi api, string component, TimeProvider time, Action<EventNote, string> dropped)
{
    private const int Remembered = 4096;
    private const double Burst = 25;
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Written> _written = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Budget> _budgets = new(StringComparer.Ordinal);
    private long _serial;

    /// <summary>For so long the same sentence is not repeated.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(10);

    private sealed record Written(string Name, DateTimeOffset First, DateTimeOffset Last, int Count);

    private sealed record Budget(double Left, DateTimeOffset At);

    public async Task Write(EventNote note, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var sentence = $"{note.Subject.Uid}\n{note.Type}\n{note.Reason}\n{note.Message}";
        if (Account(note, sentence, now) is not { } written)
            return;
        try
        {
            var done = written.Count > 1 && await Count(note, written, cancel);
            if (!done)
                await Create(note, written, cancel);
        }
        catch (KubeException e)
        {
            dropped(note, e.Message);
        }
    }

    /// <summary>The event to write; null when it was said a moment ago or the object's budget is spent.</summary>
    private Written? Account(EventNote note, string sentence, DateTimeOffset now)
    {
        lock (_gate)
        {
            var before = _written.GetValueOrDefault(sentence);
            if (before is not null && now - before.Last < Quiet)
                return null;
            if (!_Spend(note.Subject.Uid, now))
                return null;
            _Forget();
            return _written[sentence] = before is null
                ? new(EventName(note.Subject.Name, now), now, now, 1)
                : before with { Last = now, Count = before.Count + 1 };
        }
    }

    private bool _Spend(string uid, DateTimeOffset now)
    {
        var budget = _budgets.GetValueOrDefault(uid) ?? new(Burst, now);
        var left = Math.Min(Burst, budget.Left + ((now - budget.At) / Refill));
        _budgets[uid] = new(left >= 1 ? left - 1 : left, now);
        return left >= 1;
    }

    /// <summary>Keeps memory bounded: forgetting costs at worst one Event more.</summary>
    private void _Forget()
    {
        if (_written.Count < Remembered)
            return;
        foreach (var old in _written.OrderBy(w => w.Value.Last).Take(Remembered / 4).Select(w => w.Key).ToList())
            _written.Remove(old);
        foreach (var old in _budgets.OrderBy(b => b.Value.At).Take(_budgets.Count / 4).Select(b => b.Key).ToList())
            _budgets.Remove(old);
    }

    /// <summary>Unique among the Events about one object by time, and within one moment by a serial number.</summary>
    private string EventName(string subject, DateTimeOffset now)
    {
        var most = subject.Length > 200 ? subject[..200] : subject;
        return $"{most}.{(now - DateTimeOffset.UnixEpoch).Ticks:x}{++_serial & 0xfff:x3}";
    }

    private async Task<bool> Count(EventNote note, Written written, CancellationToken cancel)
    {
        var patch = new JsonObject { ["count"] = written.Count, ["lastTimestamp"] = Stamp(written.Last) };
        var answer = await api.Patch(Resource.Events, note.Subject.Namespace, written.Name, patch, _ => true, cancel);
        if (!answer.Succeeded && !answer.IsNotFound)
            dropped(note, answer.Refusal!.Message);
        return !answer.IsNotFound;
    }

    private async Task Create(EventNote note, Written written, CancellationToken cancel)
    {
        var subject = note.Subject;
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = written.Name, ["namespace"] = subject.Namespace },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = subject.ApiVersion,
                ["kind"] = subject.Kind,
                ["namespace"] = subject.Namespace,
                ["name"] = subject.Name,
                ["uid"] = subject.Uid,
            },
            ["type"] = note.Type,
            ["reason"] = note.Reason,
            ["message"] = note.Message.Length > 1024 ? note.Message[..1021] + "..." : note.Message,
            ["count"] = written.Count,
            ["firstTimestamp"] = Stamp(written.First),
            ["lastTimestamp"] = Stamp(written.Last),
            ["source"] = new JsonObject { ["component"] = component },
            ["reportingComponent"] = component,
        };
        var answer = await api.Create(Resource.Events, subject.Namespace, body, _ => true, cancel);
        if (!answer.Succeeded)
            dropped(note, answer.Refusal!.Message);
    }

    private static string Stamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
