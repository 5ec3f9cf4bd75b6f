using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Housekeeping;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground;

/// <summary>
/// A world with everything in it: control plane, nodes, storage, DNS. Besides building it this says in words what a
/// simulation does to a cluster.
/// </summary>
public sealed class PlaygroundCluster
{
    private readonly Cluster _cluster;
    private readonly SortedDictionary<string, Kubelet> _kubelets = new(StringComparer.Ordinal);

    private PlaygroundCluster(World world, PlaygroundLayout layout)
    {
        World = world;
        Logs = layout.Logs;
        Disks = new Disks(layout.DataDirectory);
        _cluster = new Cluster(world);
    }

    public World World { get; }
    public Disks Disks { get; }

    /// <summary>What containers have written, for <c>kubectl logs</c>.</summary>
    public PodLogs Logs { get; }

    /// <summary>The machines' own addresses, where their kubelets answer.</summary>
    public IEnumerable<string> NodeAddresses => _kubelets.Values.Select(kubelet => kubelet.Address);

    /// <summary>Names of the nodes, in order.</summary>
    public IReadOnlyList<string> Nodes => [.. _kubelets.Keys];

    /// <summary>Puts a cluster into a world; the nodes appear when the world is next let act.</summary>
    public static PlaygroundCluster Build(World world, PlaygroundLayout layout)
    {
        var made = new PlaygroundCluster(world, layout);
        made.AddControlPlane(layout);
        made.AddNodes(layout);
        return made;
    }

    /// <summary>
    /// Nodes, their disks and cluster DNS for a cluster whose control plane is elsewhere; the world mirrors it already.
    /// </summary>
    public static PlaygroundCluster Join(World world, PlaygroundLayout layout)
    {
        var made = new PlaygroundCluster(world, layout);
        made.AddStorageClasses(layout);
        world.Network.Resolve = new ClusterDns(made._cluster).Resolve;
        world.Add(new PowerSwitch(made._cluster, made));
        world.Add(new VolumeProvisioner(made._cluster, made.Disks));
        made.AddNodes(layout);
        return made;
    }

    /// <summary>
    /// Disks for a cluster whose control plane and nodes are elsewhere; the world mirrors it already.
    /// </summary>
    public static PlaygroundCluster Store(World world, PlaygroundLayout layout)
    {
        var made = new PlaygroundCluster(world, layout);
        made.AddStorageClasses(layout);
        world.Add(new PowerSwitch(made._cluster, made));
        world.Add(new VolumeProvisioner(made._cluster, made.Disks));
        return made;
    }

    /// <summary>The machine loses its power: its pods die at once, and after a while the cluster notices.</summary>
    public void StopNode(string node) => _kubelets[node].Stop(World.Time.GetUtcNow());

    /// <summary>The machine is on again; one that was on has its kubelet restarted, and registers anew.</summary>
    public void StartNode(string node) => _kubelets[node].Start();

    public bool IsRunning(string node) => _kubelets[node].Running;

    /// <summary>The disk behind a claim is gone with all data; the objects know nothing of it.</summary>
    public void LoseVolume(string ns, string claim)
    {
        if (_cluster.ControllerManager.Get(Resources.Claims, ns, claim)?.Text("spec", "volumeName") is { } volume)
            Disks.Remove(volume);
    }

    /// <summary>As <c>kubectl delete pod</c>; with <paramref name="graceSeconds"/> 0 it is gone at once.</summary>
    public void DeletePod(string ns, string pod, int? graceSeconds = null) =>
        _cluster.As("playground").Delete(Resources.Pods, ns, pod, graceSeconds: graceSeconds);

    private void AddControlPlane(PlaygroundLayout layout)
    {
        AddStorageClasses(layout);
        Housekeepers.AddTo(World);
        World.Network.Resolve = new ClusterDns(_cluster).Resolve;
        World.Add(new DeploymentController(_cluster));
        World.Add(new ReplicaSetController(_cluster));
        World.Add(new StatefulSetController(_cluster));
        World.Add(new DaemonSetController(_cluster));
        World.Add(new JobController(_cluster));
        World.Add(new CronJobController(_cluster));
        World.Add(new QuotaController(_cluster));
        World.Add(new EndpointSliceController(_cluster));
        World.Add(new DisruptionController(_cluster));
        World.Add(new NodeLifecycleController(_cluster));
        World.Add(new PodCollector(_cluster));
        World.Add(new PowerSwitch(_cluster, this));
        World.Add(new VolumeBinder(_cluster));
        World.Add(new VolumeReclaimer(_cluster, Disks));
        World.Add(new Scheduler(_cluster, layout.Programs));
    }

    private void AddNodes(PlaygroundLayout layout)
    {
        var number = 0;
        foreach (var spec in layout.NodeSpecs)
        {
            var addresses = new AddressPool(layout.Addresses(number++));
            var kubelet = new Kubelet(_cluster, spec, addresses, layout.Programs, Disks, Logs);
            _kubelets[spec.Name] = kubelet;
            World.Add(kubelet);
        }
    }

    private void AddStorageClasses(PlaygroundLayout layout)
    {
        if (layout.Nodes == 0)
            return;
        foreach (var kind in (ReadOnlySpan<JsonObject>)[StorageClasses.Standard(), StorageClasses.LocalStorage()])
        {
            var api = _cluster.As("playground");
            if (api.Get(Resources.StorageClasses, null, kind.Name()) is null)
                api.Create(Resources.StorageClasses, null, kind);
        }
    }
}
