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
        Disks = new Disks(layout.DataDirectory);
        _cluster = new Cluster(world);
        AddStorageClasses(layout);
        Housekeepers.AddTo(world);
        world.Network.Resolve = new ClusterDns(_cluster).Resolve;
        world.Add(new DeploymentController(_cluster));
        world.Add(new ReplicaSetController(_cluster));
        world.Add(new StatefulSetController(_cluster));
        world.Add(new DaemonSetController(_cluster));
        world.Add(new JobController(_cluster));
        world.Add(new CronJobController(_cluster));
        world.Add(new QuotaController(_cluster));
        world.Add(new EndpointSliceController(_cluster));
        world.Add(new DisruptionController(_cluster));
        world.Add(new NodeLifecycleController(_cluster));
        world.Add(new PodCollector(_cluster));
        world.Add(new PowerSwitch(_cluster, this));
        world.Add(new VolumeBinder(_cluster));
        world.Add(new VolumeReclaimer(_cluster, Disks));
        world.Add(new Scheduler(_cluster, layout.Programs));
        var number = 0;
        foreach (var spec in layout.NodeSpecs)
        {
            var kubelet = new Kubelet(
                _cluster, spec, new AddressPool(layout.AddressBlock, number++), layout.Programs, Disks, Logs);
            _kubelets[spec.Name] = kubelet;
            world.Add(kubelet);
        }
    }

    public World World { get; }
    public Disks Disks { get; }

    /// <summary>What containers have written, for <c>kubectl logs</c>.</summary>
    public PodLogs Logs { get; } = new();

    /// <summary>Names of the nodes, in order.</summary>
    public IReadOnlyList<string> Nodes => [.. _kubelets.Keys];

    /// <summary>Puts a cluster into a world; the nodes appear when the world is next let act.</summary>
    public static PlaygroundCluster Build(World world, PlaygroundLayout layout) => new(world, layout);

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
