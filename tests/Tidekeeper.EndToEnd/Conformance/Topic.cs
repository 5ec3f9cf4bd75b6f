using System.Text.Json.Nodes;
using Tidekeeper.Playground.Server;

namespace Tidekeeper.EndToEnd.Conformance;

/// <summary>A folder's text file of requests about one thing, in the order in which they are sent.</summary>
/// <param name="Real">Words for the real server alone: what has another name in its version.</param>
/// <param name="Here">The same words for the playground.</param>
internal sealed record Topic(
    string Name,
    IReadOnlyDictionary<string, string> Words,
    IReadOnlyDictionary<string, string> Real,
    IReadOnlyDictionary<string, string> Here,
    IReadOnlyList<Step> Steps)
{
    public static string Folder { get; } =
        Path.Combine(ControlPlane.Repository, "tests", "Tidekeeper.EndToEnd", "Conformance", "topics");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.yaml")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static Topic Read(string name)
    {
        var file = Yaml(Path.Combine(Folder, name + ".yaml")).AsObject();
        var words = Step.Table(file["words"]);
        words["ns"] = name;
        var steps = file["steps"]!.AsArray().Select(each => Step.Read(each!.AsObject())).ToList();
        if (steps.CountBy(step => step.Name).FirstOrDefault(count => count.Value > 1).Key is { } twice)
            throw new FormatException($"{name}: two steps are called '{twice}'");
        return new Topic(name, words, Step.Table(file["real"]), Step.Table(file["here"]), steps);
    }

    public static JsonNode Yaml(string file)
    {
        try
        {
            return JsonNode.Parse(YamlBody.ToJson(File.ReadAllBytes(file)))!;
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or ArgumentException)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }
}

/// <summary>One request of a topic. A word like <c>$ns</c> in path or body stands for what was kept before.</summary>
/// <param name="Target">Path and query.</param>
internal sealed record Step(string Name, string Method, string Target)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "WATCH"];

    private static readonly SortedDictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["json"] = "application/json",
        ["yaml"] = "application/yaml",
        ["json-patch"] = "application/json-patch+json",
        ["merge"] = "application/merge-patch+json",
        ["strategic"] = "application/strategic-merge-patch+json",
        ["apply"] = "application/apply-patch+yaml",
    };

    private static readonly SortedDictionary<string, string> Forms = new(StringComparer.Ordinal)
    {
        ["table"] = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
        ["metadata"] = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json",
        ["metadata-list"] = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json",
    };

    public string Body { get; private init; } = "";
    public string ContentType { get; private init; } = "application/json";
    public string Accept { get; private init; } = "application/json";

    /// <summary>Words by the place in the answer at which their value is.</summary>
    public IReadOnlyDictionary<string, string> Keep { get; private init; } = new SortedDictionary<string, string>();

    /// <summary>What the answer must say; the request is repeated until it does.</summary>
    public IReadOnlyDictionary<string, string> Until { get; private init; } = new SortedDictionary<string, string>();

    /// <summary>How many events a watch is read for; all until its end when it is 0.</summary>
    public int Events { get; private init; }

    public static Step Read(JsonObject step)
    {
        string[] known = ["step", "type", "body", "as", "keep", "until", "events", .. Methods];
        if (step.FirstOrDefault(field => !known.Contains(field.Key)).Key is { } unknown)
            throw new FormatException($"{step["step"]}: unknown field '{unknown}'");
        var method = Methods.Single(step.ContainsKey);
        var type = (string?)step["type"] ?? (method == "PATCH" ? "merge" : "json");
        return new Step((string)step["step"]!, method, (string)step[method]!)
        {
            // What is no JSON or YAML on purpose is a text here.
            Body = step["body"] switch
            {
                null => "",
                JsonValue text when text.TryGetValue<string>(out var raw) => raw,
                var tree => tree.ToJsonString(),
            },
            ContentType = Types.GetValueOrDefault(type, type),
            Accept = (string?)step["as"] is { } form ? Forms.GetValueOrDefault(form, form) : "application/json",
            Keep = Table(step["keep"]),
            Until = Table(step["until"]),
            Events = (int?)step["events"] ?? 0,
        };
    }

    public static SortedDictionary<string, string> Table(JsonNode? map)
    {
        var table = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map?.AsObject() ?? [])
            table[key] = value?.ToString() ?? "";
        return table;
    }
}
