using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>
/// The claims of a StatefulSet's pods: made from templates, kept when a pod goes, owned only if asked for.
/// </summary>
internal sealed class StatefulSetClaims(Cluster cluster, JsonObject set)
{
    private readonly List<JsonObject> _templates = [.. set.ObjectsAt("spec", "volumeClaimTemplates")];

    /// <returns>Names of the claims that were made. A claim that exists is used as it is, whoever made it.</returns>
    public List<string> CreateMissing(long ordinal)
    {
        var made = new List<string>();
        foreach (var template in _templates)
        {
            var name = NameOf(template, ordinal);
            if (cluster.ControllerManager.Get(Resources.Claims, set.Namespace(), name) is not null)
                continue;
            cluster.ControllerManager.Create(Resources.Claims, set.Namespace(), Compose(template, name));
            made.Add(name);
        }

        return made;
    }

    /// <summary>Puts the claims in front of the pod's own volumes; they replace volumes of the same name.</summary>
    public void Mount(JsonObject spec, long ordinal)
    {
        if (_templates.Count == 0)
            return;
        var volumes = new JsonArray();
        foreach (var template in _templates)
        {
            volumes.Add((JsonNode)new JsonObject
            {
                ["name"] = template.Name(),
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = NameOf(template, ordinal) },
            });
        }

        foreach (var volume in spec.ObjectsAt("volumes"))
        {
            if (_templates.All(t => t.Name() != volume.Text("name")))
                volumes.Add(volume.DeepClone());
        }

        spec["volumes"] = volumes;
    }

    /// <summary>With whenScaled: Delete, the claim goes with its pod: the pod becomes its owner.</summary>
    public void MarkForScaleDown(JsonObject pod)
    {
        if (Policy("whenScaled") == "Delete" && StatefulSetPods.OrdinalOf(set, pod.Name()) is { } ordinal)
            Own(ordinal, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["name"] = pod.Name(),
                ["uid"] = pod.Uid(),
            });
    }

    /// <summary>With whenDeleted: Delete, the set owns the claims. A pod that is wanted again owns none.</summary>
    public void AlignOwners(long ordinal, JsonObject pod)
    {
        if (Policy("whenDeleted") == "Delete")
            Own(ordinal, new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "StatefulSet",
                ["name"] = set.Name(),
                ["uid"] = set.Uid(),
            });
        if (Policy("whenScaled") == "Delete" || Policy("whenDeleted") == "Retain")
            Disown(ordinal, Policy("whenDeleted") == "Retain" ? set.Uid() : "", pod.Uid());
    }

    private string Policy(string when) =>
        set.Text("spec", "persistentVolumeClaimRetentionPolicy", when) ?? "Retain";

    private string NameOf(JsonObject template, long ordinal) => $"{template.Name()}-{set.Name()}-{ordinal}";

    private JsonObject Compose(JsonObject template, string name)
    {
        var labels = template.ObjectAt("metadata", "labels")?.Copy() ?? [];
        foreach (var (label, value) in set.Pairs("spec", "selector", "matchLabels"))
            labels[label] = value;
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = set.Namespace(), ["labels"] = labels };
        if (template.ObjectAt("metadata", "annotations") is { } annotations)
            metadata["annotations"] = annotations.DeepClone();
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject(),
        };
    }

    private void Own(long ordinal, JsonObject owner) => Change(ordinal, owners =>
    {
        if (owners.Any(o => o.Text("uid") == owner.Text("uid")))
            return false;
        owners.Add((JsonNode)owner.Copy());
        return true;
    });

    private void Disown(long ordinal, params string[] uids) => Change(ordinal, owners =>
    {
        var gone = owners.Where(o => uids.Contains(o.Text("uid"), StringComparer.Ordinal)).ToList();
        foreach (var owner in gone)
            owners.Remove(owner);
        return gone.Count > 0;
    });

    private void Change(long ordinal, Func<JsonArray, bool> change)
    {
        foreach (var template in _templates)
        {
            var name = NameOf(template, ordinal);
            if (cluster.ControllerManager.Get(Resources.Claims, set.Namespace(), name) is not { } claim)
                continue;
            var changed = claim.Copy();
            var owners = changed.At("metadata", "ownerReferences") as JsonArray ?? [];
            if (!change(owners))
                continue;
            if (owners.Parent is null)
                changed["metadata"]!["ownerReferences"] = owners;
            cluster.ControllerManager.Update(Resources.Claims, changed);
        }
    }
}
