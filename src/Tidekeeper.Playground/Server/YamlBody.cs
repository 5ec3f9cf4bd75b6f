using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Api.Schemas;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tidekeeper.Playground.Server;

/// <summary>Turns YAML into the JSON that the API works on, with the scalar rules of YAML 1.2's core schema.</summary>
public static partial class YamlBody
{
    /// <summary>The first document as JSON. Throws <see cref="YamlException"/> with line and column.</summary>
    public static byte[] ToJson(byte[] yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Encoding.UTF8.GetString(yaml)));
        var root = stream.Documents.Count == 0 ? null : Node(stream.Documents[0].RootNode);
        return Encoding.UTF8.GetBytes(root?.ToJsonString(RelaxedJson.Options) ?? "null");
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children
            .Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", Node(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => null,
    };

    private static JsonNode? Scalar(YamlScalarNode node)
    {
        var text = node.Value ?? "";
        if (node.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted or ScalarStyle.Literal
            or ScalarStyle.Folded || node.Tag == "tag:yaml.org,2002:str")
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when Whole().IsMatch(text) && long.TryParse(text, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            _ when Real().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var real) =>
                JsonValue.Create(real),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex(@"^[-+]?[0-9]+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();
}
