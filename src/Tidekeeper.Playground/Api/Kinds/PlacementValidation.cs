using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Where a pod may run: affinity, spread, tolerations, gates.</summary>
internal static class PlacementValidation
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void CheckAffinity(JsonObject? affinity, string path, FieldErrors errors)
    {
        if (affinity.ObjectAt("nodeAffinity") is { } node)
            CheckNodeAffinity(node, path + ".nodeAffinity", errors);
        foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            foreach (var (at, term) in affinity.ObjectsAt(kind, Required).Index())
                CheckPodTerm(term, $"{path}.{kind}.{Required}[{at}]", errors);
            foreach (var (at, wish) in affinity.ObjectsAt(kind, Preferred).Index())
            {
                var here = $"{path}.{kind}.{Preferred}[{at}]";
                CheckWeight(wish, here, errors);
                CheckPodTerm(wish.ObjectAt("podAffinityTerm") ?? [], here + ".podAffinityTerm", errors);
            }
        }
    }

    public static void CheckSpread(JsonObject spec, string path, FieldErrors errors)
    {
        foreach (var (at, constraint) in spec.ObjectsAt("topologySpreadConstraints").Index())
        {
            var here = $"{path}.topologySpreadConstraints[{at}]";
            if (constraint.Number("maxSkew") is not > 0)
                errors.Invalid(here + ".maxSkew", constraint["maxSkew"]?.DeepClone() ?? 0, "must be greater than zero");
            if (constraint.Text("topologyKey") is { Length: > 0 } key)
                NameRules.CheckQualified(key, here + ".topologyKey", errors);
            else
                errors.Required(here + ".topologyKey", "can not be empty");
            if (constraint.Text("whenUnsatisfiable") is not ("DoNotSchedule" or "ScheduleAnyway"))
            {
                errors.Unsupported(here + ".whenUnsatisfiable", constraint.Text("whenUnsatisfiable") ?? "",
                    "DoNotSchedule", "ScheduleAnyway");
            }

            if (constraint.Number("minDomains") is <= 0 and var domains)
                errors.Invalid(here + ".minDomains", domains, "must be greater than zero");
            LabelSelectorValidation.Check(constraint.ObjectAt("labelSelector"), here + ".labelSelector", errors);
        }
    }

    public static void CheckTolerations(JsonObject spec, string path, FieldErrors errors)
    {
        foreach (var (at, toleration) in spec.ObjectsAt("tolerations").Index())
            CheckToleration(toleration, $"{path}.tolerations[{at}]", errors);
    }

    public static void CheckGates(JsonObject spec, string path, FieldErrors errors)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, gate) in spec.ObjectsAt("schedulingGates").Index())
        {
            var name = gate.Text("name") ?? "";
            NameRules.CheckQualified(name, $"{path}.schedulingGates[{at}]", errors);
            if (!names.Add(name))
                errors.Duplicate($"{path}.schedulingGates[{at}]", name);
        }
    }

    private static void CheckNodeAffinity(JsonObject affinity, string path, FieldErrors errors)
    {
        if (affinity.ObjectAt(Required) is { } required)
        {
            var here = $"{path}.{Required}.nodeSelectorTerms";
            if (!required.ObjectsAt("nodeSelectorTerms").Any())
                errors.Required(here, "must have at least one node selector term");
            foreach (var (at, term) in required.ObjectsAt("nodeSelectorTerms").Index())
                CheckNodeTerm(term, $"{here}[{at}]", errors);
        }

        foreach (var (at, wish) in affinity.ObjectsAt(Preferred).Index())
        {
            CheckWeight(wish, $"{path}.{Preferred}[{at}]", errors);
            CheckNodeTerm(wish.ObjectAt("preference") ?? [], $"{path}.{Preferred}[{at}].preference", errors);
        }
    }

    private static void CheckNodeTerm(JsonObject term, string path, FieldErrors errors)
    {
        foreach (var (at, requirement) in term.ObjectsAt("matchExpressions").Index())
        {
            var here = $"{path}.matchExpressions[{at}]";
            var values = requirement.TextsAt("values").Count();
            switch (requirement.Text("operator"))
            {
                case "In" or "NotIn" when values == 0:
                    errors.Required(here + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    break;
                case "Exists" or "DoesNotExist" when values > 0:
                    errors.Forbidden(here + ".values",
                        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    break;
                case "Gt" or "Lt" when values != 1:
                    errors.Required(here + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                    break;
                case "In" or "NotIn" or "Exists" or "DoesNotExist" or "Gt" or "Lt":
                    break;
                default:
                    errors.Invalid(here + ".operator", requirement.Text("operator") ?? "",
                        "not a valid selector operator");
                    break;
            }

            NameRules.CheckQualified(requirement.Text("key") ?? "", here + ".key", errors);
        }
    }

    private static void CheckPodTerm(JsonObject term, string path, FieldErrors errors)
    {
        LabelSelectorValidation.Check(term.ObjectAt("labelSelector"), path + ".labelSelector", errors);
        LabelSelectorValidation.Check(term.ObjectAt("namespaceSelector"), path + ".namespaceSelector", errors);
        var key = term.Text("topologyKey") ?? "";
        if (key.Length == 0)
            errors.Required(path + ".topologyKey", "can not be empty");
        NameRules.CheckQualified(key, path + ".topologyKey", errors);
    }

    private static void CheckWeight(JsonObject wish, string path, FieldErrors errors)
    {
        if (wish.Number("weight") is not (>= 1 and <= 100))
            errors.Invalid(path + ".weight", wish.Number("weight") ?? 0, "must be in the range 1-100");
    }

    private static void CheckToleration(JsonObject toleration, string path, FieldErrors errors)
    {
        var (key, does) = (toleration.Text("key") ?? "", toleration.Text("operator") ?? "");
        if (key.Length > 0)
            NameRules.CheckQualified(key, path + ".key", errors);
        else if (does != "Exists")
        {
            errors.Invalid(path + ".operator", does,
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }

        var effect = toleration.Text("effect") ?? "";
        if (toleration["tolerationSeconds"] is not null && effect != "NoExecute")
            errors.Invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        if (does is "" or "Equal")
            NameRules.CheckLabelValue(toleration.Text("value") ?? "", path + ".operator", errors);
        else if (does == "Exists" && toleration.Text("value") is { Length: > 0 })
        {
            errors.Invalid(path + ".operator", InternalForm.Toleration(toleration),
                "value must be empty when `operator` is 'Exists'");
        }
        else if (does != "Exists")
            errors.Unsupported(path + ".operator", does, "Equal", "Exists");
        if (effect is not ("" or "NoSchedule" or "PreferNoSchedule" or "NoExecute"))
            errors.Unsupported(path + ".effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
    }
}
