using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// The API for the playground's own actors: objects in, objects out, no serialisation, the same semantics as over HTTP.
/// A resource is written as in a path: <c>v1/pods</c>, <c>apps/v1/statefulsets</c>.
/// What reads return is the stored object itself: clone it (<c>DeepClone</c>) before changing anything.
/// </summary>
/// <param name="manager">Field manager, for example <c>kube-controller-manager</c>.</param>
public sealed class ApiClient(ApiServer api, string manager)
{
    public ApiServer Api => api;
    public string Manager => manager;

    /// <summary>Grows whenever an object of that resource changes: an actor compares it to skip needless work.</summary>
    public long Revision(string resource) => throw new NotImplementedException(resource);

    public JsonObject? Get(string resource, string? ns, string name) =>
        throw new NotImplementedException(resource);

    /// <summary>In order of namespace and name; all namespaces when <paramref name="ns"/> is null.</summary>
    public IReadOnlyList<JsonObject> List(string resource, string? ns = null, string? labelSelector = null) =>
        throw new NotImplementedException(resource);

    /// <summary>Throws <see cref="ApiFault"/>; so do all writes.</summary>
    public JsonObject Create(string resource, string? ns, JsonObject body) =>
        throw new NotImplementedException(resource);

    /// <summary>Replaces spec and metadata; with a resourceVersion in the body, only that version.</summary>
    public JsonObject Update(string resource, JsonObject body) =>
        throw new NotImplementedException(resource);

    public JsonObject UpdateStatus(string resource, JsonObject body) =>
        throw new NotImplementedException(resource);

    public void Delete(string resource, string? ns, string name, string? uid = null,
        int? graceSeconds = null, string propagation = "Background") =>
        throw new NotImplementedException(resource);
}

/// <summary>A refusal by the API, with the Status object that a client would get.</summary>
public sealed class ApiFault(int code, string reason, string message, JsonObject? details = null)
    : Exception(message)
{
    public int Code { get; } = code;
    public string Reason { get; } = reason;
    public JsonObject? Details { get; } = details;
}
