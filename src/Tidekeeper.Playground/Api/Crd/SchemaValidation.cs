using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Crd.Cel;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>Holds a value against a structural schema, with the real server's words and in its order.</summary>
internal sealed class SchemaValidation
{
    private readonly List<FieldError> _errors = [];

    // How much of a value fitted: of several alternatives that fail, the one that came closest is reported.
    private int _matches;

    public static IReadOnlyList<FieldError> Validate(Schema schema, JsonNode? value, string path = "") =>
        Run(schema, value, path)._errors;

    private static SchemaValidation Run(Schema schema, JsonNode? value, string path)
    {
        var validation = new SchemaValidation();
        validation.Value(schema, value, path);
        return validation;
    }

    private void Value(Schema schema, JsonNode? value, string path)
    {
        if (value is null && schema.Nullable)
            return;
        CheckType(schema, value, path);
        CheckAlternatives(schema, value, path);
        switch (value)
        {
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                CheckText(schema, scalar.GetValue<string>(), path);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number:
                CheckNumber(schema.Limits, scalar, path);
                break;
            case JsonArray list:
                CheckList(schema, list, path);
                break;
        }

        if (schema.Enum is { } allowed && !allowed.Any(each => JsonNode.DeepEquals(each, value)))
            _errors.Add(FieldError.NotSupported(path, value, allowed.Select(EnumText)));
        if (value is JsonObject o)
            CheckObject(schema, o, path);
        _matches++;
    }

    private void CheckType(Schema schema, JsonNode? value, string path)
    {
        var actual = TypeOf(value);
        var expected = schema.IntOrString && schema.Type is null ? "integer,string" : schema.Type;
        var fits = expected switch
        {
            null => true,
            "integer,string" => actual is "integer" or "string",
            "number" => actual is "integer" or "number",
            _ => actual == expected,
        };
        // With anyOf the alternatives say it better.
        if (!fits && !(schema.IntOrString && schema.AnyOf.Count > 0))
        {
            _errors.Add(FieldError.TypeInvalid(
                path, actual, $"{InBody(path)} must be of type {expected}: {RelaxedJson.Quote(actual)}"));
        }
        else if (fits)
            _matches++;
    }

    private void CheckText(Schema schema, string text, string path)
    {
        var limits = schema.Limits;
        var length = text.EnumerateRunes().Count();
        if (length > limits.MaxLength)
            _errors.Add(FieldError.TooLong(path, limits.MaxLength.Value));
        else if (length < limits.MinLength)
            Bad(path, text, $"should be at least {limits.MinLength} chars long");
        else if (limits.Pattern is { } pattern && Re2.IsValid(pattern) && !Re2.Compile(pattern).IsMatch(text))
            Bad(path, text, $"should match '{pattern}'");
        if (schema.Format is { } format && !Formats.Fits(format, text))
        {
            _errors.Add(FieldError.TypeInvalid(
                path, text, $"{InBody(path)} must be of type {format}: {RelaxedJson.Quote(text)}"));
        }
    }

    private void CheckNumber(SchemaLimits limits, JsonValue value, string path)
    {
        var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        if (limits.MultipleOf is { } factor && Math.Abs(number / factor - Math.Round(number / factor)) > 1e-9)
            Bad(path, value, $"should be a multiple of {Show(factor)}");
        if (limits.Maximum is { } maximum && (limits.ExclusiveMaximum ? number >= maximum : number > maximum))
            Bad(path, value, $"should be less than {(limits.ExclusiveMaximum ? "" : "or equal to ")}{Show(maximum)}");
        if (limits.Minimum is { } minimum && (limits.ExclusiveMinimum ? number <= minimum : number < minimum))
            Bad(path, value,
                $"should be greater than {(limits.ExclusiveMinimum ? "" : "or equal to ")}{Show(minimum)}");
    }

    private void CheckList(Schema schema, JsonArray list, string path)
    {
        if (schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++)
                Value(items, list[i], $"{path}[{i}]");
        }

        var limits = schema.Limits;
        if (list.Count < limits.MinItems)
            Bad(path, list.Count, $"should have at least {limits.MinItems} items");
        if (list.Count > limits.MaxItems)
            _errors.Add(FieldError.TooMany(path, list.Count, limits.MaxItems.Value));
        if (limits.UniqueItems
            && list.Where((item, i) => list.Take(i).Any(other => JsonNode.DeepEquals(item, other))).Any())
            Bad(path, null, "shouldn't contain duplicates");
    }

    private void CheckObject(Schema schema, JsonObject value, string path)
    {
        var limits = schema.Limits;
        if (value.Count < limits.MinProperties)
            Bad(path, value.Count, $"should have at least {limits.MinProperties} properties");
        if (value.Count > limits.MaxProperties)
            _errors.Add(FieldError.TooMany(path, value.Count, limits.MaxProperties.Value));
        foreach (var name in schema.Required)
        {
            if (!value.ContainsKey(name))
                _errors.Add(FieldError.Required(Join(path, name)));
        }

        foreach (var (name, child) in value)
        {
            if (schema.Child(name) is { } known)
                Value(known, child, Join(path, name));
        }
    }

    private void CheckAlternatives(Schema schema, JsonNode? value, string path)
    {
        foreach (var part in schema.AllOf)
        {
            var result = Run(part, value, path);
            if (result._errors.Count > 0)
                Whole(path, "must validate all the schemas (allOf)");
            _errors.AddRange(result._errors);
        }

        if (schema.AnyOf.Count > 0)
        {
            var results = schema.AnyOf.Select(s => Run(s, value, path)).ToArray();
            if (!results.Any(r => r._errors.Count == 0))
            {
                Whole(path, "must validate at least one schema (anyOf)");
                _errors.AddRange(results.MaxBy(r => r._matches)!._errors);
            }
        }

        if (schema.OneOf.Count > 0)
        {
            var results = schema.OneOf.Select(s => Run(s, value, path)).ToArray();
            var valid = results.Count(r => r._errors.Count == 0);
            if (valid == 0)
            {
                Whole(path, "must validate one and only one schema (oneOf). Found none valid");
                _errors.AddRange(results.MaxBy(r => r._matches)!._errors);
            }
            else if (valid > 1)
                Whole(path, $"must validate one and only one schema (oneOf). Found {valid} valid alternatives");
        }

        if (schema.Not is { } refused && Run(refused, value, path)._errors.Count == 0)
            Whole(path, "must not validate the schema (not)");
    }

    // The real server loses the field of these: they are reported for the object as a whole.
    private void Whole(string path, string what) =>
        _errors.Add(FieldError.Invalid("<nil>", "", $"{RelaxedJson.Quote(path)} {what}"));

    private void Bad(string path, JsonNode? value, string what) =>
        _errors.Add(FieldError.Invalid(path.Length == 0 ? "<nil>" : path, value, $"{InBody(path)} {what}"));

    private static string InBody(string path) => path.Length == 0 ? "in body" : path + " in body";

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string EnumText(JsonNode? value) =>
        value is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>()
            : value?.ToJsonString() ?? "null";

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    internal static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) is var number
                && Math.Floor(number) == number ? "integer" : "number",
        },
    };
}
