using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>A parsed field selector: <c>metadata.name=x,status.phase!=Failed</c>.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string Field, bool IsEqual, string Value)> _terms = [];

    public bool IsEmpty => _terms.Count == 0;

    public bool Matches(JsonObject item) =>
        _terms.TrueForAll(each => string.Equals(Read(item, each.Field), each.Value, StringComparison.Ordinal)
            == each.IsEqual);

    /// <summary>Throws <see cref="ApiFault"/> for a field that the resource cannot be selected by.</summary>
    public static FieldSelector Parse(string text, ResourceType type)
    {
        var selector = new FieldSelector();
        foreach (var term in Split(text))
        {
            if (term.Length == 0)
                continue;
            var at = term.IndexOf('=');
            if (at <= 0)
                throw ApiFault.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            var isNot = term[at - 1] == '!';
            var field = term[..(isNot ? at - 1 : at)];
            var value = term[(at + (at + 1 < term.Length && term[at + 1] == '=' ? 2 : 1))..];
            Check(field, type);
            selector._terms.Add((field, !isNot, Unescape(value)));
        }

        return selector;
    }

    private static void Check(string field, ResourceType type)
    {
        if (field is "metadata.name" or "metadata.namespace" || type.SelectableFields.Contains(field))
            return;
        throw ApiFault.BadRequest(type.SelectableFields.Count == 0 && !type.IsCustom
            ? $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            : $"field label not supported: {field}");
    }

    private static string Read(JsonObject item, string field)
    {
        var node = field switch
        {
            "source" => item.At("source", "component") ?? item["reportingComponent"],
            "reportingComponent" => item["reportingComponent"] ?? item.At("source", "component"),
            _ => item.At(field.Split('.')),
        };
        if (node is null)
            return field is "spec.unschedulable" or "spec.hostNetwork" ? "false" : "";
        return node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
    }

    private static IEnumerable<string> Split(string text)
    {
        var term = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == ',')
            {
                yield return term.ToString();
                term.Clear();
                continue;
            }

            term.Append(text[at]);
            if (text[at] == '\\' && at + 1 < text.Length)
                term.Append(text[++at]);
        }

        yield return term.ToString();
    }

    private static string Unescape(string value) =>
        value.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal)
            .Replace("\\\\", "\\", StringComparison.Ordinal);
}
