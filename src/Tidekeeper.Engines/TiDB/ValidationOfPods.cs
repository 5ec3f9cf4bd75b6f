using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Engines.TiDB.Objects;
using Tidekeeper.Model;
using Tidekeeper.Model.Crds;

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// The parts of a pod's spec that the schema leaves open. Kubernetes checks them too, but only once a StatefulSet is
/// written, where the message names a field that the user did not write.
/// </summary>
internal static partial class ValidationOfPods
{
    private static readonly string[] MainContainers = ["discovery", "pd", "tikv", "tidb", "tiflash"];

    public static IEnumerable<Problem> Check(TidbCluster cluster)
    {
        var spec = cluster.Spec;
        var parts = Validation.Components(cluster).Select(one => (one.Field, Spec: (ComponentSpec)one.Spec));
        if (spec.Discovery is { } discovery) parts = parts.Prepend(("spec.discovery", discovery));
        foreach (var (field, component) in parts)
        {
            Problem[] problems =
            [
                .. Environment(field, component),
                .. Containers($"{field}.initContainers", component.InitContainers),
                .. Containers($"{field}.additionalContainers", component.AdditionalContainers),
                .. Named($"{field}.additionalVolumes", component.AdditionalVolumes),
                .. Scheduling(field, component.Tolerations, component.Affinity),
            ];
            foreach (var problem in problems) yield return problem;
        }

        foreach (var problem in Scheduling("spec", spec.Tolerations, spec.Affinity)) yield return problem;
        foreach (var variable in spec.Pd?.Env ?? [])
        {
            if (Text(variable?["name"]) == PodEnvironment.ForceNewCluster)
            {
                yield return Validation.Warning("spec.pd.env", PodEnvironment.ForceNewCluster,
                    $"makes {Text(variable?["value"])} drop all other members of PD whenever it starts",
                    "take it out as soon as that one leads");
            }
        }
    }

    private static IEnumerable<Problem> Environment(string field, ComponentSpec component)
    {
        var variables = component.Env ?? [];
        for (var i = 0; i < variables.Count; i++)
        {
            var name = Text(variables[i]?["name"]);
            if (!VariableName().IsMatch(name))
            {
                yield return new Problem($"{field}.env[{i}].name", name,
                    name.Length == 0 ? "is missing" : "is no name of a variable",
                    "write letters, digits, _, - and ., not beginning with a digit");
            }

            if (variables[i]?["value"] is JsonValue value && !value.TryGetValue<string>(out _))
            {
                yield return new Problem($"{field}.env[{i}].value", value.ToJsonString(), "is no text",
                    $"write it in quotes: \"{value.ToJsonString()}\"");
            }
        }
    }

    // A container with the name of a main container is merged into that one, so that it needs no image.
    private static IEnumerable<Problem> Containers(string field, JsonArray? containers) =>
    [
        .. Named(field, containers),
        .. from one in (containers ?? []).Select((container, index) => (container, index))
           where Text(one.container?["image"]).Length == 0 && !MainContainers.Contains(Text(one.container?["name"]))
           select new Problem($"{field}[{one.index}].image", "", "is missing", "name the image of the container"),
    ];

    private static IEnumerable<Problem> Named(string field, JsonArray? items)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items?.Count; i++)
        {
            var name = Text(items[i]?["name"]);
            if (!PartName().IsMatch(name))
            {
                yield return new Problem($"{field}[{i}].name", name, name.Length == 0 ? "is missing" : "is no name",
                    "write small letters, digits and dashes, at most 63");
            }
            else if (!names.Add(name))
                yield return new Problem($"{field}[{i}].name", name, "is there twice", "give each a name of its own");
        }
    }

    private static IEnumerable<Problem> Scheduling(string field, JsonArray? tolerations, JsonObject? affinity)
    {
        for (var i = 0; i < tolerations?.Count; i++)
        {
            var toleration = tolerations[i];
            var path = $"{field}.tolerations[{i}]";
            var given = Text(toleration?["operator"]);
            if (given is not ("" or "Equal" or "Exists" or "Lt" or "Gt"))
                yield return new Problem($"{path}.operator", given, "is not known", "write one of Equal, Exists");
            if (given == "Exists" && Text(toleration?["value"]).Length > 0)
            {
                yield return new Problem($"{path}.value", Text(toleration?["value"]), "means nothing with Exists",
                    "remove it or write operator: Equal");
            }

            var effect = Text(toleration?["effect"]);
            if (effect is not ("" or "NoSchedule" or "PreferNoSchedule" or "NoExecute"))
            {
                yield return new Problem($"{path}.effect", effect, "is not known",
                    "write one of NoSchedule, PreferNoSchedule, NoExecute");
            }
        }

        foreach (var (kind, _) in affinity ?? [])
        {
            if (kind is "nodeAffinity" or "podAffinity" or "podAntiAffinity") continue;
            yield return new Problem($"{field}.affinity.{kind}", "", "is not known",
                "write one of nodeAffinity, podAffinity, podAntiAffinity");
        }
    }

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    [GeneratedRegex("^[-._a-zA-Z][-._a-zA-Z0-9]*$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex PartName();
}
