using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tidekeeper.Kube.Http;

/// <summary>A mapping of a kubeconfig file that knows where it stands, so that errors name file and field.</summary>
internal sealed class YamlSection
{
    private readonly YamlMappingNode _node;
    private readonly string _file;
    private readonly string _field;

    private YamlSection(YamlMappingNode node, string file, string field) =>
        (_node, _file, _field) = (node, file, field);

    /// <summary>File and field: <c>/home/me/.kube/config: users[0].user</c>.</summary>
    public string Origin => _field.Length == 0 ? _file : $"{_file}: {_field}";

    public static YamlSection Parse(string file, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            // kubectl takes an empty file for an empty configuration.
            if (stream.Documents.Count == 0)
                return new(new YamlMappingNode(), file, "");
            return stream.Documents[0].RootNode is YamlMappingNode mapping
                ? new(mapping, file, "")
                : throw new ConfigException($"{file}: is no kubeconfig: a mapping was expected");
        }
        catch (YamlException e)
        {
            throw new ConfigException($"{file}: line {e.Start.Line}: is no YAML: {e.Message}", e);
        }
    }

    public string? Text(string field) => Node(field) switch
    {
        null => null,
        YamlScalarNode { Value: "" or "null" or "~" or null, Style: ScalarStyle.Plain } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new ConfigException($"{At(field)}: a text was expected"),
    };

    public string Required(string field) =>
        Text(field) is { Length: > 0 } text ? text : throw new ConfigException($"{At(field)}: is missing");

    public bool Flag(string field) => Text(field) switch
    {
        null or "" or "false" => false,
        "true" => true,
        var other => throw new ConfigException($"{At(field)}: '{other}' is neither true nor false"),
    };

    public YamlSection? Section(string field) => Node(field) switch
    {
        null or YamlScalarNode => null,
        YamlMappingNode mapping => new(mapping, _file, Name(field)),
        _ => throw new ConfigException($"{At(field)}: a mapping was expected"),
    };

    public IReadOnlyList<YamlSection> List(string field)
    {
        if (Node(field) is not YamlSequenceNode items)
            return [];
        List<YamlSection> sections = [];
        foreach (var item in items.Children)
            sections.Add(item is YamlMappingNode mapping
                ? new(mapping, _file, $"{Name(field)}[{sections.Count}]")
                : throw new ConfigException($"{At(field)}[{sections.Count}]: a mapping was expected"));
        return sections;
    }

    public IReadOnlyList<string> Texts(string field) =>
        Node(field) is YamlSequenceNode items
            ? [.. items.Children.Select(i => (i as YamlScalarNode)?.Value
                ?? throw new ConfigException($"{At(field)}: a list of texts was expected"))]
            : [];

    /// <summary>A path; a relative one is relative to the file that it stands in.</summary>
    public string? Path(string field) =>
        Text(field) is { Length: > 0 } path ? System.IO.Path.Combine(Folder, path) : null;

    /// <summary>A program: looked up in PATH unless it holds a slash.</summary>
    public string Command(string field)
    {
        var command = Required(field);
        return command.Contains('/', StringComparison.Ordinal) ? System.IO.Path.Combine(Folder, command) : command;
    }

    /// <summary>
    /// The text in <c>field-data</c> (base64), else that of the file named by <c>field</c>; null for neither.
    /// </summary>
    public string? DataOrFile(string field)
    {
        if (Text($"{field}-data") is { Length: > 0 } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw new ConfigException($"{At($"{field}-data")}: is no base64", e);
            }
        }

        if (Path(field) is not { } path)
            return null;
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{At(field)}: {path} cannot be read: {e.Message}", e);
        }
    }

    private string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_file)) ?? "";

    private string Name(string field) => _field.Length == 0 ? field : $"{_field}.{field}";

    private string At(string field) => $"{_file}: {Name(field)}";

    private YamlNode? Node(string field) =>
        _node.Children.TryGetValue(new YamlScalarNode(field), out var node) ? node : null;
}
