using System.Net;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>A service gets an address inside the cluster and, when it asks for them, ports on the nodes.</summary>
internal sealed class ServiceRules : IKindRules
{
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

    public string GroupKind => "Service";

    public void Default(JsonObject item)
    {
        var spec = item.Section("spec");
        spec.FillIn("sessionAffinity", "None");
        spec.FillIn("type", "ClusterIP");
        if (spec.Text("sessionAffinity") == "ClientIP")
            spec.Section("sessionAffinityConfig").Section("clientIP").FillIn("timeoutSeconds", 10800);
        foreach (var port in spec.ObjectsAt("ports"))
        {
            port.FillIn("protocol", "TCP");
            if (port["targetPort"] is null || port.Number("targetPort") == 0 || port.Text("targetPort") == "")
                port["targetPort"] = port["port"]?.DeepClone();
        }

        if (IsExternalName(item))
            return;
        spec.FillIn("internalTrafficPolicy", "Cluster");
        if (HasNodePorts(item))
            spec.FillIn("externalTrafficPolicy", "Cluster");
        if (spec.Text("type") == "LoadBalancer")
            spec.FillIn("allocateLoadBalancerNodePorts", true);
    }

    public void PrepareCreate(JsonObject item, KindContext context)
    {
        item["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        Allocate(item, context);
    }

    public void PrepareUpdate(JsonObject item, JsonObject old, KindContext context)
    {
        if (!IsExternalName(item) && !IsExternalName(old))
        {
            foreach (var field in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" })
            {
                if (string.IsNullOrEmpty(item.Text("spec", field)) && item.ArrayAt("spec", field) is not { Count: > 0 }
                    && old.At("spec", field) is { } kept)
                    item.Section("spec")[field] = kept.DeepClone();
            }
        }

        if (HasNodePorts(item) && HasNodePorts(old))
            KeepNodePorts(item, old);
        if (!HasNodePorts(item) && HasNodePorts(old))
            DropNodePorts(item, old);
        if (!HasNodePorts(item) && HasNodePorts(old)
            && ObjectFields.Same(item.At("spec", "externalTrafficPolicy"), old.At("spec", "externalTrafficPolicy")))
            item.Section("spec").Remove("externalTrafficPolicy");
        if (item.Text("spec", "type") != "LoadBalancer" && old.Text("spec", "type") == "LoadBalancer")
            item.Section("spec").Remove("allocateLoadBalancerNodePorts");
        Allocate(item, context);
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var type = item.Text("spec", "type") ?? "";
        if (!Types.Contains(type))
            errors.Unsupported("spec.type", type, Types);
        if (type == "ExternalName")
        {
            if (string.IsNullOrEmpty(item.Text("spec", "externalName")))
                errors.Required("spec.externalName");
            else
                NameRules.CheckSubdomain(item.Text("spec", "externalName")!, "spec.externalName", errors);
        }

        var ports = item.ObjectsAt("spec", "ports").ToList();
        if (ports.Count == 0 && type != "ExternalName" && item.Text("spec", "clusterIP") != "None")
            errors.Required("spec.ports");
        ValidatePorts(ports, errors);
        foreach (var (at, port) in ports.Index())
        {
            if (port.Number("nodePort") is > 0 && !HasNodePorts(item))
                errors.Forbidden($"spec.ports[{at}].nodePort", $"may not be used when `type` is '{type}'");
        }

        ValidateReach(item, errors);
        LabelSelectorValidation.CheckLabels(item.ObjectAt("spec", "selector"), "spec.selector", errors);
        if (item.Text("spec", "internalTrafficPolicy") is not (null or "Cluster" or "Local"))
        {
            errors.Unsupported("spec.internalTrafficPolicy", item.At("spec", "internalTrafficPolicy"),
                "Cluster", "Local");
        }

        if (item.At("spec", "externalTrafficPolicy") is { } policy && !HasNodePorts(item)
            && !item.TextsAt("spec", "externalIPs").Any())
        {
            errors.Invalid("spec.externalTrafficPolicy", policy.DeepClone(),
                "may only be set for externally-accessible services");
        }

        if (item.Text("spec", "sessionAffinity") is not ("None" or "ClientIP"))
            errors.Unsupported("spec.sessionAffinity", item.At("spec", "sessionAffinity"), "ClientIP", "None");
        foreach (var (at, address) in item.TextsAt("spec", "clusterIPs").Index())
        {
            if (address != "None" && !IPAddress.TryParse(address, out _))
            {
                errors.Invalid($"spec.clusterIPs[{at}]", address,
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        if (!IsExternalName(item) && !IsExternalName(old)
            && !ObjectFields.Same(item.At("spec", "clusterIPs"), old.At("spec", "clusterIPs")))
            errors.Invalid("spec.clusterIPs[0]", item.At("spec", "clusterIPs"), "may not change once set");
        ValidateCreate(item, errors);
        var type = item.Text("spec", "type");
        if (type is "NodePort" or "LoadBalancer" && item.Text("spec", "clusterIP") == "None")
            errors.Invalid("spec.clusterIPs[0]", "None", $"may not be set to 'None' for {type} services");
    }

    public void ValidateStatus(JsonObject item, JsonObject old, FieldErrors errors)
    {
        foreach (var (at, ingress) in item.ObjectsAt("status", "loadBalancer", "ingress").Index())
        {
            var path = $"status.loadBalancer.ingress[{at}]";
            if (ingress.Text("ip") is { Length: > 0 } address && !IPAddress.TryParse(address, out _)
                || ingress.Text("ip")?.Count(each => each == '.') is 1 or 2)
            {
                errors.Invalid(path + ".ip", ingress.Text("ip"),
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }

            if (ingress.Text("hostname") is { Length: > 0 } host)
                NameRules.CheckSubdomain(host, path + ".hostname", errors);
        }
    }

    private static void ValidateReach(JsonObject item, FieldErrors errors)
    {
        if (item.Number("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds") is { } seconds
            && seconds is not (> 0 and <= 86400))
        {
            errors.Invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds,
                "must be greater than 0 and less than 86400");
        }

        foreach (var (at, range) in item.TextsAt("spec", "loadBalancerSourceRanges").Index())
        {
            if (!IPNetwork.TryParse(range.Trim(), out _))
            {
                errors.Invalid($"spec.loadBalancerSourceRanges[{at}]", range,
                    "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }
    }

    private static void ValidatePorts(List<JsonObject> ports, FieldErrors errors)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var numbers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, port) in ports.Index())
        {
            var path = $"spec.ports[{at}]";
            var name = port.Text("name") ?? "";
            if (name.Length == 0 && ports.Count > 1)
                errors.Required(path + ".name");
            else if (name.Length > 0)
            {
                NameRules.CheckLabel(name, path + ".name", errors);
                if (!names.Add(name))
                    errors.Duplicate(path + ".name", name);
            }

            if (port.Number("port") is not (>= 1 and <= 65535))
                errors.Invalid(path + ".port", port["port"] ?? 0, "must be between 1 and 65535, inclusive");
            if (!Protocols.Contains(port.Text("protocol")))
                errors.Unsupported(path + ".protocol", port["protocol"], Protocols);
            PortNames.CheckEither(port["targetPort"], path + ".targetPort", errors);
            if (!numbers.Add($"{port.Number("port")}/{port.Text("protocol")}"))
            {
                errors.Duplicate(path, new JsonObject
                {
                    ["protocol"] = port["protocol"]?.DeepClone(),
                    ["port"] = port["port"]?.DeepClone(),
                });
            }
        }
    }

    private static void Allocate(JsonObject item, KindContext context)
    {
        var spec = item.Section("spec");
        if (IsExternalName(item))
        {
            foreach (var field in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" })
                spec.Remove(field);
            return;
        }

        var address = spec.Text("clusterIP") is { Length: > 0 } asked
            ? asked
            : spec.TextsAt("clusterIPs").FirstOrDefault();
        if (address != "None")
            address = context.Api.ServiceAddresses.Take(item, address);
        spec["clusterIP"] = address;
        spec["clusterIPs"] = new JsonArray(address);
        var isOpen = address == "None" && spec["selector"] is null;
        if (spec["ipFamilies"] is null)
            spec["ipFamilies"] = isOpen ? new JsonArray("IPv4", "IPv6") : new JsonArray("IPv4");
        spec.FillIn("ipFamilyPolicy", isOpen ? "RequireDualStack" : "SingleStack");
        if (HasNodePorts(item) && spec.Flag("allocateLoadBalancerNodePorts") != false)
            context.Api.ServiceAddresses.TakeNodePorts(item);
    }

    private static void KeepNodePorts(JsonObject item, JsonObject old)
    {
        foreach (var port in item.ObjectsAt("spec", "ports"))
        {
            var before = old.ObjectsAt("spec", "ports").FirstOrDefault(each =>
                each.Number("port") == port.Number("port") && each.Text("protocol") == port.Text("protocol"));
            if (port.Number("nodePort") is null or 0 && before?["nodePort"] is { } kept)
                port["nodePort"] = kept.DeepClone();
        }
    }

    /// <summary>Ports of nodes that a service had and names still go when its type is one without them.</summary>
    private static void DropNodePorts(JsonObject item, JsonObject old)
    {
        var before = old.ObjectsAt("spec", "ports").Select(each => each.Number("nodePort")).ToList();
        foreach (var port in item.ObjectsAt("spec", "ports").Where(each => before.Contains(each.Number("nodePort"))))
            port.Remove("nodePort");
    }

    private static bool IsExternalName(JsonObject item) => item.Text("spec", "type") == "ExternalName";

    private static bool HasNodePorts(JsonObject item) => item.Text("spec", "type") is "NodePort" or "LoadBalancer";
}
