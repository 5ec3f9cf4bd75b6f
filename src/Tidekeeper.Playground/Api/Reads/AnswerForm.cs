using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>
/// How the client wants objects to be shown, from its Accept header: whole, metadata only, or as a table.
/// </summary>
internal sealed class AnswerForm
{
    private enum Kind
    {
        Whole,
        Metadata,
        Table,
    }

    private readonly Kind _kind;
    private readonly ITables? _tables;
    private readonly string _include;

    private AnswerForm(Kind kind, ITables? tables, string include) =>
        (_kind, _tables, _include) = (kind, tables, include);

    public static AnswerForm Read(ApiRequest request, ApiServer api)
    {
        var include = request.Option("includeObject") ?? "Metadata";
        foreach (var choice in request.Accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = choice.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "*/*" or "application/*" or ""))
                continue;
            var form = parts.FirstOrDefault(each => each.StartsWith("as=", StringComparison.Ordinal))?[3..];
            var version = parts.FirstOrDefault(each => each.StartsWith("v=", StringComparison.Ordinal))?[2..];
            if (form is not null && version is not (null or "v1"))
                continue;
            switch (form)
            {
                case null:
                    return new AnswerForm(Kind.Whole, null, include);
                case "Table" when api.Tables is not null:
                    if (include is not ("Metadata" or "Object" or "None"))
                        throw BadInclude(include);
                    return new AnswerForm(Kind.Table, api.Tables, include);
                case "PartialObjectMetadata" or "PartialObjectMetadataList":
                    return new AnswerForm(Kind.Metadata, null, include);
                default:
                    continue;
            }
        }

        throw new ApiFault(406, "NotAcceptable", "only the following media types are accepted: application/json,"
            + " application/yaml, application/vnd.kubernetes.protobuf");
    }

    /// <summary>
    /// One object for an answer or for an event of a watch; may be the object itself only for an answer.
    /// </summary>
    public JsonObject Shape(ResourceType type, JsonObject item, bool withColumns = true) => _kind switch
    {
        Kind.Metadata => Metadata(item),
        Kind.Table => _tables!.Table(type, [item], new JsonObject
        {
            ["resourceVersion"] = item.Text("metadata", "resourceVersion"),
        }, withColumns, _include),
        _ => item.Copy(),
    };

    public byte[] Bytes(ResourceType type, JsonObject item) =>
        JsonText.Bytes(_kind == Kind.Whole ? item : Shape(type, item));

    public byte[] Bytes(ResourceType type, Listing list) => _kind switch
    {
        Kind.Metadata => JsonText.ListBytes("PartialObjectMetadataList", "meta.k8s.io/v1", list.Metadata,
            list.Items.Select(Metadata), bare: false),
        Kind.Table => JsonText.Bytes(_tables!.Table(type, list.Items, list.Metadata, withColumns: true, _include)),
        _ => JsonText.ListBytes(type.ListKind, type.ApiVersion, list.Metadata, list.Items, bare: !type.IsCustom),
    };

    private static ApiFault BadInclude(string include) => ApiFault.BadRequest(
        "Unable to convert to Table as requested: includeObject: Invalid value: "
        + $"{Schemas.RelaxedJson.Quote(include)}: must be 'Metadata', 'Object', 'None', or empty");

    private static JsonObject Metadata(JsonObject item) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = item["metadata"]?.DeepClone(),
    };
}
