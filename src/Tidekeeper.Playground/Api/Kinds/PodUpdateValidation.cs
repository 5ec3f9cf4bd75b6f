using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>The little that may change in a pod once it is there.</summary>
internal static class PodUpdateValidation
{
    private const string OnlyThese = "pod updates may not change fields other than `spec.containers[*].image`,"
        + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
        + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Check(JsonObject item, JsonObject old, FieldErrors errors)
    {
        var (spec, before) = (item.ObjectAt("spec")?.Copy() ?? [], old.ObjectAt("spec")?.Copy() ?? []);
        foreach (var field in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            if (spec.ObjectsAt(field).Count() == before.ObjectsAt(field).Count())
                continue;
            errors.Forbidden("spec." + field, "pod updates may not add or remove containers");
            return;
        }

        PodSpecValidation.Validate(spec, "spec", errors);
        CheckImages(spec, before, errors);
        CheckDeadline(spec, before, errors);
        CheckTolerations(spec, before, errors);
        CheckGates(spec, before, errors);
        foreach (var each in (ReadOnlySpan<JsonObject>)[spec, before])
        {
            foreach (var container in each.ObjectsAt("containers").Concat(each.ObjectsAt("initContainers")))
                container.Remove("image");
            foreach (var field in (ReadOnlySpan<string>)["activeDeadlineSeconds", "schedulingGates", "tolerations"])
                each.Remove(field);
        }

        // A pod that waits behind a gate may still be told where it runs.
        if (old.ArrayAt("spec", "schedulingGates") is { Count: > 0 })
        {
            spec.Remove("nodeSelector");
            before.Remove("nodeSelector");
        }

        if (!ObjectFields.Same(spec, before))
            errors.Forbidden("spec", OnlyThese);
    }

    private static void CheckImages(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (var ((at, now), old) in spec.ObjectsAt(field).Index().Zip(before.ObjectsAt(field)))
            {
                var image = now.Text("image") ?? "";
                if (image.Length == 0)
                    errors.Required($"spec.{field}[{at}].image");
                else if (image.Trim() != image && image != old.Text("image"))
                {
                    errors.Invalid($"spec.{field}[{at}].image", image,
                        "must not have leading or trailing whitespace");
                }
            }
        }
    }

    private static void CheckDeadline(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        const string Path = "spec.activeDeadlineSeconds";
        if (before.Number("activeDeadlineSeconds") is not { } old)
        {
            if (spec.Number("activeDeadlineSeconds") is { } first and not (>= 0 and <= int.MaxValue))
                errors.Invalid(Path, first, "must be between 0 and 2147483647, inclusive");
            return;
        }

        if (spec.Number("activeDeadlineSeconds") is not { } now)
            errors.InvalidNull(Path, "must not update from a positive integer to nil value");
        else if (now < 0)
            errors.Invalid(Path, now, "must be greater than or equal to 0");
        else if (now > old)
            errors.Invalid(Path, now, "must be less than or equal to previous value");
    }

    private static void CheckTolerations(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        var now = spec.ObjectsAt("tolerations").Select(Unlimited).ToList();
        if (before.ObjectsAt("tolerations").Select(Unlimited).All(old => now.Exists(each =>
                ObjectFields.Same(each, old))))
            return;
        errors.Forbidden("spec.tolerations",
            "existing toleration can not be modified except its tolerationSeconds");
    }

    private static JsonObject Unlimited(JsonObject toleration)
    {
        var copy = toleration.Copy();
        copy.Remove("tolerationSeconds");
        return copy;
    }

    private static void CheckGates(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        var old = before.ObjectsAt("schedulingGates").Select(each => each.Text("name") ?? "").ToList();
        var added = spec.ObjectsAt("schedulingGates").Select(each => each.Text("name") ?? "").Except(old)
            .Order(StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            errors.Forbidden("spec.schedulingGates",
                $"only deletion is allowed, but found new scheduling gates '{string.Join(", ", added)}'");
        }
    }
}
