using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Crd.Cel;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd;

/// <summary>
/// Evaluates a schema's CEL rules over an object; transition rules only where there was a value before.
/// </summary>
internal sealed class RuleValidation
{
    private readonly SortedDictionary<string, CelProgram?> _programs = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors = [];

    /// <param name="exists">False when the object is created: <paramref name="old"/> is then of no account.</param>
    public IReadOnlyList<FieldError> Validate(Schema schema, JsonObject value, JsonObject? old, bool exists)
    {
        _errors.Clear();
        Visit(schema, value, old, exists, "");
        return [.. _errors];
    }

    private void Visit(Schema schema, JsonNode? value, JsonNode? old, bool hasOld, string path)
    {
        if (value is null)
            return;
        foreach (var rule in schema.Rules)
            Check(schema, rule, value, hasOld ? old : null, path);
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, child) in o)
                {
                    if (schema.Child(name) is not { } known)
                        continue;
                    var before = (old as JsonObject)?[name];
                    var at = schema.Property(name) is null ? $"{path}[{name}]" : SchemaValidation.Join(path, name);
                    Visit(known, child, before, before is not null, at);
                }

                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    var before = Predecessor(schema, list[i], old as JsonArray);
                    Visit(items, list[i], before, before is not null, $"{path}[{i}]");
                }

                break;
        }
    }

    // Only elements that have an identity, those of a map list, can be followed from the old list to the new one.
    private static JsonNode? Predecessor(Schema schema, JsonNode? item, JsonArray? old) =>
        schema.ListType == "map" && old is not null
            ? old.FirstOrDefault(other => schema.ListMapKeys.All(key =>
                JsonNode.DeepEquals(Key(schema, item, key), Key(schema, other, key))))
            : null;

    internal static JsonNode? Key(Schema list, JsonNode? item, string key) =>
        (item as JsonObject)?[key] ?? list.Items?.Property(key)?.Default;

    private void Check(Schema schema, SchemaRule rule, JsonNode value, JsonNode? old, string path)
    {
        if (Program(rule.Rule) is not { } program
            || (program.UsesOldSelf && old is null && !rule.OptionalOldSelf))
            return;

        // As in the schema: what nobody touched does not stop an update.
        if (!program.UsesOldSelf && old is not null && JsonNode.DeepEquals(value, old))
            return;
        var sentence = rule.Message is { Length: > 0 } message ? message.Trim() : null;
        try
        {
            if (program.Evaluate(schema, value, old, rule.OptionalOldSelf) is true)
                return;
            Add(rule, schema, path, Explain(rule, schema, value, old) ?? sentence
                ?? $"failed rule: {rule.Rule.Trim()}");
        }
        catch (CelFault fault)
        {
            var what = sentence ?? rule.Rule.Trim();
            _errors.Add(FieldError.Invalid(Show(path), schema.Type,
                fault.Message.StartsWith("no such overload", StringComparison.Ordinal)
                    ? $"'{fault.Message}': call arguments did not match a supported operator, function or macro " +
                        $"signature for rule: {what}"
                    : $"{fault.Message} evaluating rule: {what}"));
        }
    }

    // A message that cannot be computed gives way to the fixed one.
    private string? Explain(SchemaRule rule, Schema schema, JsonNode value, JsonNode? old)
    {
        try
        {
            return rule.MessageExpression is { Length: > 0 } expression
                && Program(expression)?.Evaluate(schema, value, old, rule.OptionalOldSelf) is string text
                && text.Trim().Length > 0 && !text.Contains('\n', StringComparison.Ordinal)
                    ? text.Trim() : null;
        }
        catch (CelFault)
        {
            return null;
        }
    }

    private void Add(SchemaRule rule, Schema schema, string path, string detail)
    {
        var at = rule.FieldPath is { Length: > 0 } relative
            ? (path + relative).TrimStart('.') : path;
        _errors.Add(rule.Reason switch
        {
            "FieldValueRequired" => FieldError.Required(Show(at), detail),
            "FieldValueForbidden" => FieldError.Forbidden(Show(at), detail),
            "FieldValueDuplicate" => FieldError.Duplicate(Show(at), schema.Type),
            _ => FieldError.Invalid(Show(at), schema.Type, detail),
        });
    }

    // A rule that cannot be read was refused when its definition was written.
    private CelProgram? Program(string text)
    {
        if (_programs.TryGetValue(text, out var known))
            return known;
        try
        {
            return _programs[text] = CelProgram.Parse(text);
        }
        catch (CelFault)
        {
            return _programs[text] = null;
        }
    }

    private static string Show(string path) => path.Length == 0 ? "<nil>" : path;
}
