using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Schemas;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Ownership;

/// <summary>One manager's entry: who, how, and which fields.</summary>
internal sealed record FieldOwner(string Manager, string Operation, string ApiVersion, string Subresource)
{
    public required FieldSet Fields { get; init; }
    public string? Time { get; init; }

    public bool IsApplier => Operation == "Apply";

    /// <summary>
    /// An applier is the same whatever version it applies; who updates is another one in each version.
    /// </summary>
    public bool IsSameAs(FieldOwner other) => Manager == other.Manager && Operation == other.Operation
        && Subresource == other.Subresource && (IsApplier || ApiVersion == other.ApiVersion);

    /// <summary>As in the message of a conflict.</summary>
    public override string ToString()
    {
        var name = RelaxedJson.Quote(Manager);
        if (Subresource.Length > 0)
            name += " with subresource " + RelaxedJson.Quote(Subresource);
        return IsApplier ? name : name + " using " + ApiVersion;
    }
}

/// <summary>Reads and writes <c>metadata.managedFields</c>.</summary>
internal static class ManagedFields
{
    public static List<FieldOwner> Read(JsonObject item) =>
    [
        .. item.ObjectsAt("metadata", "managedFields").Select(each => new FieldOwner(
            each.Text("manager") ?? "", each.Text("operation") ?? "", each.Text("apiVersion") ?? "",
            each.Text("subresource") ?? "")
        {
            Fields = FieldSet.FromJson(each.ObjectAt("fieldsV1")),
            Time = each.Text("time"),
        }),
    ];

    /// <summary>Appliers first, then by time and name, as the real server sorts them.</summary>
    public static void Write(JsonObject item, IEnumerable<FieldOwner> owners)
    {
        var entries = new JsonArray([.. owners.Where(each => !each.Fields.IsEmpty)
            .OrderBy(each => each.IsApplier ? 0 : 1)
            .ThenBy(each => each.Time ?? "", StringComparer.Ordinal)
            .ThenBy(each => each.Manager, StringComparer.Ordinal)
            .ThenBy(each => each.ApiVersion, StringComparer.Ordinal)
            .ThenBy(each => each.Subresource, StringComparer.Ordinal)
            .Select(each => (JsonNode)Entry(each))]);
        if (entries.Count > 0)
            item.Metadata()["managedFields"] = entries;
        else
            item.Metadata().Remove("managedFields");
    }

    /// <summary>
    /// No more than ten who update: beyond that the oldest of one version become one, called "ancient-changes".
    /// </summary>
    public static IEnumerable<FieldOwner> Capped(IReadOnlyList<FieldOwner> owners)
    {
        const int Most = 10;
        var updaters = owners.Where(each => !each.IsApplier && !each.Fields.IsEmpty)
            .OrderBy(each => each.Time ?? "", StringComparer.Ordinal).ToList();
        var excess = updaters.Count - Most;
        if (excess <= 0)
            return owners;
        var buckets = new SortedDictionary<string, FieldOwner>(StringComparer.Ordinal);
        var merged = new List<FieldOwner>();
        foreach (var owner in updaters)
        {
            if (excess < 0 || (excess == 0 && merged.Count > 0))
                break;
            if (buckets.TryGetValue(owner.ApiVersion, out var bucket))
            {
                excess--;
                var fields = bucket.Fields.Union(owner.Fields);
                buckets[owner.ApiVersion] = bucket with { Fields = fields, Time = owner.Time };
            }
            else
                buckets[owner.ApiVersion] = owner with { Manager = "ancient-changes", Subresource = "" };
            merged.Add(owner);
        }

        return [.. owners.Except(merged), .. buckets.Values];
    }

    private static JsonObject Entry(FieldOwner owner)
    {
        var entry = new JsonObject
        {
            ["manager"] = owner.Manager,
            ["operation"] = owner.Operation,
            ["apiVersion"] = owner.ApiVersion,
        };
        if (owner.Time is not null)
            entry["time"] = owner.Time;
        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = owner.Fields.ToJson();
        if (owner.Subresource.Length > 0)
            entry["subresource"] = owner.Subresource;
        return entry;
    }
}
