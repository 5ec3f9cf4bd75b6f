using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Label selectors inside of objects, refused in the real server's words.</summary>
internal static class LabelSelectorValidation
{
    public static void Check(JsonObject? selector, string path, FieldErrors errors)
    {
        if (selector is null)
            return;
        CheckLabels(selector.ObjectAt("matchLabels"), path + ".matchLabels", errors);
        foreach (var (at, requirement) in selector.ObjectsAt("matchExpressions").Index())
            CheckRequirement(requirement, $"{path}.matchExpressions[{at}]", errors);
    }

    public static void CheckLabels(JsonObject? labels, string path, FieldErrors errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            NameRules.CheckQualified(key, path, errors);
            NameRules.CheckLabelValue(value.Text() ?? "", path, errors);
        }
    }

    /// <summary>True when the selector names nothing, and so would select everything.</summary>
    public static bool IsEmpty(JsonObject? selector) =>
        selector.ObjectAt("matchLabels") is not { Count: > 0 }
        && selector.ArrayAt("matchExpressions") is not { Count: > 0 };

    /// <summary>Whether anything can be asked of it: known operators, with values where they need some.</summary>
    public static bool IsUsable(JsonObject? selector) => selector.ObjectsAt("matchExpressions").All(each =>
        each.Text("operator") switch
        {
            "In" or "NotIn" => each.TextsAt("values").Any(),
            "Exists" or "DoesNotExist" => !each.TextsAt("values").Any(),
            _ => false,
        });

    private static void CheckRequirement(JsonObject requirement, string path, FieldErrors errors)
    {
        var values = requirement.TextsAt("values").ToList();
        switch (requirement.Text("operator"))
        {
            case "In" or "NotIn":
                if (values.Count == 0)
                    errors.Required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (values.Count > 0)
                {
                    errors.Forbidden(path + ".values",
                        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }

                break;
            default:
                errors.Invalid(path + ".operator", requirement.Text("operator") ?? "", "not a valid selector operator");
                break;
        }

        NameRules.CheckQualified(requirement.Text("key") ?? "", path + ".key", errors);
        foreach (var (at, value) in values.Index())
            NameRules.CheckLabelValue(value, $"{path}.values[{at}]", errors);
    }
}
