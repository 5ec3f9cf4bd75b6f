using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>Removes what a schema does not know, and says what it was.</summary>
public sealed class Pruning
{
    private readonly List<string> _dropped = [];

    private Pruning() { }

    /// <summary>
    /// Drops unknown fields of a builtin kind. Returns their paths (<c>spec.template.spec.containers[0].imag</c>) in
    /// the
    /// order of the document.
    /// </summary>
    public static IReadOnlyList<string> Drop(Schema schema, JsonObject value)
    {
        var pruning = new Pruning();
        pruning.Object(schema, value, "", false);
        return pruning._dropped;
    }

    /// <summary>
    /// Drops unknown fields of a custom resource: apiVersion, kind and metadata are known whatever the schema says.
    /// Returns the paths sorted, as the real server does here.
    /// </summary>
    public static IReadOnlyList<string> DropCustom(Schema schema, JsonObject value)
    {
        var pruning = new Pruning();
        pruning.Object(schema, value, "", true);
        pruning._dropped.Sort(StringComparer.Ordinal);
        return pruning._dropped;
    }

    /// <summary>The sentence of a strict refusal or a warning: <c>unknown field "spec.x"</c>.</summary>
    public static string Sentence(string path) => $"unknown field \"{path}\"";

    private void Value(Schema schema, JsonNode? value, string path)
    {
        switch (value)
        {
            case JsonObject o:
                Object(schema, o, path, schema.EmbeddedResource);
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                    Value(items, list[i], $"{path}[{i}]");
                break;
        }
    }

    private void Object(Schema schema, JsonObject value, string path, bool resource)
    {
        var keep = schema.PreserveUnknownFields || (schema.Type is null && schema.Properties.Count == 0);
        List<string>? unknown = null;
        foreach (var (name, child) in value)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (resource && name is "apiVersion" or "kind")
                continue;
            if (resource && name == "metadata")
                Value(BuiltinSchemas.ObjectMeta, child, at);
            else if (schema.Child(name) is { } known)
                Value(known, child, at);
            else if (!keep)
                (unknown ??= []).Add(name);
        }

        foreach (var name in unknown ?? [])
        {
            value.Remove(name);
            _dropped.Add(path.Length == 0 ? name : $"{path}.{name}");
        }
    }
}
