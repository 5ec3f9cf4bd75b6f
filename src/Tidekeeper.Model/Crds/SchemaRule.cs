using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tidekeeper.Model.Crds;

/// <summary>
/// One node of a structural schema, made ready to check stored objects against: an object may be older than a rule, and
/// the API server looks at it again only when somebody writes it.
/// </summary>
internal sealed class SchemaRule
{
    private readonly string? _type;
    private readonly bool _isQuantity;
    private readonly SortedList<string, SchemaRule> _properties = new(StringComparer.Ordinal);
    private readonly List<string> _required = [];
    private readonly SchemaRule? _items;
    private readonly SchemaRule? _values;
    private readonly List<string>? _enum;
    private readonly Regex? _pattern;
    private readonly JsonObject _schema;

    public SchemaRule(JsonObject schema)
    {
        _schema = schema;
        _type = (string?)schema["type"];
        _isQuantity = (bool?)schema["x-kubernetes-int-or-string"] == true;
        foreach (var (name, inner) in schema["properties"] as JsonObject ?? [])
            _properties[name] = new SchemaRule((JsonObject)inner!);
        foreach (var name in schema["required"] as JsonArray ?? []) _required.Add((string)name!);
        if (schema["items"] is JsonObject items) _items = new SchemaRule(items);
        if (schema["additionalProperties"] is JsonObject values) _values = new SchemaRule(values);
        if (schema["enum"] is JsonArray choices) _enum = [.. choices.Select(one => (string)one!)];
        if ((string?)schema["pattern"] is { } pattern)
            _pattern = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>Reports what breaks a rule, and the paths of what cannot even be read.</summary>
    public void Check(JsonElement value, string path, ICollection<Problem> problems, ICollection<string> unreadable)
    {
        if (_isQuantity)
        {
            CheckQuantity(value, path, problems, unreadable);
            return;
        }

        if (_type is not null && !HasType(value))
        {
            problems.Add(new Problem(path, Shown(value), $"is no {Words()}", $"write {Example()}"));
            unreadable.Add(path);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object: CheckObject(value, path, problems, unreadable); break;
            case JsonValueKind.Array: CheckArray(value, path, problems, unreadable); break;
            case JsonValueKind.String: CheckText(value, path, problems, unreadable); break;
            case JsonValueKind.Number: CheckNumber(value, path, problems); break;
            default: break;
        }
    }

    private bool HasType(JsonElement value) => _type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && IsWhole(value),
        _ => value.ValueKind == JsonValueKind.Number,
    };

    private bool IsWhole(JsonElement value) =>
        (string?)_schema["format"] == "int32" ? value.TryGetInt32(out _) : value.TryGetInt64(out _);

    private string Words() => _type switch
    {
        "object" => "map of fields",
        "array" => "list",
        "string" => "text",
        "boolean" => "truth value",
        "integer" => "whole number",
        _ => "number",
    };

    private string Example() => _type switch
    {
        "object" => "name: value below it, indented",
        "array" => "- before each element below it",
        "string" => "it in quotes",
        "boolean" => "true or false",
        _ => "a number such as 3, without quotes",
    };

    private static void CheckQuantity(
        JsonElement value, string path, ICollection<Problem> problems, ICollection<string> unreadable)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) unreadable.Add(path);
        if (!Quantity.TryParse(value, out _))
            problems.Add(new Problem(path, Shown(value), "is no quantity", "write for example 500m, 2, 4Gi or 100G"));
    }

    private void CheckObject(
        JsonElement value, string path, ICollection<Problem> problems, ICollection<string> unreadable)
    {
        foreach (var name in _required)
        {
            if (!value.TryGetProperty(name, out var inner) || inner.ValueKind == JsonValueKind.Null)
                problems.Add(new Problem(Join(path, name), "", "is missing", "set it"));
        }

        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Null) continue;
            var rule = _properties.GetValueOrDefault(entry.Name) ?? _values;
            rule?.Check(entry.Value, Join(path, entry.Name), problems, unreadable);
        }
    }

    private void CheckArray(
        JsonElement value, string path, ICollection<Problem> problems, ICollection<string> unreadable)
    {
        var count = value.GetArrayLength();
        if ((int?)_schema["minItems"] is { } min && count < min)
            problems.Add(new Problem(path, "", $"has {count} elements", $"write at least {min}"));
        if ((int?)_schema["maxItems"] is { } max && count > max)
            problems.Add(new Problem(path, "", $"has {count} elements", $"write at most {max}"));
        for (var i = 0; i < count && _items is not null; i++)
            _items.Check(value[i], $"{path}[{i}]", problems, unreadable);
    }

    private void CheckText(
        JsonElement value, string path, ICollection<Problem> problems, ICollection<string> unreadable)
    {
        var text = value.GetString()!;
        if (_enum is not null && !_enum.Contains(text))
        {
            var choices = string.Join(", ", _enum.Where(one => one.Length > 0));
            problems.Add(new Problem(path, Shown(value), "is not known", $"write one of {choices}"));
        }
        else if (_pattern is not null && !_pattern.IsMatch(text))
        {
            var (not, remedy) = CelRules.InWords(_pattern.ToString());
            problems.Add(new Problem(path, Shown(value), not, remedy));
        }

        if ((int?)_schema["minLength"] is { } min && text.Length < min)
            problems.Add(new Problem(path, Shown(value), "is too short", $"write at least {min} characters"));
        if ((int?)_schema["maxLength"] is { } max && text.Length > max)
            problems.Add(new Problem(path, Shown(value), "is too long", $"write at most {max} characters"));
        if ((string?)_schema["format"] != "date-time" || value.TryGetDateTimeOffset(out _)) return;
        problems.Add(new Problem(path, Shown(value), "is no time", "write it as 2026-01-02T03:04:05Z"));
        unreadable.Add(path);
    }

    private void CheckNumber(JsonElement value, string path, ICollection<Problem> problems)
    {
        if ((long?)_schema["minimum"] is { } min && value.GetDouble() < min)
            problems.Add(new Problem(path, Shown(value), $"is below {min}", $"write at least {min}"));
        if ((long?)_schema["maximum"] is { } max && value.GetDouble() > max)
            problems.Add(new Problem(path, Shown(value), $"is above {max}", $"write at most {max}"));
    }

    internal static string Join(string path, string name) =>
        name.AsSpan().IndexOfAny('.', '/', '[') >= 0 ? $"{path}[{name}]" : path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The value as written, shortened to what fits a sentence.</summary>
    internal static string Shown(JsonElement value)
    {
        var raw = value.ValueKind switch
        {
            JsonValueKind.Object => "a map of fields",
            JsonValueKind.Array => "a list",
            _ => value.GetRawText(),
        };
        return raw.Length <= 60 ? raw : string.Concat(raw.AsSpan(0, 57), "…\"");
    }
}
