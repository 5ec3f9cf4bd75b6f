using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Reads;

/// <summary>Which objects a list, a watch or a deletecollection is about.</summary>
internal sealed record Selection(ResourceType Type, string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool IsEverything => Labels.IsEmpty && Fields.IsEmpty;

    public static Selection Read(ApiRequest request, RequestPath path) => new(path.Type, path.Namespace,
        request.Option("labelSelector") is { } labels ? LabelSelector.Parse(labels) : LabelSelector.Everything,
        FieldSelector.Parse(request.Option("fieldSelector") ?? "", path.Type));

    public bool Matches(JsonObject item) => Labels.Matches(item) && Fields.Matches(item);

    public bool IsInPlace(string key) => string.IsNullOrEmpty(Namespace)
        || (key.StartsWith(Namespace, StringComparison.Ordinal) && key.Length > Namespace.Length
            && key[Namespace.Length] == '/');

    public IEnumerable<KeyValuePair<string, JsonObject>> Scan(ObjectStore store, long revision, string from) =>
        store.ScanAt(revision, Type.GroupResource, Namespace, from).Where(each => Matches(each.Value));
}
