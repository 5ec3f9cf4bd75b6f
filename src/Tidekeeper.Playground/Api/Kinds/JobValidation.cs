using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>The spec of a Job, its own or inside a CronJob.</summary>
internal static class JobValidation
{
    public static void Check(JsonObject spec, string path, FieldErrors errors)
    {
        errors.NotNegative(spec, path, "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
            "ttlSecondsAfterFinished", "backoffLimitPerIndex");
        if (spec.Number("maxFailedIndexes") is { } failed)
        {
            errors.NotNegative(spec, path, "maxFailedIndexes");
            if (spec["backoffLimitPerIndex"] is null)
            {
                errors.Required(path + ".backoffLimitPerIndex",
                    "when maxFailedIndexes is specified");
            }
            else if (spec.Number("completions") is { } all && failed > all)
            {
                errors.Invalid(path + ".maxFailedIndexes", failed,
                    "must be less than or equal to completions");
            }
        }

        CheckMode(spec, path, errors);
        if (spec.ObjectAt("podFailurePolicy") is { } policy)
            CheckFailurePolicy(policy, path + ".podFailurePolicy", errors);
        CheckTemplate(spec, path, errors);
    }

    private static void CheckMode(JsonObject spec, string path, FieldErrors errors)
    {
        switch (spec.Text("completionMode"))
        {
            case null or "NonIndexed":
                if (spec["backoffLimitPerIndex"] is not null)
                {
                    errors.Invalid(path + ".backoffLimitPerIndex", spec["backoffLimitPerIndex"]?.DeepClone(),
                        "requires indexed completion mode");
                }

                break;
            case "Indexed":
                if (spec["completions"] is null)
                    errors.Required(path + ".completions", "when completion mode is Indexed");
                break;
            default:
                errors.Unsupported(path + ".completionMode", spec["completionMode"], "NonIndexed", "Indexed");
                break;
        }
    }

    private static void CheckFailurePolicy(JsonObject policy, string path, FieldErrors errors)
    {
        foreach (var (at, rule) in policy.ObjectsAt("rules").Index())
        {
            var here = $"{path}.rules[{at}]";
            if (rule.Text("action") is { Length: > 0 } action)
            {
                if (action is not ("Count" or "FailIndex" or "FailJob" or "Ignore"))
                    errors.Unsupported(here + ".action", action, "Count", "FailIndex", "FailJob", "Ignore");
            }
            else
                errors.Required(here + ".action", "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
            if (rule["onExitCodes"] is null && !rule.ObjectsAt("onPodConditions").Any())
            {
                errors.InvalidNull(here + ".onExitCodes",
                    "specifying one of OnExitCodes and OnPodConditions is required");
            }
        }
    }

    private static void CheckTemplate(JsonObject spec, string path, FieldErrors errors)
    {
        var here = path + ".template";
        var template = spec.ObjectAt("template") ?? [];
        PodSpecValidation.CheckTemplate(template, here, errors);
        switch (template.Text("spec", "restartPolicy"))
        {
            case null or "" or "Always":
                errors.Required(here + ".spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
                break;
            case "OnFailure" or "Never":
                break;
            case var other:
                errors.Unsupported(here + ".spec.restartPolicy", other, "OnFailure", "Never");
                break;
        }

        if (spec["podFailurePolicy"] is not null && template.Text("spec", "restartPolicy") is not "Never")
        {
            errors.Invalid(here + ".spec.restartPolicy", template.Text("spec", "restartPolicy") ?? "",
                "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }
}
