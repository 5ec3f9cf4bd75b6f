using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Limit ranges: for containers, what is not said follows from what is.</summary>
internal sealed class LimitRangeRules : IKindRules
{
    public string GroupKind => "LimitRange";

    public void Default(JsonObject item)
    {
        foreach (var limit in item.ObjectsAt("spec", "limits").Where(each => each.Text("type") == "Container"))
        {
            Fill(limit, "default", "max");
            Fill(limit, "defaultRequest", "default");
            Fill(limit, "defaultRequest", "min");
        }
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, limit) in item.ObjectsAt("spec", "limits").Index())
        {
            var path = $"spec.limits[{at}]";
            var type = limit.Text("type") ?? "";
            if (type.Length == 0)
                errors.Required(path + ".type");
            if (!types.Add(type))
                errors.Duplicate(path + ".type", type);
            if (type == "Pod")
            {
                foreach (var field in (ReadOnlySpan<string>)["default", "defaultRequest"])
                {
                    if (limit.ObjectAt(field) is { Count: > 0 })
                        errors.Forbidden($"{path}.{field}", "may not be specified when `type` is 'Pod'");
                }
            }

            if (type == "PersistentVolumeClaim" && limit.At("min", "storage") is null
                && limit.At("max", "storage") is null)
                errors.Required(path + ".limits", "either minimum or maximum storage value is required, but neither"
                    + " was provided");
            CheckBounds(limit, path, errors);
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);

    private static void Fill(JsonObject limit, string field, string from)
    {
        foreach (var (name, amount) in limit.ObjectAt(from) ?? [])
        {
            if (limit.At(field, name) is null)
                limit.Section(field)[name] = amount?.DeepClone();
        }
    }

    private static void CheckBounds(JsonObject limit, string path, FieldErrors errors)
    {
        string[] fields = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];
        var names = fields.SelectMany(each => limit.ObjectAt(each)?.Select(entry => entry.Key) ?? [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (least, most) = (limit.At("min", name), limit.At("max", name));
            var (request, usual) = (limit.At("defaultRequest", name), limit.At("default", name));
            Compare("min", least, least, most, "min value {0} is greater than max value {1}");
            Compare("defaultRequest", request, least, request,
                "min value {0} is greater than default request value {1}");
            Compare("defaultRequest", request, request, most,
                "default request value {0} is greater than max value {1}");
            Compare("defaultRequest", request, request, usual,
                "default request value {0} is greater than default limit value {1}");
            Compare("default", least, least, usual, "min value {0} is greater than default value {1}");
            Compare("default", most, usual, most, "default value {0} is greater than max value {1}");

            void Compare(string field, JsonNode? shown, JsonNode? low, JsonNode? high, string text)
            {
                if (low is null || high is null || QuantityValidation.Read(low) <= QuantityValidation.Read(high))
                    return;
                errors.Invalid($"{path}.{field}[{name}]", QuantityValidation.Text(shown), text
                    .Replace("{0}", QuantityValidation.Text(low), StringComparison.Ordinal)
                    .Replace("{1}", QuantityValidation.Text(high), StringComparison.Ordinal));
            }
        }
    }
}
