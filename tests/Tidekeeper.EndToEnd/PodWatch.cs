using System.Diagnostics;

namespace Tidekeeper.EndToEnd;

/// <summary>Every pod that was in a namespace since it was asked for, as <c>kubectl get --watch</c> tells.</summary>
internal sealed class PodWatch : IDisposable
{
    private readonly Process _kubectl;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedSet<string>> _uids = new(StringComparer.Ordinal);

    public PodWatch(Process kubectl)
    {
        _kubectl = kubectl;
        _kubectl.OutputDataReceived += (_, line) => Note(line.Data);
        _kubectl.BeginOutputReadLine();
    }

    /// <summary>How many pods of that name there have been.</summary>
    public int Generations(string pod)
    {
        lock (_gate)
            return _uids.TryGetValue(pod, out var uids) ? uids.Count : 0;
    }

    public IReadOnlyList<string> Pods(params string[] prefixes)
    {
        lock (_gate)
            return [.. _uids.Keys.Where(pod => prefixes.Any(p => pod.StartsWith(p, StringComparison.Ordinal)))];
    }

    public void Dispose()
    {
        _kubectl.Kill(entireProcessTree: true);
        _kubectl.WaitForExit();
        _kubectl.Dispose();
    }

    private void Note(string? line)
    {
        if (line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var pod, var uid])
            return;
        lock (_gate)
        {
            if (!_uids.TryGetValue(pod, out var uids))
                _uids[pod] = uids = new SortedSet<string>(StringComparer.Ordinal);
            uids.Add(uid);
        }
    }
}
