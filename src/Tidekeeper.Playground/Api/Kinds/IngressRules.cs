using System.Net;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

internal sealed class IngressRules : IKindRules
{
    public string GroupKind => "Ingress.networking.k8s.io";

    public void PrepareCreate(JsonObject item, KindContext context) =>
        item["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var spec = item.ObjectAt("spec");
        var rules = spec.ObjectsAt("rules").ToList();
        if (rules.Count == 0 && spec.ObjectAt("defaultBackend") is null)
            errors.InvalidNull("spec", "either `defaultBackend` or `rules` must be specified");
        if (spec.ObjectAt("defaultBackend") is { } backend)
            CheckBackend(backend, "spec.defaultBackend", errors);
        foreach (var (at, rule) in rules.Index())
            CheckRule(rule, $"spec.rules[{at}]", errors);
        foreach (var (at, tls) in spec.ObjectsAt("tls").Index())
        {
            foreach (var (index, host) in tls.TextsAt("hosts").Index())
                NameRules.CheckSubdomain(host, $"spec.tls[{at}].hosts[{index}]", errors);
        }

        if (spec.Text("ingressClassName") is { } name)
            NameRules.CheckSubdomain(name, "spec.ingressClassName", errors);
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);

    private static void CheckRule(JsonObject rule, string path, FieldErrors errors)
    {
        if (rule.Text("host") is { Length: > 0 } host)
        {
            if (IPAddress.TryParse(host, out _))
                errors.Invalid(path + ".host", host, "must be a DNS name, not an IP address");
            NameRules.CheckSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host,
                path + ".host", errors);
        }

        if (rule.ObjectAt("http") is not { } http)
            return;
        if (!http.ObjectsAt("paths").Any())
            errors.Required(path + ".http.paths");
        foreach (var (at, way) in http.ObjectsAt("paths").Index())
            CheckPath(way, $"{path}.http.paths[{at}]", errors);
    }

    private static void CheckPath(JsonObject way, string path, FieldErrors errors)
    {
        var text = way.Text("path") ?? "";
        switch (way.Text("pathType"))
        {
            case null:
                errors.Required(path + ".pathType", "pathType must be specified");
                return;
            case "Exact" or "Prefix":
                if (!text.StartsWith('/'))
                    errors.Invalid(path + ".path", text, "must be an absolute path");
                CheckSequences(text, path, errors);
                break;
            case "ImplementationSpecific":
                if (text.Length > 0 && !text.StartsWith('/'))
                    errors.Invalid(path + ".path", text, "must be an absolute path");
                break;
            default:
                errors.Unsupported(path + ".pathType", way["pathType"], "Exact", "ImplementationSpecific", "Prefix");
                break;
        }

        CheckBackend(way.ObjectAt("backend") ?? [], path + ".backend", errors);
    }

    private static void CheckSequences(string text, string path, FieldErrors errors)
    {
        foreach (var sequence in (ReadOnlySpan<string>)["//", "/./", "/../", "%2f", "%2F"])
        {
            if (text.Contains(sequence, StringComparison.Ordinal))
                errors.Invalid(path + ".path", text, $"must not contain '{sequence}'");
        }

        foreach (var end in (ReadOnlySpan<string>)["/..", "/."])
        {
            if (text.EndsWith(end, StringComparison.Ordinal))
                errors.Invalid(path + ".path", text, $"cannot end with '{end}'");
        }
    }

    private static void CheckBackend(JsonObject backend, string path, FieldErrors errors)
    {
        if (backend.ObjectAt("service") is not { } service)
        {
            if (backend["resource"] is null)
                errors.Invalid(path, "", "resource or service backend is required");
            return;
        }

        if (backend["resource"] is not null)
        {
            errors.Invalid(path, "", "cannot set both resource and service backends");
            return;
        }

        if (service.Text("name") is { Length: > 0 } name)
            NameRules.CheckServiceName(name, path + ".service.name", errors);
        else
            errors.Required(path + ".service.name");
        var (portName, number) = (service.Text("port", "name"), service.Number("port", "number") ?? 0);
        if (!string.IsNullOrEmpty(portName) && number != 0)
            errors.Invalid(path, "", "cannot set both port name & port number");
        else if (!string.IsNullOrEmpty(portName))
            PortNames.Check(portName, path + ".service.port.name", errors);
        else if (number == 0)
            errors.Required(path, "port name or number is required");
        else
            PortNames.CheckEither(number, path + ".service.port.number", errors);
    }
}

internal sealed class IngressClassRules : IKindRules
{
    public string GroupKind => "IngressClass.networking.k8s.io";

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var controller = item.Text("spec", "controller") ?? "";
        var parts = controller.Split('/', 2);
        if (controller.Length == 0)
            errors.Required("spec.controller");
        else if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
            errors.Invalid("spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        if (!ObjectFields.Same(item.At("spec", "controller"), old.At("spec", "controller")))
            errors.Invalid("spec.controller", item.At("spec", "controller")?.DeepClone(), "field is immutable");
    }
}
