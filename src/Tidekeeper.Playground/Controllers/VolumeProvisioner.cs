using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// What an external provisioner does in a cluster whose control plane binds claims but has no disks: makes a volume
/// when it is asked for one, and deletes it when its claim is gone.
/// </summary>
public sealed class VolumeProvisioner : Controller
{
    // The control plane names the provisioner in the claim; releases up to 1.22 know the first spelling only.
    private static readonly string[] Asked =
        ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

    private readonly Feed _claims;
    private readonly Feed _volumes;
    private readonly Disks _disks;

    public VolumeProvisioner(Cluster cluster, Disks disks) : base(cluster, "tide-provisioner")
    {
        _disks = disks;
        _claims = Follow(Resources.Claims);
        _volumes = Follow(Resources.Volumes);
        Follow(Resources.StorageClasses, (_, wake) =>
        {
            foreach (var claim in _claims.All.Where(claim => claim.Text("status", "phase") == "Pending"))
                wake(claim.Key());
        });
        _volumes.Listen((before, after) =>
        {
            if (before is not null && after is null)
                _disks.Remove(before.Name());
        });
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (key.Namespace.Length == 0)
            Reclaim(_volumes.Get(key));
        else if (_claims.Get(key) is { } claim && IsAskedFor(claim))
            Provision(claim);
    }

    private bool IsAskedFor(JsonObject claim) =>
        !claim.IsTerminating()
        && claim.Text("status", "phase") is null or "Pending"
        && claim.Text("spec", "volumeName") is null or ""
        && Array.Exists(Asked, annotation => claim.Annotation(annotation) == StorageClasses.Provisioner)
        && (!StorageClasses.WaitsForPod(Cluster, claim) || claim.Annotation(VolumeFit.SelectedNode) is not null);

    private void Provision(JsonObject claim)
    {
        var name = VolumeMaker.NameFor(claim);
        if (_volumes.Get("", name) is not null || StorageClasses.Of(Cluster, claim) is not { } kind)
            return;
        var node = claim.Annotation(VolumeFit.SelectedNode) is { } chosen ? Cluster.Nodes.Get("", chosen) : null;
        Api.Create(Resources.Volumes, null, VolumeMaker.Compose(claim, kind, node, _disks.MakeFolder(name)));
    }

    private void Reclaim(JsonObject? volume)
    {
        if (volume is null || volume.IsTerminating()
            || volume.Annotation("pv.kubernetes.io/provisioned-by") != StorageClasses.Provisioner
            || volume.Text("spec", "persistentVolumeReclaimPolicy") != "Delete"
            || volume.Text("status", "phase") != "Released")
            return;
        Api.Delete(Resources.Volumes, null, volume.Name(), volume.Uid());
    }
}
