using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Subresources;

/// <summary>The finalize subresource of namespaces: the only way to change <c>spec.finalizers</c>.</summary>
internal sealed class NamespaceFinalization(ApiServer api)
{
    public ApiResponse Answer(ApiRequest request, RequestPath path)
    {
        if (request.Method != "PUT")
            throw ApiFault.MethodNotAllowed();
        var (body, warnings) = new BodyReader(api).Read(request, path.Type);
        var done = Write(ResourceHandler.Call(request, path), body);
        return new ApiResponse(200, JsonText.Bytes(done)) { Warnings = warnings };
    }

    /// <summary>Removes one finalizer; a namespace without any that is being deleted is gone then.</summary>
    public void Finalize(JsonObject item, string finalizer)
    {
        var body = item.Copy();
        body.Section("spec")["finalizers"] = new JsonArray(
            [.. item.TextsAt("spec", "finalizers").Where(each => each != finalizer).Select(each => (JsonNode)each)]);
        Write(new WriteCall(api.Catalog.Get("v1/namespaces"), null, item.Name(), "kube-controller-manager")
        {
            Subresource = "finalize",
        }, body);
    }

    private JsonObject Write(WriteCall call, JsonObject body) => api.Writer.Update(call, current =>
    {
        var changed = current.Copy();
        changed["spec"] = body["spec"]?.DeepClone();
        changed.Metadata()["resourceVersion"] = body.At("metadata", "resourceVersion")?.DeepClone();
        return changed;
    });
}
