using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class LeaseRules : IKindRules
{
    public string GroupKind => "Lease.coordination.k8s.io";

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item.Number("spec", "leaseDurationSeconds") is <= 0)
        {
            errors.Invalid("spec.leaseDurationSeconds", item.At("spec", "leaseDurationSeconds"),
                "must be greater than 0");
        }

        if (item.Number("spec", "leaseTransitions") is < 0)
        {
            errors.Invalid("spec.leaseTransitions", item.At("spec", "leaseTransitions"),
                "must be greater than or equal to 0");
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);
}
