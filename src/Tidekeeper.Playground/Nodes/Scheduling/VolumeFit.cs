using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes.Scheduling;

/// <summary>Where a pod can be because of its volumes, and which claims wait for the choice of a node.</summary>
internal sealed class VolumeFit
{
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    private static readonly Refusal Conflict =
        Refusal.Final("node(s) didn't match PersistentVolume's node affinity");

    private static readonly Refusal NoVolume =
        Refusal.Final("node(s) didn't find available persistent volumes to bind");

    private readonly Cluster _cluster;
    private readonly List<JsonObject> _bound = [];

    public VolumeFit(Cluster cluster, JsonObject pod)
    {
        _cluster = cluster;
        foreach (var volume in pod.ObjectsAt("spec", "volumes"))
        {
            if (volume.Text("persistentVolumeClaim", "claimName") is { } claim)
                Obstacle ??= Look(pod.Namespace(), claim);
        }
    }

    /// <summary>Why no node at all will do; null when some may.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Claims that are to be provisioned where the pod goes.</summary>
    public List<JsonObject> Waiting { get; } = [];

    public Refusal? Check(NodeState node)
    {
        if (_bound.Any(volume => !NodeAffinity.AcceptsVolume(volume, node.Node!)))
            return Conflict;
        foreach (var claim in Waiting)
        {
            if (claim.Annotation(SelectedNode) is { } chosen && chosen != node.Name)
                return NoVolume;
            if (StorageClasses.Of(_cluster, claim) is { } kind && !StorageClasses.Allows(kind, node.Node!))
                return NoVolume;
        }

        return null;
    }

    private string? Look(string? ns, string name)
    {
        if (_cluster.Claims.Get(ns ?? "", name) is not { } claim)
            return $"persistentvolumeclaim \"{name}\" not found";
        if (claim.IsTerminating())
            return $"persistentvolumeclaim \"{name}\" is being deleted";
        if (claim.Text("status", "phase") == "Lost")
            return $"persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume "
                + $"\"{claim.Text("spec", "volumeName")}\"";
        if (claim.Text("spec", "volumeName") is { Length: > 0 } volumeName)
        {
            if (_cluster.Volumes.Get("", volumeName) is not { } volume)
                return $"persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{volumeName}\"";
            if (claim.Text("status", "phase") == "Bound")
            {
                _bound.Add(volume);
                return null;
            }
        }

        if (!StorageClasses.WaitsForPod(_cluster, claim))
            return "pod has unbound immediate PersistentVolumeClaims";
        Waiting.Add(claim);
        return null;
    }
}
