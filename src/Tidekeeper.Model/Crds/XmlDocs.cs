using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Tidekeeper.Model.Crds;

/// <summary>The doc comments of the C# types, which are the descriptions of the CRD's fields.</summary>
public sealed class XmlDocs
{
    /// <summary>For uses of the schema where nobody reads descriptions.</summary>
    public static readonly XmlDocs None = new(new SortedDictionary<string, string>(StringComparer.Ordinal));

    private readonly SortedDictionary<string, string> _summaries;

    private XmlDocs(SortedDictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the file that the compiler writes beside the assembly.</summary>
    public static XmlDocs BesideAssembly()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Tidekeeper.Model.xml");
        return File.Exists(path)
            ? Parse(File.ReadAllText(path))
            : throw new FileNotFoundException(
                $"{path} is missing: it holds the descriptions of the CRD's fields and is made by the build");
    }

    public static XmlDocs Parse(string xml)
    {
        var summaries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in XDocument.Parse(xml).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
                summaries[name] = Text(summary);
        }

        return new XmlDocs(summaries);
    }

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}");

    public string? Of(PropertyInfo property) =>
        _summaries.GetValueOrDefault($"P:{property.DeclaringType?.FullName}.{property.Name}");

    private static string Text(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
        {
            if (node is XText words) text.Append(words.Parent!.Name == "c" ? $"`{words.Value}`" : words.Value);
            if (node is XElement { Name.LocalName: "see" } see)
                text.Append(see.Attribute("cref")?.Value.Split('.')[^1]);
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
