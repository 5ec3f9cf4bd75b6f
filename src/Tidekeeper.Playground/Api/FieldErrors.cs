using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>Collects what is wrong with the fields of one object, in the order in which it was found.</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <summary>The text of the first one, without its field.</summary>
    public string First => _errors[0].Message;

    public void Add(FieldError error) => _errors.Add(error);

    public void AddRange(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    public void Required(string field, string why = "") => Add(FieldError.Required(field, why));

    public void Invalid(string field, JsonNode? value, string why) => Add(FieldError.Invalid(field, value, why));

    /// <summary>A value that is not there, which the real server prints as <c>null</c>.</summary>
    public void InvalidNull(string field, string why) =>
        Add(new FieldError(field, "FieldValueInvalid", "Invalid value: null: " + why));

    public void NotNegative(JsonNode? owner, string path, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (owner.Number(field) is < 0 and var number)
                Invalid($"{path}.{field}", number, "must be greater than or equal to 0");
        }
    }

    public void Forbidden(string field, string why) => Add(FieldError.Forbidden(field, why));

    public void Duplicate(string field, JsonNode? value) => Add(FieldError.Duplicate(field, value));

    public void NotFound(string field, JsonNode? value) => Add(FieldError.NotFound(field, value));

    public void TooLong(string field, int most) => Add(FieldError.TooLong(field, most));

    public void Unsupported(string field, JsonNode? value, params IEnumerable<string> supported) =>
        Add(FieldError.NotSupported(field, value, supported));

    /// <summary>Refuses the object (422) when anything was found.</summary>
    public void ThrowIfAny(ResourceType type, string name) => ThrowIfAny(type.Group, type.Kind, name);

    public void ThrowIfAny(string group, string kind, string name)
    {
        if (Any)
            throw Fault(group, kind, name);
    }

    public ApiFault Fault(string group, string kind, string name) => FieldError.Fault(group, kind, name, _errors);
}
