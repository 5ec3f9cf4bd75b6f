using Tidekeeper.Playground.Server;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// What containers have written, the newest lines of each. The log of the container before the last restart is kept
/// too, for <c>kubectl logs --previous</c>; all of it goes with the pod.
/// </summary>
public sealed class PodLogs : IPodLogs
{
    private const int LinesKept = 5_000;

    private readonly SortedDictionary<(string, string, string), Log> _current = [];
    private readonly SortedDictionary<(string, string, string), Log> _previous = [];

    public PodLog? Read(string ns, string pod, string container, bool previous, int from) =>
        (previous ? _previous : _current).GetValueOrDefault((ns, pod, container))?.Read(from);

    /// <summary>Begins the log of a container that starts.</summary>
    public Action<string> Open(string ns, string pod, string container, Func<DateTimeOffset> now)
    {
        var key = (ns, pod, container);
        if (_current.TryGetValue(key, out var before))
            _previous[key] = before;
        var log = new Log();
        _current[key] = log;
        return text =>
        {
            foreach (var line in text.TrimEnd('\n').Split('\n'))
                log.Add(new LogLine(now(), line.TrimEnd('\r')));
        };
    }

    public void End(string ns, string pod, string container)
    {
        if (_current.TryGetValue((ns, pod, container), out var log))
            log.Ended = true;
    }

    public void Forget(string ns, string pod, string container)
    {
        End(ns, pod, container);
        _current.Remove((ns, pod, container));
        _previous.Remove((ns, pod, container));
    }

    private sealed class Log
    {
        private readonly Queue<LogLine> _lines = new();
        private int _dropped;

        public bool Ended { get; set; }

        public void Add(LogLine line)
        {
            _lines.Enqueue(line);
            if (_lines.Count <= LinesKept)
                return;
            _lines.Dequeue();
            _dropped++;
        }

        /// <summary>
        /// Indexes count from the first line ever written, so that a follower never sees a line twice.
        /// </summary>
        public PodLog Read(int from) => new([.. _lines.Skip(Math.Max(0, from - _dropped))], Ended);
    }
}
