using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class PriorityClassRules : IKindRules
{
    private const long MostForUsers = 1_000_000_000;

    public string GroupKind => "PriorityClass.scheduling.k8s.io";

    public void Default(JsonObject item) => item.FillIn("preemptionPolicy", "PreemptLowerPriority");

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var value = item.Number("value") ?? 0;
        var isKnown = (item.Name(), value) is ("system-cluster-critical", 2_000_000_000)
            or ("system-node-critical", 2_000_001_000);
        if (item.Name().StartsWith("system-", StringComparison.Ordinal) && !isKnown)
        {
            errors.Forbidden("metadata.name", "priority class names with 'system-' prefix are reserved for system use"
                + $" only. error: {item.Name()} is not a known system priority class");
        }
        else if (value > MostForUsers && !isKnown)
            errors.Forbidden("value", $"maximum allowed value of a user defined priority is {MostForUsers}");
        if (item.Text("preemptionPolicy") is not ("PreemptLowerPriority" or "Never"))
            errors.Unsupported("preemptionPolicy", item["preemptionPolicy"], "PreemptLowerPriority", "Never");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        if (item.Number("value") != old.Number("value"))
            errors.Forbidden("value", "may not be changed in an update.");
        if (item.Text("preemptionPolicy") != old.Text("preemptionPolicy"))
            errors.Invalid("preemptionPolicy", item["preemptionPolicy"]?.DeepClone(), "field is immutable");
    }
}
