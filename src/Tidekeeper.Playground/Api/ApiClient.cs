using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Reads;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// The API for the playground's own actors: objects in, objects out, no serialisation, the same semantics as over HTTP.
/// A resource is written as in a path: <c>v1/pods</c>, <c>apps/v1/statefulsets</c>.
/// What reads return is the stored object itself: clone it (<c>DeepClone</c>) before changing anything.
/// Bodies that are handed in are copied.
/// </summary>
/// <param name="manager">Field manager, for example <c>kube-controller-manager</c>.</param>
public sealed class ApiClient(ApiServer api, string manager)
{
    public ApiServer Api => api;
    public string Manager => manager;

    /// <summary>
    /// Grows whenever an object of that resource changes: an actor compares it to skip needless work.
    /// </summary>
    public long Revision(string resource) => api.Store.Revision(Type(resource).GroupResource);

    public JsonObject? Get(string resource, string? ns, string name)
    {
        var type = Type(resource);
        return api.Store.Get(type.GroupResource, ns, name) is { } found ? ApiServer.InVersion(type, found) : null;
    }

    /// <summary>In order of namespace and name; all namespaces when <paramref name="ns"/> is null.</summary>
    public IReadOnlyList<JsonObject> List(string resource, string? ns = null, string? labelSelector = null)
    {
        var type = Type(resource);
        var found = api.Store.List(type.GroupResource, ns);
        if (!string.IsNullOrEmpty(labelSelector))
        {
            var selector = LabelSelector.Parse(labelSelector);
            found = found.Where(selector.Matches);
        }

        return [.. found.Select(each => ApiServer.InVersion(type, each))];
    }

    /// <summary>Throws <see cref="ApiFault"/>; so do all writes.</summary>
    public JsonObject Create(string resource, string? ns, JsonObject body) =>
        api.Mirror is { } mirror
            ? mirror.Create(Type(resource), ns, body, manager)
            : api.Writer.Create(new WriteCall(Type(resource), ns, null, manager), body.Copy());

    /// <summary>Replaces spec and metadata; with a resourceVersion in the body, only that version.</summary>
    public JsonObject Update(string resource, JsonObject body) => Write(resource, body, "");

    public JsonObject UpdateStatus(string resource, JsonObject body) => Write(resource, body, "status");

    public void Delete(string resource, string? ns, string name, string? uid = null,
        int? graceSeconds = null, string propagation = "Background")
    {
        if (api.Mirror is { } mirror)
            mirror.Delete(Type(resource), ns, name, uid, graceSeconds, propagation);
        else
            api.Remover.Delete(new WriteCall(Type(resource), ns, name, manager),
                new DeleteOptions { Uid = uid, GraceSeconds = graceSeconds, Propagation = propagation });
    }

    /// <summary>Gives a pod its node.</summary>
    public void Bind(string ns, string pod, string node) => api.Pods.Bind(ns, pod, node);

    private JsonObject Write(string resource, JsonObject body, string subresource)
    {
        if (api.Mirror is { } mirror)
            return mirror.Update(Type(resource), body, subresource, manager);
        var call = new WriteCall(Type(resource), body.Namespace(), body.Name(), manager) { Subresource = subresource };
        return api.Writer.Update(call, _ => body.Copy());
    }

    private ResourceType Type(string resource) => api.Catalog.Get(resource);
}
