using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tidekeeper.Cli.Cluster;

/// <summary>Reads Kubernetes objects from a YAML or JSON file; <c>-</c> is the standard input.</summary>
internal static class Manifest
{
    public static IReadOnlyList<JsonObject> Read(string file)
    {
        if (file != "-" && !File.Exists(file))
            throw new CommandFailure(ExitCodes.Usage, $"-f {file}: there is no such file");
        return Parse(file, file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file));
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
            if (ToJson(document.RootNode) is not JsonObject item)
                continue;
            if ((string?)item["kind"] == "List" && item["items"] is JsonArray items)
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
        {
            if (item[field] is not JsonValue)
                throw new CommandFailure(ExitCodes.Refused,
                    $"{source}: {field} is missing; every Kubernetes object has one");
        }

        if (item["metadata"]?["name"] is not JsonValue)
            throw new CommandFailure(ExitCodes.Refused, $"{source}: metadata.name is missing");
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c =>
            new KeyValuePair<string, JsonNode?>(((YamlScalarNode)c.Key).Value ?? "", ToJson(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
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
