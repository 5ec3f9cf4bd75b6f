using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// What a kubelet does for one pod: mounts its volumes, runs its init containers one after another and then its
/// containers, restarts and probes them, writes the status, and takes it all down when the pod is deleted.
/// </summary>
internal sealed class PodWorker
{
    private static readonly TimeSpan LongestMountPause = TimeSpan.FromSeconds(122);

    private readonly NodeContext _node;
    private readonly PodContainers _containers;
    private readonly List<ContainerRun> _inits;
    private readonly List<ContainerRun> _mains;
    private readonly ContainerFace[] _shown;
    private readonly DateTimeOffset _startTime;
    private readonly PodVolumes _volumes;
    private JsonObject _pod;
    private DateTimeOffset? _killAt;
    private readonly List<(ContainerRun Run, DateTimeOffset Until)> _hooks = [];
    private bool _isNoted = true;
    private bool _isSteady;
    private bool _mounted;
    private DateTimeOffset _mountAgain;
    private TimeSpan _mountPause = TimeSpan.FromMilliseconds(500);
    private bool _released;
    private (string Phase, string? Reason, string? Message)? _verdict;
    private (JsonObject Pod, string? Verdict, bool Mounted)? _composed;

    public PodWorker(NodeContext node, JsonObject pod, DateTimeOffset now)
    {
        (_node, _pod) = (node, pod);
        _startTime = pod.Moment("status", "startTime") ?? now;
        Address = pod.IsTrue("spec", "hostNetwork") ? node.Addresses.NodeAddress
            : pod.Text("status", "podIP") is { } kept && node.Addresses.Keep(kept) ? kept
            : node.Addresses.Take();
        var environment = new PodEnvironment(node.Cluster, pod, Address, node.Addresses.NodeAddress);
        _volumes = new PodVolumes(node.Cluster, node.Disks, pod, environment);
        _inits = [.. pod.ObjectsAt("spec", "initContainers").Select(c => new ContainerRun(c, true))];
        _mains = [.. pod.ObjectsAt("spec", "containers").Select(c => new ContainerRun(c, false))];
        _shown = new ContainerFace[_inits.Count + _mains.Count];
        foreach (var run in _inits.Concat(_mains))
        {
            run.Waiting = (_inits.Count > 0 ? "PodInitializing" : "ContainerCreating", null);
            if (StatusOf(pod, run) is { } status)
                run.Recall(status);
        }

        _containers = new PodContainers(node, pod, Address, environment, _volumes);
    }

    public string Uid => _pod.Uid();
    public string Address { get; }

    /// <summary>When to act again even if nothing changes; null when only a change can matter.</summary>
    public DateTimeOffset? Due { get; private set; }

    /// <summary>
    /// Whether it may have to act before its time. A pod that does not simply run may wait for anything in the world.
    /// </summary>
    public bool HasNews
    {
        get
        {
            if (_isNoted || !_isSteady)
                return true;
            foreach (var run in _inits)
            {
                if (run.HasNews)
                    return true;
            }

            foreach (var run in _mains)
            {
                if (run.HasNews)
                    return true;
            }

            return false;
        }
    }

    public void Note(JsonObject pod) => (_pod, _isNoted) = (pod, true);

    /// <summary>What was begun could not be finished, and is tried again then.</summary>
    public void Postpone(DateTimeOffset at) => Due = at;

    public void Act(DateTimeOffset now)
    {
        _isNoted = _isSteady = false;
        Due = Work(now);
        _isSteady = !_pod.IsTerminating() && (_pod.IsFinished() || (_mounted && _verdict is null
            && _mains.TrueForAll(run => run.IsRunning)
            && _inits.TrueForAll(run => run.IsRunning || (run.Succeeded && !run.IsSidecar))));
    }

