using System.Net;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Network policies: who may talk to whom.</summary>
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

        spec.Section("podSelector");
        if (spec["policyTypes"] is not null)
            return;
        spec["policyTypes"] = new JsonArray("Ingress");
        if (spec["egress"] is not null)
            spec.ArrayAt("policyTypes")!.Add("Egress");
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var spec = item.ObjectAt("spec");
        LabelSelectorValidation.Check(spec.ObjectAt("podSelector"), "spec.podSelector", errors);
        CheckRules(spec, "ingress", "from", errors);
        CheckRules(spec, "egress", "to", errors);
        if (spec.ArrayAt("policyTypes") is { Count: > 2 } types)
        {
            errors.Invalid("spec.policyTypes", types.DeepClone(), "may not specify more than two policyTypes");
            return;
        }

        foreach (var (at, type) in spec.TextsAt("policyTypes").Index())
        {
            if (type is not ("Ingress" or "Egress"))
                errors.Unsupported($"spec.policyTypes[{at}]", type, "Ingress", "Egress");
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);

    private static void CheckRules(JsonObject? spec, string direction, string side, FieldErrors errors)
    {
        foreach (var (at, rule) in spec.ObjectsAt(direction).Index())
        {
            var path = $"spec.{direction}[{at}]";
            foreach (var (index, port) in rule.ObjectsAt("ports").Index())
                CheckPort(port, $"{path}.ports[{index}]", errors);
            foreach (var (index, peer) in rule.ObjectsAt(side).Index())
                CheckPeer(peer, $"{path}.{side}[{index}]", errors);
        }
    }

    private static void CheckPort(JsonObject port, string path, FieldErrors errors)
    {
        if (port.Text("protocol") is not (null or "TCP" or "UDP" or "SCTP"))
            errors.Unsupported(path + ".protocol", port["protocol"], "TCP", "UDP", "SCTP");
        var end = port.Number("endPort");
        if (port["port"] is null)
        {
            if (end is not null)
                errors.Invalid(path + ".endPort", end, "may not be specified when `port` is not specified");
            return;
        }

        if (port.Text("port") is not null && end is not null)
            errors.Invalid(path + ".endPort", end, "may not be specified when `port` is non-numeric");
        PortNames.CheckEither(port["port"], path + ".port", errors);
        if (port.Number("port") is not { } first || end is null)
            return;
        if (end < first)
            errors.Invalid(path + ".endPort", end, "must be greater than or equal to `port`");
        if (end is not (>= 1 and <= 65535))
            errors.Invalid(path + ".endPort", end, "must be between 1 and 65535, inclusive");
    }

    private static void CheckPeer(JsonObject peer, string path, FieldErrors errors)
    {
        var count = 0;
        foreach (var selector in (ReadOnlySpan<string>)["podSelector", "namespaceSelector"])
        {
            if (peer.ObjectAt(selector) is not { } given)
                continue;
            count++;
            LabelSelectorValidation.Check(given, $"{path}.{selector}", errors);
        }

        if (peer.ObjectAt("ipBlock") is { } block)
        {
            count++;
            CheckBlock(block, path + ".ipBlock", errors);
        }

        if (count == 0)
            errors.Required(path, "must specify a peer");
        else if (count > 1 && peer["ipBlock"] is not null)
            errors.Forbidden(path, "may not specify both ipBlock and another peer");
    }

    private static void CheckBlock(JsonObject block, string path, FieldErrors errors)
    {
        var text = block.Text("cidr") ?? "";
        if (text.Length == 0)
            errors.Required(path + ".cidr");
        else if (Network(text, path + ".cidr", errors) is { } network)
        {
            foreach (var (at, except) in block.TextsAt("except").Index())
            {
                var here = $"{path}.except[{at}]";
                if (Network(except, here, errors) is { } hole
                    && !(network.Contains(hole.BaseAddress) && hole.PrefixLength > network.PrefixLength))
                    errors.Invalid(here, except, "must be a strict subset of `cidr`");
            }
        }
    }

    private static IPNetwork? Network(string text, string path, FieldErrors errors)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        errors.Invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        return null;
    }
}
