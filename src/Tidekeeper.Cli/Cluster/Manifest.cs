using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tidekeeper.Cli.Cluster;

/// <summary>
/// Reads Kubernetes objects from a YAML or JSON file, or from those of a folder; <c>-</c> is the standard input.
/// </summary>
internal static class Manifest
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    public static IReadOnlyList<JsonObject> Read(string file)
    {
        if (file == "-")
            return Parse("standard input", Console.In.ReadToEnd());
        if (Directory.Exists(file))
            return ReadFolder(file);
        if (!File.Exists(file))
            throw new CommandFailure(ExitCodes.Usage, $"-f {file}: there is no such file");
        try
        {
            return Parse(file, File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Usage, $"-f {file}: it cannot be read: {e.Message}");
        }
    }

    /// <summary>As kubectl does: the files of the folder itself, by their names.</summary>
    private static JsonObject[] ReadFolder(string folder)
    {
        var files = Directory.GetFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f)))
            .Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0
            ? [.. files.SelectMany(Read)]
            : throw new CommandFailure(ExitCodes.Usage,
                $"-f {folder}: there is no file in it that ends with {string.Join(", ", Extensions)}");
    }

    public static IReadOnlyList<JsonObject> Parse(string source, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new CommandFailure(ExitCodes.Refused,
                $"{source}, line {e.Start.Line}, column {e.Start.Column}: this is not YAML: {e.Message}");
        }

        List<JsonObject> objects = [];
        foreach (var document in stream.Documents)
        {
            if (ToJson(source, document.RootNode) is not JsonObject item)
                continue;
            if (item["items"] is JsonArray items && item["kind"] is JsonValue kind && kind.ToString() == "List")
                objects.AddRange(items.OfType<JsonObject>().Select(i => i.DeepClone().AsObject()));
            else
                objects.Add(item);
        }

        foreach (var item in objects)
            Check(source, item);
        return objects.Count > 0
            ? objects
            : throw new CommandFailure(ExitCodes.Refused, $"{source}: there is no Kubernetes object in it");
    }

    private static void Check(string source, JsonObject item)
    {
        foreach (var field in (string[])["apiVersion", "kind"])
            RequireText(source, field, item[field], "every Kubernetes object has one");
        if (item["metadata"] is not JsonObject metadata)
            throw new CommandFailure(ExitCodes.Refused, $"{source}: metadata is missing; write at least metadata.name");
        RequireText(source, "metadata.name", metadata["name"], "give the object a name");
        if (metadata["namespace"] is { } ns)
            RequireText(source, "metadata.namespace", ns, "name a namespace");
    }

    private static void RequireText(string source, string field, JsonNode? value, string remedy)
    {
        if (value is null)
            throw new CommandFailure(ExitCodes.Refused, $"{source}: {field} is missing; {remedy}");
        if (value.GetValueKind() != JsonValueKind.String)
        {
            throw new CommandFailure(ExitCodes.Refused,
                $"{source}: {field}: {value.ToJsonString()} is no text; put it in quotes");
        }
    }

    private static string Key(string source, YamlNode key) => key is YamlScalarNode { Value: { } text }
        ? text
        : throw new CommandFailure(ExitCodes.Refused,
            $"{source}, line {key.Start.Line}, column {key.Start.Column}: this field's name is no text");

    private static JsonNode? ToJson(string source, YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c =>
            new KeyValuePair<string, JsonNode?>(Key(source, c.Key), ToJson(source, c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => ToJson(source, item))]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => null,
    };

    // YAML 1.2 core schema; what Kubernetes tools agree on. Quoted scalars are always strings.
    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (text is "true" or "True" or "TRUE")
            return JsonValue.Create(true);
        if (text is "false" or "False" or "FALSE")
            return JsonValue.Create(false);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (char.IsAsciiDigit(text[^1])
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return JsonValue.Create(number);
        return JsonValue.Create(text);
    }
}
