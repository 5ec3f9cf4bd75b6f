using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>Everything a pod needs from the node that it runs on.</summary>
internal sealed record NodeContext(Cluster Cluster, string Name, ProgramCatalog Programs, Disks Disks,
    AddressPool Addresses, PodLogs Logs, EventRecorder Events);

/// <summary>Starts the containers of one pod, lets their programs work, probes them and notes how they end.</summary>
internal sealed class PodContainers(NodeContext node, JsonObject pod, string address, PodEnvironment environment,
    PodVolumes volumes)
{
    private DateTimeOffset? _due;

    /// <summary>
    /// When a program or a probe wants to act; asked after <see cref="Drive"/>, which starts it anew.
    /// </summary>
    public DateTimeOffset? Due
    {
        get
        {
            var due = _due;
            _due = null;
            return due;
        }
    }

    public bool AnyKnown(IEnumerable<ContainerRun> runs) => runs.Any(r => Find(r) is not null);

    /// <summary>Nothing in this pod can be simulated: it waits as with an image that no registry has.</summary>
    public void PullFails(ContainerRun run)
    {
        if (run.Waiting.Reason == "ImagePullBackOff")
            return;
        var image = run.Spec.Text("image");
        var why = $"the playground has no simulated program for image {image}";
        run.Waiting = ("ImagePullBackOff", $"Back-off pulling image \"{image}\": {why}");
        node.Events.Pod(pod, "Warning", "Failed", $"Failed to pull image \"{image}\": {why}", run.Name);
        node.Events.Pod(pod, "Normal", "BackOff", $"Back-off pulling image \"{image}\"", run.Name);
    }

    public void BackOff(ContainerRun run, DateTimeOffset now)
    {
        var pause = TimeSpan.FromSeconds(Math.Ceiling((run.RestartAt - now).TotalSeconds));
        var written = pause.TotalMinutes >= 1
            ? $"{(int)pause.TotalMinutes}m{pause.Seconds}s"
            : $"{(int)pause.TotalSeconds}s";
        var who = $"{pod.Name()}_{pod.Namespace()}({pod.Uid()})";
        run.Waiting = ("CrashLoopBackOff", $"back-off {written} restarting failed container={run.Name} pod={who}");
        node.Events.Pod(pod, "Warning", "BackOff",
            $"Back-off restarting failed container {run.Name} in pod {who}", run.Name);
    }

    public void Start(ContainerRun run, DateTimeOffset now)
    {
        SortedDictionary<string, string> variables;
        try
        {
            variables = environment.Of(run.Spec);
        }
        catch (ConfigFault fault)
        {
            // An Event at every try would be the news for which it is tried again at once, without end.
            if (run.Waiting == ("CreateContainerConfigError", fault.Message))
                return;
            run.Waiting = ("CreateContainerConfigError", fault.Message);
            node.Events.Pod(pod, "Warning", "Failed", $"Error: {fault.Message}", run.Name);
            return;
        }

        run.Waiting = ("ContainerCreating", null);
        var image = run.Spec.Text("image") ?? "";
        node.Events.Pod(pod, "Normal", "Pulled",
            $"Container image \"{image}\" already present on machine and can be accessed by the pod", run.Name);
        var log = node.Logs.Open(pod.Namespace() ?? "", pod.Name(), run.Name, node.Cluster.World.Time.GetUtcNow);
        var program = StartProgram(run, variables, log);
        run.Started(program, NewId(), now,
            probe => new Probe(node.Cluster.World.Network, run.Spec, address, probe, now));
        node.Events.Pod(pod, "Normal", "Created", "Container created", run.Name);
        node.Events.Pod(pod, "Normal", "Started", "Container started", run.Name);
        Drive(run, now);
    }

    /// <summary>Lets a running container work, and sees whether it has ended or has to be restarted.</summary>
    public void Drive(ContainerRun run, DateTimeOffset now)
    {
        if (run.Program is not { } program)
            return;
        if (program.ExitCode is null)
            Wish(program.Act(now));
        if (program.ExitCode is { } code)
        {
            Ended(run, code, now);
            return;
        }

        if (Watch(run, run.Startup, "Startup", now) && run.HasStarted)
        {
            Watch(run, run.Readiness, "Readiness", now);
            Watch(run, run.Liveness, "Liveness", now);
        }

        if (run.Startup?.Passes == false || (run.HasStarted && run.Liveness?.Passes == false))
            KillUnhealthy(run, run.HasStarted ? "liveness" : "startup", now);
    }

    public void Ended(ContainerRun run, int code, DateTimeOffset now)
    {
        run.Exited(code, now);
        node.Logs.End(pod.Namespace() ?? "", pod.Name(), run.Name);
    }

    private bool Watch(ContainerRun run, Probe? probe, string kind, DateTimeOffset now)
    {
        if (probe is null || (kind == "Startup" && probe.Passes == true))
            return true;
        Wish(probe.Act(now, eager: kind != "Liveness"));
        if (probe.Complaint is { } complaint && !pod.IsTerminating())
            node.Events.Pod(pod, "Warning", "Unhealthy", $"{kind} probe failed: {complaint}", run.Name);
        return true;
    }

    private void KillUnhealthy(ContainerRun run, string probe, DateTimeOffset now)
    {
        if (pod.IsTerminating())
            return;
        node.Events.Pod(pod, "Normal", "Killing",
            $"Container {run.Name} failed {probe} probe, will be restarted", run.Name);
        var program = run.Program!;
        program.Kill();
        Ended(run, program.ExitCode ?? 137, now);
    }

    private IRunningProgram StartProgram(
        ContainerRun run, SortedDictionary<string, string> variables, Action<string> log)
    {
        var image = run.Spec.Text("image") ?? "";
        if (Find(run) is not { } program)
        {
            if (!run.IsInit || run.IsSidecar)
                return new IdleProgram();
            log($"the playground has no simulated program for image {image}: this init container counts as done");
            var done = new IdleProgram();
            done.Terminate();
            return done;
        }

        return program.Start(new ContainerContext
        {
            Namespace = pod.Namespace() ?? "",
            PodName = pod.Name(),
            PodUid = pod.Uid(),
            PodAddress = address,
            NodeName = node.Name,
            Labels = new SortedDictionary<string, string>(
                pod.Pairs("metadata", "labels").ToDictionary(), StringComparer.Ordinal),
            Container = run.Spec,
            ImageTag = ImageName.Parse(image).Tag,
            Environment = variables,
            ReadFile = path => volumes.ReadFile(run.Spec, path),
            Volumes = volumes.MountedBy(run.Spec),
            DiskSize = path => volumes.SizeAt(run.Spec, path),
            Log = log,
            Network = node.Cluster.World.Network,
            Chance = node.Cluster.World.Chance,
            Now = node.Cluster.World.Time.GetUtcNow,
        });
    }

    private IProgram? Find(ContainerRun run) =>
        node.Programs.Find(ImageName.Parse(run.Spec.Text("image") ?? "").Repository);

    private string NewId()
    {
        var bytes = new byte[16];
        node.Cluster.World.Chance.NextBytes(bytes);
        return "playground://" + Convert.ToHexString(bytes).ToLower(CultureInfo.InvariantCulture);
    }

    private void Wish(DateTimeOffset? at)
    {
        if (at is not null && (_due is null || at < _due))
            _due = at;
    }
}
