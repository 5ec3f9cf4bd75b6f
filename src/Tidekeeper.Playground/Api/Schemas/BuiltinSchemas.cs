using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Schemas;

/// <summary>
/// The field names and types of Kubernetes' own kinds, from the embedded <c>kubernetes-1.36.json</c>.
/// </summary>
public static class BuiltinSchemas
{
    private static readonly Lazy<Catalog> _catalog = new(Catalog.Load);

    /// <summary>Null when the kind is not known: it is then kept as it comes.</summary>
    public static Schema? Find(string group, string version, string kind) =>
        _catalog.Value.Kinds.GetValueOrDefault((group, version, kind));

    /// <summary>By full name, for example <c>io.k8s.api.core.v1.PodSpec</c>.</summary>
    public static Schema? Definition(string name) => _catalog.Value.Definitions.GetValueOrDefault(name);

    public static Schema ObjectMeta { get; } = Definition("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")!;

    /// <summary>All definitions in the order of their names.</summary>
    public static IReadOnlyList<KeyValuePair<string, Schema>> All => [.. _catalog.Value.Definitions];

    private sealed record Catalog(
        SortedDictionary<string, Schema> Definitions,
        SortedDictionary<(string Group, string Version, string Kind), Schema> Kinds)
    {
        public static Catalog Load()
        {
            using var stream = typeof(BuiltinSchemas).Assembly.GetManifestResourceStream("kubernetes-1.36.json")
                ?? throw new InvalidOperationException("the embedded resource kubernetes-1.36.json is missing");
            var document = (JsonObject)JsonNode.Parse(stream)!;
            var definitions = new SortedDictionary<string, Schema>(StringComparer.Ordinal);
            var kinds = new SortedDictionary<(string, string, string), Schema>(
                Comparer<(string Group, string Version, string Kind)>.Create((a, b) =>
                    string.CompareOrdinal($"{a.Group}/{a.Version}/{a.Kind}", $"{b.Group}/{b.Version}/{b.Kind}")));
            foreach (var (name, source) in document)
            {
                var schema = Schema.Read((JsonObject)source!, n => definitions.GetValueOrDefault(n), name);
                definitions.Add(name, schema);
                foreach (var id in source!["x-kubernetes-group-version-kind"] as JsonArray ?? [])
                    kinds[((string)id!["group"]!, (string)id["version"]!, (string)id["kind"]!)] = schema;
            }

            return new Catalog(definitions, kinds);
        }
    }
}
