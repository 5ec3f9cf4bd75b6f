using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class PodDisruptionBudgetRules : IKindRules
{
    public string GroupKind => "PodDisruptionBudget.policy";

    public void PrepareCreate(JsonObject item, KindContext context) => item["status"] = new JsonObject
    {
        ["disruptionsAllowed"] = 0,
        ["currentHealthy"] = 0,
        ["desiredHealthy"] = 0,
        ["expectedPods"] = 0,
    };

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var spec = item.ObjectAt("spec");
        if (spec.At("minAvailable") is not null && spec.At("maxUnavailable") is not null)
            errors.Invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
        foreach (var field in new[] { "minAvailable", "maxUnavailable" })
        {
            if (spec.Number(field) is < 0)
                errors.Invalid("spec." + field, spec.At(field), "must be greater than or equal to 0");
            if (spec.Text(field) is { } text && !(text.EndsWith('%') && int.TryParse(text[..^1], out var share)
                && share is >= 0 and <= 100))
            {
                errors.Invalid("spec." + field, text,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%',"
                    + " regex used for validation is '[0-9]+%')");
            }
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);
}
