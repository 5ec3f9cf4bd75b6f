using System.Text.Json.Nodes;
using Tidekeeper.Playground.Nodes.Scheduling;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// Binds claims to volumes: to one that fits, or to a new one when the class provisions. Grows volumes that were asked
/// to grow, and protects claims that pods use. What becomes of volumes without a claim is for
/// <see cref="VolumeReclaimer"/>.
/// </summary>
public sealed class VolumeBinder : Controller
{
    private readonly Feed _claims;
    private readonly Feed _volumes;
    private readonly Feed _pods;
    private readonly EventRecorder _events;

    public VolumeBinder(Cluster cluster) : base(cluster, "persistentvolume-controller")
    {
        _claims = Follow(Resources.Claims);
        _volumes = Follow(Resources.Volumes, WakeClaim);
        _pods = Follow(Resources.Pods, (pod, wake) =>
        {
            foreach (var claim in ClaimsOf(pod))
                wake(new Key(pod.Namespace() ?? "", claim));
        });
        Follow(Resources.StorageClasses, (_, wake) => WakePending(wake));
        _events = new EventRecorder(Api, Name, cluster.World.Time.GetUtcNow);
    }

    public static IEnumerable<string> ClaimsOf(JsonObject pod) => pod.ObjectsAt("spec", "volumes")
        .Select(v => v.Text("persistentVolumeClaim", "claimName")).OfType<string>();

    protected override void Sync(Key key, DateTimeOffset now)
    {
        if (_claims.Get(key) is not { } claim)
            return;
        if (claim.IsTerminating())
            Unprotect(claim);
        else if (claim.Text("status", "phase") is "Bound" or "Lost")
            Tend(claim);
        else
            Bind(claim);
    }

    private void WakeClaim(JsonObject volume, Action<Key> wake)
    {
        if (volume.ObjectAt("spec", "claimRef") is { } claim)
            wake(new Key(claim.Text("namespace") ?? "", claim.Text("name") ?? ""));
        else
            WakePending(wake);
    }

    private void WakePending(Action<Key> wake)
    {
        foreach (var claim in _claims.All.Where(c => c.Text("status", "phase") == "Pending"))
            wake(claim.Key());
    }

