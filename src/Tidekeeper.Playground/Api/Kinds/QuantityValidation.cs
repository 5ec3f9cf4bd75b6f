using System.Text.Json.Nodes;
using Tidekeeper.Model;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Quantities, and the names of what they are amounts of.</summary>
internal static class QuantityValidation
{
    private static readonly string[] OfContainers = ["cpu", "ephemeral-storage", "memory"];

    private static readonly string[] OfQuotas =
    [
        "configmaps", "cpu", "ephemeral-storage", "limits.cpu", "limits.ephemeral-storage", "limits.memory", "memory",
        "persistentvolumeclaims", "pods", "replicationcontrollers", "requests.cpu", "requests.ephemeral-storage",
        "requests.memory", "requests.storage", "resourcequotas", "secrets", "services", "services.loadbalancers",
        "services.nodeports",
    ];

    private static readonly string[] Counted =
    [
        "configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets",
        "services", "services.loadbalancers", "services.nodeports",
    ];

    public static Quantity Read(JsonNode? quantity) =>
        Quantity.TryParse(Text(quantity), out var parsed) ? parsed : default;

    public static string Text(JsonNode? quantity) => quantity.Text() ?? quantity?.ToJsonString() ?? "0";

    public static void CheckNotNegative(JsonNode? quantity, string path, FieldErrors errors)
    {
        if (Read(quantity).IsNegative)
            errors.Invalid(path, Text(quantity), "must be greater than or equal to 0");
    }

    public static void CheckPositive(JsonNode? quantity, string path, FieldErrors errors)
    {
        if (Read(quantity) <= default(Quantity))
            errors.Invalid(path, Text(quantity), "must be greater than zero");
    }

    /// <summary>Requests and limits of a container: known names, no negative amounts, limits above requests.</summary>
    public static void CheckRequirements(JsonObject? resources, string path, FieldErrors errors)
    {
        var limits = resources.ObjectAt("limits") ?? [];
        foreach (var (name, amount) in limits)
        {
            CheckContainerName(name, $"{path}.limits[{name}]", errors);
            CheckNotNegative(amount, $"{path}.limits[{name}]", errors);
        }

        foreach (var (name, amount) in resources.ObjectAt("requests") ?? [])
        {
            CheckContainerName(name, $"{path}.requests[{name}]", errors);
            CheckNotNegative(amount, $"{path}.requests[{name}]", errors);
            if (limits[name] is { } limit && Read(amount) > Read(limit))
            {
                errors.Invalid($"{path}.requests", Text(amount),
                    $"must be less than or equal to {name} limit of {Text(limit)}");
            }
        }
    }

    public static void CheckQuotaName(string name, string path, FieldErrors errors)
    {
        NameRules.CheckQualified(name, path, errors);
        if (name.Contains('/', StringComparison.Ordinal) || OfQuotas.Contains(name)
            || name.StartsWith("hugepages-", StringComparison.Ordinal)
            || name.StartsWith("requests.hugepages-", StringComparison.Ordinal))
            return;
        if (name.StartsWith("count/", StringComparison.Ordinal))
            return;
        errors.Invalid(path, name, "must be a standard resource type or fully qualified");
        errors.Invalid(path, name, "must be a standard resource for quota");
    }

    public static void CheckWhole(string name, JsonNode? amount, string path, FieldErrors errors)
    {
        if (Counted.Contains(name) && Read(amount).Nanos % 1_000_000_000 != 0)
            errors.Invalid(path, Text(amount), "must be an integer");
    }

    private static void CheckContainerName(string name, string path, FieldErrors errors)
    {
        NameRules.CheckQualified(name, path, errors);
        if (name.Contains('/', StringComparison.Ordinal))
            return;
        if (OfContainers.Contains(name) || name.StartsWith("hugepages-", StringComparison.Ordinal))
            return;
        if (!OfQuotas.Contains(name))
            errors.Invalid(path, name, "must be a standard resource type or fully qualified");
        errors.Invalid(path, name, "must be a standard resource for containers");
    }
}
