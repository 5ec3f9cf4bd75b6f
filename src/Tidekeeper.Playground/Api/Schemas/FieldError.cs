using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>
/// One thing that is wrong with a field, in the words of the real server: <paramref name="Message"/> is what stands
/// after the field's path, <paramref name="Reason"/> is a cause's reason.
/// </summary>
public sealed record FieldError(string Field, string Reason, string Message)
{
    public static FieldError Required(string field, string detail = "") =>
        new(field, "FieldValueRequired", detail.Length == 0 ? "Required value" : "Required value: " + detail);

    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(field, "FieldValueInvalid", $"Invalid value: {Show(value)}: {detail}");

    public static FieldError TypeInvalid(string field, JsonNode? value, string detail) =>
        new(field, "FieldValueTypeInvalid", $"Invalid value: {Show(value)}: {detail}");

    public static FieldError NotSupported(string field, JsonNode? value, IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported",
            $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(Quote))}");

    public static FieldError TooLong(string field, long limit) =>
        new(field, "FieldValueTooLong", $"Too long: may not be more than {limit} bytes");

    public static FieldError TooMany(string field, long actual, long limit) =>
        new(field, "FieldValueTooMany",
            $"Too many: {actual}: must have at most {limit} {(limit == 1 ? "item" : "items")}");

    public static FieldError Forbidden(string field, string detail) =>
        new(field, "FieldValueForbidden", "Forbidden: " + detail);

    public static FieldError Duplicate(string field, JsonNode? value) =>
        new(field, "FieldValueDuplicate", "Duplicate value: " + Show(value));

    public static FieldError NotFound(string field, JsonNode? value) =>
        new(field, "FieldValueNotFound", "Not found: " + Show(value));

    public override string ToString() => $"{Field}: {Message}";

    /// <summary>The refusal of an object, 422, with one cause for each error.</summary>
    public static ApiFault Fault(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        // The real server says the same thing once, however often it found it.
        var sentences = errors.Select(e => e.ToString()).Distinct(StringComparer.Ordinal).ToArray();
        var text = sentences.Length == 1 ? sentences[0] : $"[{string.Join(", ", sentences)}]";
        var full = group.Length == 0 ? kind : $"{kind}.{group}";
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;
        if (group.Length > 0)
            details["group"] = group;
        if (kind.Length > 0)
            details["kind"] = kind;
        details["causes"] = new JsonArray([.. errors.Select(e => new JsonObject
        {
            ["reason"] = e.Reason, ["message"] = e.Message, ["field"] = e.Field,
        })]);
        return new ApiFault(422, "Invalid", $"{full} {Quote(name)} is invalid: {text}", details);
    }

    private static string Show(JsonNode? value) => value switch
    {
        null => "\"null\"",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => Quote(v.GetValue<string>()),
        _ => value.ToJsonString(RelaxedJson.Options),
    };

    private static string Quote(string text) => RelaxedJson.Quote(text);
}
