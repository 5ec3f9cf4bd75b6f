using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class NetworkPolicyRules : IKindRules
{
    public string GroupKind => "NetworkPolicy.networking.k8s.io";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        foreach (var rule in spec.ObjectsAt("ingress").Concat(spec.ObjectsAt("egress")))
        {
            foreach (var port in rule.ObjectsAt("ports"))
                port.FillIn("protocol", "TCP");
        }

        if (spec["policyTypes"] is not null)
            return;
        spec["policyTypes"] = new JsonArray("Ingress");
        if (spec["egress"] is not null)
            spec.ArrayAt("policyTypes")!.Add("Egress");
    }
}

internal sealed class EndpointSliceRules : IKindRules
{
    public string GroupKind => "EndpointSlice.discovery.k8s.io";

    public void Default(JsonObject item)
    {
        foreach (var port in item.ObjectsAt("ports"))
        {
            port.FillIn("protocol", "TCP");
            if (port["name"] is null)
                port["name"] = "";
        }
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item.Text("addressType") is not ("IPv4" or "IPv6" or "FQDN"))
            errors.Unsupported("addressType", item["addressType"] ?? "", "FQDN", "IPv4", "IPv6");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        if (!ObjectFields.Same(item["addressType"], old["addressType"]))
            errors.Invalid("addressType", item["addressType"], "field is immutable");
    }
}

internal sealed class EndpointsRules : IKindRules
{
    public string GroupKind => "Endpoints";

    public void Default(JsonObject item)
    {
        foreach (var port in item.ObjectsAt("subsets").SelectMany(each => each.ObjectsAt("ports")))
            port.FillIn("protocol", "TCP");
    }
}
