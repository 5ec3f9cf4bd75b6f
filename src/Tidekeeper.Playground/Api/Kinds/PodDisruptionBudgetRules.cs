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
        {
            var form = InternalForm.Of(spec, "MinAvailable", "Selector", "MaxUnavailable",
                "UnhealthyPodEvictionPolicy");
            errors.Invalid("spec", form, "minAvailable and maxUnavailable cannot be both set");
        }

        foreach (var field in new[] { "minAvailable", "maxUnavailable" })
        {
            RolloutValidation.CheckCountOrShare(spec.At(field), "spec." + field, errors);
            RolloutValidation.CheckAtMostAll(spec.At(field), "spec." + field, errors);
        }

        LabelSelectorValidation.Check(spec.ObjectAt("selector"), "spec.selector", errors);
        if (spec.Text("unhealthyPodEvictionPolicy") is { } policy && policy is not ("AlwaysAllow" or "IfHealthyBudget"))
        {
            errors.Unsupported("spec.unhealthyPodEvictionPolicy", policy, "AlwaysAllow", "IfHealthyBudget");
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);
}