    private void Bind(JsonObject claim)
    {
        if (FindVolume(claim) is { } volume)
        {
            BindTo(claim, volume);
            return;
        }

        if (claim.Text("spec", "volumeName") is { Length: > 0 })
            return;
        var className = claim.Text("spec", "storageClassName") ?? "";
        var kind = StorageClasses.Of(Cluster, claim);
        if (className.Length == 0 && kind is null)
            Say(claim, "Normal", "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set");
        else if (kind is null)
            Say(claim, "Warning", "ProvisioningFailed", $"storageclass.storage.k8s.io \"{className}\" not found");
        else if (StorageClasses.WaitsForPod(Cluster, claim) && claim.Annotation(VolumeFit.SelectedNode) is null)
            Say(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        else if (className.Length == 0)
            SettleClass(claim);
        else if (kind.Text("provisioner") != "kubernetes.io/no-provisioner")
            Provision(claim, kind);
    }

    /// <summary>The change itself brings the claim here again.</summary>
    private void SettleClass(JsonObject claim)
    {
        var settled = claim.Copy();
        StorageClasses.Settle(Cluster, settled);
        Api.Update(Resources.Claims, settled);
    }

    /// <summary>The volume that is meant for the claim, or the smallest free one that fits it.</summary>
    private JsonObject? FindVolume(JsonObject claim)
    {
        JsonObject? best = null;
        if (claim.Text("spec", "volumeName") is { Length: > 0 } named)
            return _volumes.Get("", named) is { } wanted && IsFor(wanted, claim) ? wanted : null;
        var node = claim.Annotation(VolumeFit.SelectedNode) is { } chosen ? Cluster.Nodes.Get("", chosen) : null;
        foreach (var volume in _volumes.All)
        {
            if (volume.ObjectAt("spec", "claimRef") is not null && IsFor(volume, claim))
                return volume;
            if (volume.ObjectAt("spec", "claimRef") is null && !volume.IsTerminating() && Fits(volume, claim)
                && (node is not null || !StorageClasses.WaitsForPod(Cluster, claim))
                && (node is null || NodeAffinity.AcceptsVolume(volume, node))
                && (best is null || Capacity(volume) < Capacity(best)))
                best = volume;
        }

        return best;
    }

    private static bool IsFor(JsonObject volume, JsonObject claim) =>
        volume.ObjectAt("spec", "claimRef") is not { } reference
        || (reference.Text("namespace") == claim.Namespace() && reference.Text("name") == claim.Name()
            && reference.Text("uid") is null or "" || reference.Text("uid") == claim.Uid());

    private static bool Fits(JsonObject volume, JsonObject claim) =>
        (volume.Text("spec", "storageClassName") ?? "") == (claim.Text("spec", "storageClassName") ?? "")
        && claim.TextsAt("spec", "accessModes").All(
            m => volume.TextsAt("spec", "accessModes").Contains(m, StringComparer.Ordinal))
        && Capacity(volume) >= Requested(claim)
        && (claim.At("spec", "selector") is not { } selector || selector.Selects(volume));

    private static long Capacity(JsonObject volume) => PodRequests.Milli(volume.Text("spec", "capacity", "storage"));

    private static long Requested(JsonObject claim) =>
        PodRequests.Milli(claim.Text("spec", "resources", "requests", "storage"));

    private void Provision(JsonObject claim, JsonObject kind)
    {
        var node = claim.Annotation(VolumeFit.SelectedNode) is { } chosen ? Cluster.Nodes.Get("", chosen) : null;
        var volume = VolumeMaker.Compose(claim, kind, node);
        var made = Api.Create(Resources.Volumes, null, volume);
        Say(claim, "Normal", "ProvisioningSucceeded", $"Successfully provisioned volume {made.Name()}");
        BindTo(claim, made);
    }

    private void BindTo(JsonObject claim, JsonObject volume)
    {
        if (volume.Text("spec", "claimRef", "uid") != claim.Uid())
        {
            var taken = volume.Copy();
            taken.Ensure("spec")["claimRef"] = VolumeMaker.ClaimReference(claim);
            taken.Ensure("metadata", "annotations")["pv.kubernetes.io/bound-by-controller"] = "yes";
            volume = Api.Update(Resources.Volumes, taken);
        }

        if (volume.Text("status", "phase") != "Bound")
        {
            var bound = volume.Copy();
            bound.Ensure("status")["phase"] = "Bound";
            Api.UpdateStatus(Resources.Volumes, bound);
        }

        var changed = claim.Copy();
        var annotations = changed.Ensure("metadata", "annotations");
        annotations["pv.kubernetes.io/bind-completed"] = "yes";
        if (claim.Text("spec", "volumeName") is null or "")
            annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
        changed.Ensure("spec")["volumeName"] = volume.Name();
        claim = Api.Update(Resources.Claims, changed);
        WriteStatus(claim, volume, "Bound");
    }

    /// <summary>A bound claim: its volume may be gone, or it may have been asked to grow.</summary>
    private void Tend(JsonObject claim)
    {
        if (_volumes.Get("", claim.Text("spec", "volumeName") ?? "") is not { } volume)
        {
            if (claim.Text("status", "phase") == "Lost")
                return;
            var lost = claim.Copy();
            lost["status"] = new JsonObject { ["phase"] = "Lost" };
            Api.UpdateStatus(Resources.Claims, lost);
            Say(claim, "Warning", "ClaimLost",
                "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
            return;
        }

        if (Requested(claim) > Capacity(volume))
        {
            var grown = volume.Copy();
            grown.Ensure("spec", "capacity")["storage"] = claim.Text("spec", "resources", "requests", "storage");
            volume = Api.Update(Resources.Volumes, grown);
            Say(claim, "Normal", "FileSystemResizeSuccessful", "MountVolume.NodeExpandVolume succeeded for volume "
                + $"\"{volume.Name()}\"");
        }

        WriteStatus(claim, volume, "Bound");
    }

    private void WriteStatus(JsonObject claim, JsonObject volume, string phase)
    {
        var changed = claim.Copy();
        changed["status"] = new JsonObject
        {
            ["phase"] = phase,
            ["accessModes"] = volume.At("spec", "accessModes")?.DeepClone(),
            ["capacity"] = volume.At("spec", "capacity")?.DeepClone(),
        };
        if (!JsonNode.DeepEquals(changed["status"], claim["status"]))
            Api.UpdateStatus(Resources.Claims, changed);
    }

    /// <summary>A deleted claim stays as long as a pod that has a node uses it.</summary>
    private void Unprotect(JsonObject claim)
    {
        const string Protection = "kubernetes.io/pvc-protection";
        if (!claim.TextsAt("metadata", "finalizers").Contains(Protection))
            return;
        var users = _pods.ByNamespace()[claim.Namespace() ?? ""];
        if (users.Any(p => !p.IsFinished() && p.Text("spec", "nodeName") is { Length: > 0 }
            && ClaimsOf(p).Contains(claim.Name(), StringComparer.Ordinal)))
            return;
        var released = claim.Copy();
        var finalizers = (JsonArray)released["metadata"]!["finalizers"]!;
        finalizers.Remove(finalizers.First(f => f.Text() == Protection));
        Api.Update(Resources.Claims, released);
    }

    private void Say(JsonObject claim, string type, string reason, string message)
    {
        if (type == "Normal")
            _events.Normal("v1", "PersistentVolumeClaim", claim, reason, message);
        else
            _events.Warning("v1", "PersistentVolumeClaim", claim, reason, message);
    }
}
