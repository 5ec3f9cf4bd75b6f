using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidekeeper.Operator.Databases;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Simulation.Engine;

/// <summary>
/// What happened in one run, in order. The last lines are shown when a check fails; the hash of all lines shows
/// whether two runs of one seed were the same run.
/// </summary>
public sealed class Story(VirtualTime time)
{
    private const int Kept = 400;

    // Of whose changes those hear who listen to the whole story.
    private static readonly string[] Followed = ["pods", "persistentvolumeclaims", "statefulsets.apps", "nodes"];

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<string> _lines = new();

    /// <summary>Requests of operators that reached the server, their lease aside.</summary>
    public int Requests { get; private set; }

    /// <summary>The same by what was asked of which kind.</summary>
    public SortedDictionary<string, int> RequestsByKind { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes of operators that changed the store.</summary>
    public int EffectiveWrites { get; private set; }

    /// <summary>Writes of operators that changed the store, their lease aside.</summary>
    public int RealWrites { get; private set; }

    /// <summary>Called for every write that reached the server; checkers judge it.</summary>
    public Action<Written>? Wrote { get; set; }

    /// <summary>Called before a database is asked to change something, with who asks.</summary>
    public Action<string, WireRequest>? Asking { get; set; }

    /// <summary>Is told each line as it is written.</summary>
    public Action<string>? Told { get; set; }

    /// <summary>The newest change of the store: after a write that changed something, its own.</summary>
    public StoreEvent? Newest { get; private set; }

    /// <summary>Faults so far that cost an operator time; an event that comes late is none of them.</summary>
    public int Setbacks { get; private set; }

    /// <summary>How often each kind of fault was really injected.</summary>
    public SortedDictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    public void Fault(string kind, bool isSetback = true)
    {
        Faults[kind] = Faults.GetValueOrDefault(kind) + 1;
        if (isSetback)
            Setbacks++;
    }

    public void Tell(string line)
    {
        var stamped = $"{time.Now:HH:mm:ss.fff} {line}";
        _hash.AppendData(Encoding.UTF8.GetBytes(stamped + "\n"));
        _lines.Enqueue(stamped);
        Told?.Invoke(stamped);
        if (_lines.Count > Kept)
            _lines.Dequeue();
    }

    /// <summary>Every change of the store counts for the hash, and none fills the story.</summary>
    public void Saw(StoreEvent change)
    {
        Newest = change;
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{time.Now.Ticks} {change.Revision} {change.Type} {change.Resource} {change.Key}\n")));
        if (Told is not null && Followed.Contains(change.Resource))
        {
            Told(string.Create(CultureInfo.InvariantCulture,
                $"{time.Now:HH:mm:ss.fff}     {change.Type} {change.Resource} {change.Key}"));
        }
    }

    public void Did(Written written)
    {
        if (!written.IsOfLease)
        {
            Requests++;
            var kind = $"{written.Request.Method} {written.Kind}";
            RequestsByKind[kind] = RequestsByKind.GetValueOrDefault(kind) + 1;
        }

        if (written.Request.Method == "GET")
            return;
        if (written.Changed)
            EffectiveWrites++;
        // A lease renewed every two seconds would push everything else out of the story.
        if (!written.IsOfLease)
        {
            RealWrites += written.Changed ? 1 : 0;
            Tell($"{written.Who} {written.Request.Method} {written.Request.Path} -> {written.Answer.Status}"
                + (written.Changed ? "" : " (nothing changed)"));
        }

        Wrote?.Invoke(written);
    }

    public string Hash => Convert.ToHexString(_hash.GetCurrentHash())[..16];

    /// <summary>What was until now is of no interest to those who read the story; the hash knows it.</summary>
    public void Begin() => _lines.Clear();

    public string Last(int lines) => string.Join('\n', _lines.TakeLast(lines));
}
