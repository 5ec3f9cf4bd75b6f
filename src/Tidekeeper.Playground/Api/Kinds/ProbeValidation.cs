using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Probes and lifecycle hooks of containers.</summary>
internal static class ProbeValidation
{
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

    public static void Check(JsonObject probe, string path, bool succeedsOnce, FieldErrors errors)
    {
        CheckHandler(probe, path, errors);
        foreach (var field in (ReadOnlySpan<string>)["initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                     "successThreshold", "failureThreshold"])
        {
            if (probe.Number(field) is < 0 and var seconds)
                errors.Invalid($"{path}.{field}", seconds, "must be greater than or equal to 0");
        }

        if (probe.Number("terminationGracePeriodSeconds") is <= 0 and var grace)
            errors.Invalid(path + ".terminationGracePeriodSeconds", grace, "must be greater than 0");
        if (succeedsOnce && probe.Number("successThreshold") is { } successes and not 1)
            errors.Invalid(path + ".successThreshold", successes, "must be 1");
        if (!succeedsOnce && probe.Number("terminationGracePeriodSeconds") is { } set)
            errors.Invalid(path + ".terminationGracePeriodSeconds", set, "must not be set for readinessProbes");
    }

    public static void CheckHandler(JsonObject handler, string path, FieldErrors errors)
    {
        var count = 0;
        foreach (var kind in Handlers)
        {
            if (handler.ObjectAt(kind) is not { } given)
                continue;
            var here = $"{path}.{kind}";
            if (++count > 1)
                errors.Forbidden(here, "may not specify more than 1 handler type");
            else
                CheckKind(kind, given, here, errors);
        }

        if (count == 0)
            errors.Required(path, "must specify a handler type");
    }

    private static void CheckKind(string kind, JsonObject given, string path, FieldErrors errors)
    {
        switch (kind)
        {
            case "exec":
                if (given.ArrayAt("command") is not { Count: > 0 })
                    errors.Required(path + ".command");
                break;
            case "httpGet":
                if (string.IsNullOrEmpty(given.Text("path")))
                    errors.Required(path + ".path");
                PortNames.CheckEither(given["port"] ?? 0, path + ".port", errors);
                if (given.Text("scheme") is not (null or "HTTP" or "HTTPS"))
                    errors.Unsupported(path + ".scheme", given["scheme"], "HTTP", "HTTPS");
                break;
            case "tcpSocket":
                PortNames.CheckEither(given["port"] ?? 0, path + ".port", errors);
                break;
            case "grpc":
                if (given.Number("port") is not (>= 1 and <= 65535))
                    errors.Invalid(path + ".port", given["port"] ?? 0, "must be between 1 and 65535, inclusive");
                break;
        }
    }
}
