using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>
/// Whether the definition of a kind that is installed is the one that this operator was made with. What an older one
/// does not know the API server drops without a word, so that nobody would ever learn why a field does nothing.
/// </summary>
public sealed class InstalledSchema(KubeApi api, OperatorLog log, Health health)
{
    private const int Named = 5;

    /// <param name="own">The schema that this operator knows.</param>
    public async Task Compare(Resource kind, JsonObject own, CancellationToken cancel)
    {
        try
        {
            var request = new KubeRequest("GET", $"/openapi/v3/apis/{kind.ApiVersion}");
            var answer = await api.Send(request, document => Read(document, kind, own), cancel);
            // Servers before 1.24 do not tell.
            if (!answer.Succeeded || answer.Value is not { } found)
                return;
            health.Notice = found.Lacking.Count == 0 ? ""
                : $"the installed CRD of {kind.Kind} is older than this operator: the API server drops "
                    + $"{Some(found.Lacking)}; install the present one: tide crd | kubectl apply --server-side -f -";
            if (health.Notice.Length > 0)
                log.Warn("the CRD is old", ("why", health.Notice));
            if (found.Unknown.Count > 0)
                log.Warn("the CRD is new", ("why", $"the installed CRD of {kind.Kind} is newer than this operator, "
                    + $"which does nothing with {Some(found.Unknown)}; upgrade the operator"));
        }
        catch (KubeException e)
        {
            log.Info("does without comparing the CRD", ("why", e.Message));
        }
    }

    private static string Some(List<string> fields) => string.Join(", ", fields.Take(Named))
        + (fields.Count > Named ? $" and {fields.Count - Named} fields more" : "");

    private static Found? Read(JsonElement document, Resource kind, JsonObject own)
    {
        if (!document.TryGetProperty("components", out var components)
            || !components.TryGetProperty("schemas", out var schemas))
            return null;
        foreach (var schema in schemas.EnumerateObject())
        {
            if (!schema.Name.EndsWith("." + kind.Kind, StringComparison.Ordinal))
                continue;
            var found = new Found([], []);
            foreach (var part in (ReadOnlySpan<string>)["spec", "status"])
            {
                if (own["properties"]?[part] is JsonObject known && Child(schema.Value, part) is { } served)
                    Walk(known, served, part, found);
            }

            return found;
        }

        return null;
    }

    private static void Walk(JsonObject known, JsonElement served, string path, Found found)
    {
        if (known["items"] is JsonObject items && served.TryGetProperty("items", out var servedItems))
            Walk(items, servedItems, path + "[]", found);
        if (known["additionalProperties"] is JsonObject values
            && served.TryGetProperty("additionalProperties", out var servedValues))
            Walk(values, servedValues, path + "{}", found);
        if (known["properties"] is not JsonObject properties || IsFree(served))
            return;
        foreach (var (name, child) in properties)
        {
            if (Child(served, name) is not { } there)
                found.Lacking.Add($"{path}.{name}");
            else
                Walk((JsonObject)child!, there, $"{path}.{name}", found);
        }

        if (!served.TryGetProperty("properties", out var all))
            return;
        found.Unknown.AddRange(all.EnumerateObject().Where(one => !properties.ContainsKey(one.Name))
            .Select(one => $"{path}.{one.Name}"));
    }

    private static bool IsFree(JsonElement schema) =>
        schema.TryGetProperty("x-kubernetes-preserve-unknown-fields", out var free)
        && free.ValueKind == JsonValueKind.True;

    private static JsonElement? Child(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var child)
            ? child : null;

    private sealed record Found(List<string> Lacking, List<string> Unknown);
}
