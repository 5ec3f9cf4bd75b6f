using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Controllers;

/// <summary>Makes and scales the ReplicaSets of Deployments, with the annotations that kubectl rollout reads.</summary>
internal sealed class ReplicaSetEditor(Cluster cluster, string component)
{
    public const string Revision = "deployment.kubernetes.io/revision";
    private const string Desired = "deployment.kubernetes.io/desired-replicas";
    private const string Most = "deployment.kubernetes.io/max-replicas";
    private const string HashLabel = "pod-template-hash";

    private readonly EventRecorder _events =
        new(cluster.ControllerManager, component, cluster.World.Time.GetUtcNow);

    private ApiClient Api => cluster.ControllerManager;

    public static long RevisionOf(JsonObject set) =>
        long.TryParse(set.Annotation(Revision), CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>Whether the set was made from the Deployment's present template.</summary>
    public static bool IsOf(JsonObject set, JsonObject deployment)
    {
        var template = set.ObjectAt("spec", "template")?.Copy();
        template?.ObjectAt("metadata", "labels")?.Remove(HashLabel);
        return JsonNode.DeepEquals(template, deployment.ObjectAt("spec", "template"));
    }

    public JsonObject Create(JsonObject deployment, List<JsonObject> all, long replicas)
    {
        for (var collisions = deployment.Number("status", "collisionCount") ?? 0; ; collisions++)
        {
            var set = Compose(deployment, all, replicas, collisions);
            if (Api.Get(Resources.ReplicaSets, set.Namespace(), set.Name()) is { } taken)
            {
                if (taken.Owner()?.Text("uid") == deployment.Uid() && IsOf(taken, deployment))
                    return taken;
                continue;
            }

            var made = Api.Create(Resources.ReplicaSets, deployment.Namespace(), set);
            if (replicas > 0)
                Say(deployment, $"Scaled up replica set {made.Name()} from 0 to {replicas}");
            return made;
        }
    }

    public void Scale(JsonObject deployment, JsonObject set, long replicas)
    {
        var before = set.Number("spec", "replicas") ?? 0;
        var changed = set.Copy();
        Mark(deployment, changed);
        changed.Ensure("spec")["replicas"] = replicas;
        if (JsonNode.DeepEquals(changed, set))
            return;
        Api.Update(Resources.ReplicaSets, changed);
        if (replicas != before)
        {
            Say(deployment, $"Scaled {(replicas > before ? "up" : "down")} replica set {set.Name()} "
                + $"from {before} to {replicas}");
        }
    }

    /// <summary>A set that becomes current again, as after a rollback, gets the newest revision.</summary>
    public void Annotate(JsonObject deployment, JsonObject current, List<JsonObject> all)
    {
        var newest = all.Where(s => !ReferenceEquals(s, current)).Select(RevisionOf).DefaultIfEmpty(0).Max();
        if (RevisionOf(current) > newest)
            return;
        var changed = current.Copy();
        Mark(deployment, changed);
        changed.Ensure("metadata", "annotations")[Revision] = (newest + 1).ToString(CultureInfo.InvariantCulture);
        changed.Ensure("metadata").Remove("resourceVersion");
        Api.Update(Resources.ReplicaSets, changed);
    }

    private static void Mark(JsonObject deployment, JsonObject set)
    {
        var wanted = deployment.Number("spec", "replicas") ?? 1;
        var annotations = set.Ensure("metadata", "annotations");
        annotations[Desired] = wanted.ToString(CultureInfo.InvariantCulture);
        var surge = deployment.Text("spec", "strategy", "type") == "Recreate" ? 0 : RolloutBounds.Of(deployment).Surge;
        annotations[Most] = (wanted + surge).ToString(CultureInfo.InvariantCulture);
    }

    private JsonObject Compose(JsonObject deployment, List<JsonObject> all, long replicas, long collisions)
    {
        var template = deployment.ObjectAt("spec", "template")!.Copy();
        var hash = SafeHash.Of(template, collisions);
        template.Ensure("metadata", "labels")[HashLabel] = hash;
        var selector = deployment.ObjectAt("spec", "selector")?.Copy() ?? [];
        selector.Ensure("matchLabels")[HashLabel] = hash;
        var annotations = new JsonObject();
        foreach (var (name, value) in deployment.Pairs("metadata", "annotations"))
        {
            if (name is not ("kubectl.kubernetes.io/last-applied-configuration" or Revision or Desired or Most))
                annotations[name] = value;
        }

        var next = all.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1;
        annotations[Revision] = next.ToString(CultureInfo.InvariantCulture);
        var set = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name()}-{hash}",
                ["namespace"] = deployment.Namespace(),
                ["labels"] = template.At("metadata", "labels")?.DeepClone(),
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference("apps/v1", "Deployment", deployment)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
        if (deployment.Number("spec", "minReadySeconds") is { } patience)
            set["spec"]!["minReadySeconds"] = patience;
        Mark(deployment, set);
        return set;
    }

    private void Say(JsonObject deployment, string message) =>
        _events.Normal("apps/v1", "Deployment", deployment, "ScalingReplicaSet", message);
}
