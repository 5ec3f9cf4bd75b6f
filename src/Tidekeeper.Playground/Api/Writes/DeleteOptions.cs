using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>How a delete is meant: from its body and its query, the query first.</summary>
internal sealed record DeleteOptions
{
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public long? GraceSeconds { get; init; }

    /// <summary><c>Orphan</c>, <c>Background</c>, <c>Foreground</c>; null for what the kind does by default.</summary>
    public string? Propagation { get; init; }

    public static DeleteOptions Read(ApiRequest request, JsonObject? body)
    {
        var grace = request.Option("gracePeriodSeconds") is { } text && long.TryParse(text, out var seconds)
            ? seconds
            : body.Number("gracePeriodSeconds");
        var propagation = request.Option("propagationPolicy") ?? body.Text("propagationPolicy");
        var orphans = body.Flag("orphanDependents")
            ?? (request.Option("orphanDependents") is { } orphan ? orphan == "true" : null);
        var errors = new FieldErrors();
        if (propagation is not null && orphans is not null)
        {
            errors.Invalid("propagationPolicy", propagation,
                "orphanDependents and deletionPropagation cannot be both set");
        }

        if (propagation is not (null or "Orphan" or "Background" or "Foreground"))
            errors.Unsupported("propagationPolicy", propagation, "Foreground", "Background", "Orphan", "nil");
        foreach (var dry in body.TextsAt("dryRun").Where(each => each != "All"))
            errors.Unsupported("dryRun", new JsonArray(dry), "All");
        errors.ThrowIfAny("meta.k8s.io", "DeleteOptions", "");

        return new DeleteOptions
        {
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
            GraceSeconds = grace,
            Propagation = propagation ?? (orphans == true ? "Orphan" : null),
        };
    }
}