    private DateTimeOffset? Work(DateTimeOffset now)
    {
        foreach (var run in _inits)
            _containers.Drive(run, now);
        foreach (var run in _mains)
            _containers.Drive(run, now);
        if (_pod.IsTerminating())
            return TakeDown(now);
        if (_pod.IsFinished() && _verdict is null)
            return null;
        if (_verdict is null)
            Advance(now);
        WriteStatus(now);
        return _verdict is null ? Soonest(now) : null;
    }

    /// <summary>Everything in it is gone at once: the pod was removed by force, or the node lost power.</summary>
    public void KillAll(DateTimeOffset now)
    {
        foreach (var run in Running.ToList())
        {
            run.Program!.Kill();
            _containers.Ended(run, run.Program.ExitCode ?? 137, now);
        }
    }

    public void Release()
    {
        if (_released)
            return;
        _released = true;
        _node.Addresses.Return(Address);
        foreach (var run in _inits.Concat(_mains))
            _node.Logs.Forget(_pod.Namespace() ?? "", _pod.Name(), run.Name);
    }

    private IEnumerable<ContainerRun> Running => _inits.Concat(_mains).Where(r => r.IsRunning);

    private void Advance(DateTimeOffset now)
    {
        if (!_mounted)
        {
            if (_volumes.Obstacle() is { } obstacle)
            {
                TellObstacle(obstacle, now);
                return;
            }

            _mounted = true;
        }

        if (!_mains.Exists(r => r.IsRunning) && !_containers.AnyKnown(_mains))
        {
            foreach (var run in _mains)
                _containers.PullFails(run);
            return;
        }

        if (!Initialize(now))
            return;
        foreach (var run in _mains)
            StartIfDue(run, now);
        Judge();
    }

    // As often as a kubelet tries again. At every look the world would never come to rest: an Event is a change too.
    private void TellObstacle(string obstacle, DateTimeOffset now)
    {
        if (now < _mountAgain)
            return;
        _node.Events.Pod(_pod, "Warning", "FailedMount", obstacle);
        _mountAgain = now + _mountPause;
        _mountPause = _mountPause * 2 < LongestMountPause ? _mountPause * 2 : LongestMountPause;
    }

    /// <returns>Whether all init containers are done.</returns>
    private bool Initialize(DateTimeOffset now)
    {
        foreach (var run in _inits)
        {
            if (run.IsSidecar)
            {
                StartIfDue(run, now);
                if (!run.HasStarted)
                    return false;
                continue;
            }

            if (run.Succeeded)
                continue;
            if (run.Ended is not null && RestartPolicy == "Never")
            {
                Fail(null, null);
                return false;
            }

            StartIfDue(run, now);
            if (!run.Succeeded)
                return false;
        }

        return true;
    }

    private void StartIfDue(ContainerRun run, DateTimeOffset now)
    {
        if (run.IsRunning || (run.Ended is not null && !MayRestart(run)))
            return;
        if (run.Ended is not null && now < run.RestartAt)
        {
            if (!run.IsBackingOff)
                _containers.BackOff(run, now);
            return;
        }

        _containers.Start(run, now);
    }

    private string RestartPolicy => _pod.Text("spec", "restartPolicy") ?? "Always";

    private bool MayRestart(ContainerRun run) => run.IsSidecar || RestartPolicy switch
    {
        "Never" => false,
        "OnFailure" => !run.Succeeded,
        _ => !run.IsInit || !run.Succeeded,
    };

    /// <summary>When all containers have ended for good the pod is over, and its sidecars end too.</summary>
    private void Judge()
    {
        if (_mains.Any(r => r.IsRunning || r.Ended is null || MayRestart(r)))
            return;
        foreach (var run in Running.ToList())
            run.Program!.Terminate();
        if (_mains.TrueForAll(r => r.Succeeded))
            _verdict = ("Succeeded", null, null);
        else
            Fail(null, null);
    }

    private void Fail(string? reason, string? message) => _verdict = ("Failed", reason, message);

