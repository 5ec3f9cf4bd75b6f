using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// One node: says that it is alive, and runs the pods that are bound to it. It can be stopped and started as a machine
/// can lose its power: what runs on it dies at once and nobody is told.
/// </summary>
public sealed class Kubelet : IActor
{
    private readonly NodeContext _context;
    private readonly Heartbeat _heartbeat;
    private readonly SortedDictionary<Key, PodWorker> _workers = [];
    private readonly SortedSet<Key> _changed = [];
    private bool _isRoused;

    public Kubelet(Cluster cluster, NodeSpec spec, AddressPool addresses, ProgramCatalog programs, Disks disks,
        PodLogs logs)
    {
        Spec = spec;
        var events = new EventRecorder(cluster.Kubelet, "kubelet", cluster.World.Time.GetUtcNow, spec.Name);
        _context = new NodeContext(cluster, spec.Name, programs, disks, addresses, logs, events);
        _heartbeat = new Heartbeat(cluster, spec, _context.Addresses.NodeAddress);
        cluster.Pods.Listen((before, after) =>
        {
            if (IsMine(before) || IsMine(after))
                _changed.Add((after ?? before)!.Key());
        });
    }

    public NodeSpec Spec { get; }
    public string Address => _context.Addresses.NodeAddress;
    public string Name => "kubelet-" + Spec.Name;
    public bool Running { get; private set; } = true;

    public bool Notices()
    {
        if (!Running)
            return false;
        _context.Cluster.Pods.Refresh();
        if (_isRoused || _changed.Count > 0)
            return true;
        foreach (var worker in _workers.Values)
        {
            if (worker.HasNews)
                return true;
        }

        return false;
    }

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        if (!Running)
            return null;
        _isRoused = false;
        DateTimeOffset? due = null;
        try
        {
            due = _heartbeat.Beat(now);
        }
        catch (ApiFault)
        {
            // The API refused the heartbeat, for example while the node object is being deleted: once more, soon.
            due = now.AddSeconds(1);
        }

        _context.Cluster.Pods.Refresh();
        TakeChanges(now);
        foreach (var worker in _workers.Values.ToList())
        {
            if (worker.Due <= now || worker.HasNews)
                Drive(worker, now);
            if (worker.Due is { } at && (due is null || at < due))
                due = at;
        }

        return due;
    }

    /// <summary>The machine is off. What was in memory is lost; what is on disks is not.</summary>
    public void Stop(DateTimeOffset now)
    {
        Running = false;
        foreach (var worker in _workers.Values)
            worker.KillAll(now);
    }

    /// <summary>The machine is on again and runs what is bound to it, each container restarted.</summary>
    public void Start()
    {
        Running = true;
        _isRoused = true;
        _heartbeat.Reset();
    }

    private bool IsMine(JsonObject? pod) => pod?.Text("spec", "nodeName") == Spec.Name;

    private void TakeChanges(DateTimeOffset now)
    {
        foreach (var key in _changed)
        {
            var pod = _context.Cluster.Pods.Get(key);
            var worker = _workers.GetValueOrDefault(key);
            if (worker is not null && (pod is null || pod.Uid() != worker.Uid || !IsMine(pod)))
            {
                worker.KillAll(now);
                worker.Release();
                _workers.Remove(key);
                worker = null;
            }

            if (pod is null || !IsMine(pod))
                continue;
            if (worker is null)
                _workers[key] = new PodWorker(_context, pod, now);
            else
                worker.Note(pod);
        }

        _changed.Clear();
    }

    private static void Drive(PodWorker worker, DateTimeOffset now)
    {
        try
        {
            worker.Act(now);
        }
        catch (ApiFault)
        {
            // The pod changed or went away between the look and the write: the change itself comes here next.
            worker.Postpone(now.AddSeconds(1));
        }
    }
}
