using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// What becomes of a volume whose claim is gone: it is released and kept, or deleted with its disk. A free volume is
/// Available; a deleted one stays while a claim is bound to it.
/// </summary>
public sealed class VolumeReclaimer : Controller
{
    private const string Protection = "kubernetes.io/pv-protection";
    private readonly Feed _claims;
    private readonly Feed _volumes;
    private readonly Disks _disks;

    public VolumeReclaimer(Cluster cluster, Disks disks) : base(cluster, "persistentvolume-reclaimer")
    {
        _disks = disks;
        _volumes = Follow(Resources.Volumes);
        _claims = Follow(Resources.Claims, (claim, wake) =>
        {
            if (claim.Text("spec", "volumeName") is { Length: > 0 } volume)
                wake(new Key("", volume));
        });
        _volumes.Listen((before, after) =>
        {
            if (before is not null && after is null)
                _disks.Remove(before.Name());
        });
    }

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_volumes.Get(key) is not { } volume)
            return;
        var claimed = volume.ObjectAt("spec", "claimRef");
        var claim = claimed is null
            ? null
            : _claims.Get(claimed.Text("namespace") ?? "", claimed.Text("name") ?? "");
        var isHeld = claim is not null && (claimed.Text("uid") is null or "" || claimed.Text("uid") == claim.Uid());
        if (volume.IsTerminating())
        {
            if (!isHeld || claim!.Text("status", "phase") != "Bound")
                Unprotect(volume);
        }
        else if (claimed is null)
            SetPhase(volume, "Available");
        else if (isHeld)
            return;
        else if (volume.Text("status", "phase") is "Bound" or "Released")
            Reclaim(volume);
    }

    private void Reclaim(JsonObject volume)
    {
        SetPhase(volume, "Released");
        if (volume.Text("spec", "persistentVolumeReclaimPolicy") == "Delete")
            Api.Delete(Resources.Volumes, null, volume.Name(), volume.Uid());
    }

    private void SetPhase(JsonObject volume, string phase)
    {
        if (volume.Text("status", "phase") == phase)
            return;
        var changed = volume.Copy();
        changed.Ensure("status")["phase"] = phase;
        Api.UpdateStatus(Resources.Volumes, changed);
    }

    private void Unprotect(JsonObject volume)
    {
        if (!volume.TextsAt("metadata", "finalizers").Contains(Protection))
            return;
        var released = volume.Copy();
        var finalizers = (JsonArray)released["metadata"]!["finalizers"]!;
        finalizers.Remove(finalizers.First(f => f.Text() == Protection));
        Api.Update(Resources.Volumes, released);
    }
}
