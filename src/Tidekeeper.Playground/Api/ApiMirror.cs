using System.Text.Json.Nodes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// Keeps a store equal to what a server elsewhere says, and sends writes there. What a write answers is seen at once;
/// the same news, when a watch brings it later, is no news any more.
/// </summary>
public sealed class ApiMirror(ObjectStore store, IApiWrites elsewhere)
{
    public JsonObject Create(ResourceType type, string? ns, JsonObject body, string manager) =>
        Seen(type, elsewhere.Create(type, ns, body, manager));

    public JsonObject Update(ResourceType type, JsonObject body, string subresource, string manager) =>
        Seen(type, elsewhere.Update(type, body, subresource, manager));

    public void Delete(
        ResourceType type, string? ns, string name, string? uid, int? graceSeconds, string propagation) =>
        elsewhere.Delete(type, ns, name, uid, graceSeconds, propagation);

    /// <summary>Takes in an object as the server has it, unless something newer is known of it.</summary>
    public JsonObject Seen(ResourceType type, JsonObject item)
    {
        var known = store.Get(type.GroupResource, item.Namespace(), item.Name());
        if (known is not null && known.ResourceVersion() >= item.ResourceVersion())
            return known;
        store.Mirror(type.GroupResource, item.Namespace(), item.Name(), item);
        return item;
    }

    /// <summary>Takes in that an object is gone; one of that name that is newer stays.</summary>
    public void Gone(ResourceType type, JsonObject last)
    {
        if (store.Get(type.GroupResource, last.Namespace(), last.Name()) is { } known
            && (known.Uid() == last.Uid() || known.ResourceVersion() < last.ResourceVersion()))
            store.Remove(type.GroupResource, last.Namespace(), last.Name(), last);
    }
}
