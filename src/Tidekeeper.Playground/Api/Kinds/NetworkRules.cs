using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

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
        var type = item.Text("addressType") ?? "";
        if (type.Length == 0)
            errors.Required("addressType");
        else if (type is not ("IPv4" or "IPv6" or "FQDN"))
            errors.Unsupported("addressType", type, "FQDN", "IPv4", "IPv6");
        foreach (var (at, endpoint) in item.ObjectsAt("endpoints").Index())
        {
            var path = $"endpoints[{at}].addresses";
            var addresses = endpoint.TextsAt("addresses").ToList();
            if (addresses.Count == 0)
                errors.Required(path, "must contain at least 1 address");
            foreach (var (index, address) in addresses.Index())
                CheckAddress(type, address, $"{path}[{index}]", errors);
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, port) in item.ObjectsAt("ports").Index())
        {
            var path = $"ports[{at}]";
            var name = port.Text("name") ?? "";
            if (name.Length > 0)
                NameRules.CheckLabel(name, path + ".name", errors);
            if (!names.Add(name))
                errors.Duplicate(path + ".name", name);
            if (port.Text("protocol") is not ("SCTP" or "TCP" or "UDP"))
                errors.Unsupported(path + ".protocol", port["protocol"], "SCTP", "TCP", "UDP");
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        if (!ObjectFields.Same(item["addressType"], old["addressType"]))
            errors.Invalid("addressType", item["addressType"]?.DeepClone(), "field is immutable");
    }

    private static void CheckAddress(string type, string address, string path, FieldErrors errors)
    {
        var isAddress = IPAddress.TryParse(address, out var parsed);
        switch (type)
        {
            case "IPv4" when !isAddress || parsed!.AddressFamily != AddressFamily.InterNetwork:
                errors.Invalid(path, address, isAddress
                    ? "must be an IPv4 address" : "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
                break;
            case "IPv6" when !isAddress || parsed!.AddressFamily != AddressFamily.InterNetworkV6:
                errors.Invalid(path, address, isAddress
                    ? "must be an IPv6 address" : "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
                break;
            case "IPv4" or "IPv6":
                EndpointsRules.CheckRange(parsed!, address, path, errors);
                break;
            case "FQDN":
                NameRules.CheckSubdomain(address, path, errors);
                break;
        }
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

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        foreach (var (at, subset) in item.ObjectsAt("subsets").Index())
        {
            var path = $"subsets[{at}]";
            if (!subset.ObjectsAt("addresses").Any() && !subset.ObjectsAt("notReadyAddresses").Any())
                errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
            foreach (var field in (ReadOnlySpan<string>)["addresses", "notReadyAddresses"])
            {
                foreach (var (index, address) in subset.ObjectsAt(field).Index())
                    CheckAddress(address, $"{path}.{field}[{index}]", errors);
            }

            var ports = subset.ObjectsAt("ports").ToList();
            foreach (var (index, port) in ports.Index())
                CheckPort(port, ports.Count > 1, $"{path}.ports[{index}]", errors);
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);

    /// <summary>Addresses at which no endpoint can be.</summary>
    public static void CheckRange(IPAddress parsed, string address, string path, FieldErrors errors)
    {
        if (parsed.Equals(IPAddress.Any) || parsed.Equals(IPAddress.IPv6Any))
            errors.Invalid(path, address, $"may not be unspecified ({address})");
        // The real server refuses loopback addresses too; here they are where the pods live.
        if (parsed.IsIPv6LinkLocal || address.StartsWith("169.254.", StringComparison.Ordinal))
            errors.Invalid(path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        if (parsed.IsIPv6Multicast || address.StartsWith("224.0.0.", StringComparison.Ordinal))
        {
            errors.Invalid(path, address,
                "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    private static void CheckAddress(JsonObject address, string path, FieldErrors errors)
    {
        var text = address.Text("ip") ?? "";
        if (!IPAddress.TryParse(text, out var parsed))
            errors.Invalid(path + ".ip", text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        if (address.Text("hostname") is { Length: > 0 } host)
            NameRules.CheckLabel(host, path + ".hostname", errors);
        if (parsed is not null)
            CheckRange(parsed, text, path + ".ip", errors);
    }

    private static void CheckPort(JsonObject port, bool needsName, string path, FieldErrors errors)
    {
        if (port.Text("name") is { Length: > 0 } name)
            NameRules.CheckLabel(name, path + ".name", errors);
        else if (needsName)
            errors.Required(path + ".name");
        if (port.Number("port") is not (>= 1 and <= 65535))
            errors.Invalid(path + ".port", port["port"] ?? 0, "must be between 1 and 65535, inclusive");
        if (port.Text("protocol") is not ("SCTP" or "TCP" or "UDP"))
            errors.Unsupported(path + ".protocol", port["protocol"], "SCTP", "TCP", "UDP");
    }
}
