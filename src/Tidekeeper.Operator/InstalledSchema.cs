using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>
/// Whether the definition of a kind that is installed is the one that this operator was made with. What an older one
/// does not know the API server drops without a word, so that nobody would ever learn why a field does nothing.
/// </summary>
public sealed class InstalledSchema(
    KubeApi api, ServedApis served, Resource kind, JsonObject own, OperatorLog log, Health health, TimeProvider time)
{
    private const int Named = 5;

    // A definition that has just been made is told of after some seconds; some servers never tell of one.
    private const int Looks = 10;
    private static readonly TimeSpan ForPublication = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForPeople = TimeSpan.FromSeconds(30);
    private bool _isSettled;
    private string _newer = "";

    /// <summary>Looks again until the present definition is installed, or the server is found not to tell.</summary>
    /// <param name="changed">There is another notice, or none any more.</param>
    public async Task Follow(Action changed, CancellationToken cancel)
    {
        try
        {
            for (var looks = 1; !_isSettled && (health.Notice.Length > 0 || looks < Looks); looks++)
            {
                await Task.Delay(health.Notice.Length > 0 ? ForPeople : ForPublication, time, cancel);
                var before = health.Notice;
                await Compare(cancel);
                if (health.Notice != before)
                    changed();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The operator ends.
        }
    }

    public async Task Compare(CancellationToken cancel)
    {
        try
        {
            var answer = await Ask($"/openapi/v3/apis/{kind.ApiVersion}", cancel);
            // Servers before 1.24 tell only everything at once.
            if (answer.IsNotFound)
                answer = await Ask("/openapi/v2", cancel);
            if (!answer.Succeeded)
                _isSettled = answer.Refusal!.Status < 500;
            else if (answer.Value is { } found)
                Tell(found);
        }
        catch (KubeException e)
        {
            log.Info("does without comparing the CRD", ("why", e.Message));
        }
    }

    private Task<Answer<Found?>> Ask(string path, CancellationToken cancel) =>
        api.Send(new KubeRequest("GET", path), document => Read(document, kind, own), cancel);

    private void Tell(Found found)
    {
        var notice = found.Lacking.Count == 0 ? ""
            : $"the installed CRD of {kind.Kind} is older than this operator: the API server drops "
                + $"{Some(found.Lacking)}; install the present one: {DefinitionInstall.Instead(served)}";
        if (notice.Length > 0 && notice != health.Notice)
            log.Warn("the CRD is old", ("why", notice));
        else if (notice.Length == 0 && health.Notice.Length > 0)
            log.Info("the CRD is the present one");
        health.Notice = notice;
        var newer = found.Unknown.Count == 0 ? ""
            : $"the installed CRD of {kind.Kind} is newer than this operator, which does nothing with "
                + $"{Some(found.Unknown)}; upgrade the operator";
        if (newer.Length > 0 && newer != _newer)
            log.Warn("the CRD is new", ("why", newer));
        _newer = newer;
        _isSettled = notice.Length == 0;
    }

    private static string Some(List<string> fields) => string.Join(", ", fields.Take(Named))
        + (fields.Count > Named ? $" and {fields.Count - Named} fields more" : "");

    private static Found? Read(JsonElement document, Resource kind, JsonObject own)
    {
        if (!document.TryGetProperty("definitions", out var schemas)
            && (!document.TryGetProperty("components", out var components)
                || !components.TryGetProperty("schemas", out schemas)))
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