    private DateTimeOffset? TakeDown(DateTimeOffset now)
    {
        if (_killAt is null)
        {
            var grace = _pod.Number("metadata", "deletionGracePeriodSeconds") ?? 30;
            _killAt = now.AddSeconds(grace);
            foreach (var run in Running)
            {
                _node.Events.Pod(_pod, "Normal", "Killing", $"Stopping container {run.Name}", run.Name);
                _hooks.Add((run, now + PreStopHook.Pause(run.Spec)));
            }
        }

        foreach (var (run, _) in _hooks.Where(h => h.Until <= now && h.Run.IsRunning))
        {
            run.Program!.Terminate();
            _containers.Drive(run, now);
        }

        _hooks.RemoveAll(h => h.Until <= now);

        if (Running.Any() && now < _killAt)
        {
            WriteStatus(now);
            return _hooks.Aggregate(Earliest(_killAt, Soonest(now)), (due, hook) => Earliest(due, hook.Until));
        }

        KillAll(now);
        if (!_pod.IsFinished() && _verdict is null && _mains.Exists(r => r.Ended is not null))
            _verdict = (_mains.TrueForAll(r => r.Succeeded) ? "Succeeded" : "Failed", null, null);
        WriteStatus(now);
        if (_pod.At("metadata", "finalizers") is JsonArray { Count: > 0 }
            && _pod.Number("metadata", "deletionGracePeriodSeconds") == 0)
            return null;
        _node.Cluster.Kubelet.Delete(Resources.Pods, _pod.Namespace(), _pod.Name(), _pod.Uid(), graceSeconds: 0);
        return null;
    }

    private void WriteStatus(DateTimeOffset now)
    {
        // A kubelet looks at every pod whenever anything moves; composing what nobody will see was half of all work.
        if (!StatusHasNews())
            return;
        var phase = _verdict?.Phase
            ?? (_mains.Exists(r => r.IsRunning || r.Ended is not null) ? "Running" : "Pending");
        var wanted = PodStatus.Compose(_pod, new PodState(_inits, _mains)
        {
            Phase = phase,
            Reason = _verdict?.Reason,
            Message = _verdict?.Message,
            HostAddress = _node.Addresses.NodeAddress,
            StartTime = _startTime,
            Address = _mounted ? Address : null,
        }, now);
        if (!JsonNode.DeepEquals(wanted, _pod["status"]))
        {
            var changed = _pod.Copy();
            changed.Ensure("metadata").Remove("resourceVersion");
            changed["status"] = wanted;
            _pod = _node.Cluster.Kubelet.UpdateStatus(Resources.Pods, changed);
        }

        Remember();
    }

    /// <summary>Whether anything that the status is made of is not what it was when it was last written.</summary>
    private bool StatusHasNews()
    {
        if (_composed != (_pod, _verdict?.Phase, _mounted))
            return true;
        for (var i = 0; i < _shown.Length; i++)
        {
            if (_shown[i] != At(i).Face)
                return true;
        }

        return false;
    }

    private void Remember()
    {
        _composed = (_pod, _verdict?.Phase, _mounted);
        for (var i = 0; i < _shown.Length; i++)
            _shown[i] = At(i).Face;
    }

    private ContainerRun At(int index) => index < _inits.Count ? _inits[index] : _mains[index - _inits.Count];

    private DateTimeOffset? Soonest(DateTimeOffset now)
    {
        DateTimeOffset? due = _mounted ? null : now.AddSeconds(1);
        foreach (var run in _inits.Concat(_mains))
        {
            if (run.IsBackingOff)
                due = Earliest(due, run.RestartAt);
            else if (run.Waiting.Reason == "CreateContainerConfigError" && !run.IsRunning)
                due = Earliest(due, now.AddSeconds(5));
        }

        return Earliest(due, _containers.Due);
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) =>
        a is null ? b : b is null || a < b ? a : b;

    private static JsonObject? StatusOf(JsonObject pod, ContainerRun run) =>
        pod.ObjectsAt("status", run.IsInit ? "initContainerStatuses" : "containerStatuses")
            .FirstOrDefault(s => s.Text("name") == run.Name);
}
