using System.Globalization;
using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Reads;
using Tidekeeper.Playground.Api.Subresources;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>Answers requests about resources: which verb it is, and who does it.</summary>
internal sealed class ResourceHandler(ApiServer api)
{
    private readonly BodyReader _bodies = new(api);
    private readonly ObjectPatcher _patcher = new(api);
    private readonly ScaleSubresource _scale = new(api);
    private readonly AccountTokens _tokens = new(api);

    public ApiResponse Answer(ApiRequest request, RequestPath path)
    {
        if (path.Subresource.Length > 0 && path.Subresource != "status")
            return Subresource(request, path);
        return (request.Method, path.Name) switch
        {
            ("GET", null) => List(request, path),
            ("GET", _) => Get(request, path),
            ("POST", null) => Create(request, path),
            ("PUT", not null) => Replace(request, path),
            ("PATCH", not null) => Patch(request, path),
            ("DELETE", null) => DeleteCollection(request, path),
            ("DELETE", _) when path.Subresource.Length == 0 => Delete(request, path),
            _ => throw ApiFault.MethodNotAllowed(),
        };
    }

    private ApiResponse List(ApiRequest request, RequestPath path)
    {
        var form = AnswerForm.Read(request, api);
        var list = Listing.Read(api, request, Selection.Read(request, path));
        return new ApiResponse(200, form.Bytes(path.Type, list));
    }

    private ApiResponse Get(ApiRequest request, RequestPath path)
    {
        var form = AnswerForm.Read(request, api);
        CheckVersion(request);
        var isOld = request.Option("resourceVersion") == "0" && api.Views.Head(request.View) < api.Head;
        var found = isOld ? FindAt(path, api.Views.Head(request.View)) : Find(path);
        return new ApiResponse(200, form.Bytes(path.Type, found));
    }

    private ApiResponse Create(ApiRequest request, RequestPath path)
    {
        if (path.Type.Namespaced && path.Namespace is null)
            throw ApiFault.MethodNotAllowed();
        var form = AnswerForm.Read(request, api);
        var (body, warnings) = _bodies.Read(request, path.Type);
        var made = api.Writer.Create(Call(request, path) with { Name = null }, body);
        return new ApiResponse(201, form.Bytes(path.Type, made)) { Warnings = warnings };
    }

    private ApiResponse Replace(ApiRequest request, RequestPath path)
    {
        var form = AnswerForm.Read(request, api);
        var (body, warnings) = _bodies.Read(request, path.Type);
        var call = Call(request, path);
        var exists = api.Store.Get(path.Type.GroupResource, path.Namespace, path.Name!) is not null;
        var isNew = !exists && path.Type.CreatesOnUpdate && path.Subresource.Length == 0;
        var done = isNew ? api.Writer.Create(call, body) : api.Writer.Update(call, _ => body);
        return new ApiResponse(isNew ? 201 : 200, form.Bytes(path.Type, done)) { Warnings = warnings };
    }

    private ApiResponse Patch(ApiRequest request, RequestPath path)
    {
        var form = AnswerForm.Read(request, api);
        var (done, isNew, warnings) = _patcher.Patch(request, path, Call(request, path));
        return new ApiResponse(isNew ? 201 : 200, form.Bytes(path.Type, done)) { Warnings = warnings };
    }

    private ApiResponse Delete(ApiRequest request, RequestPath path)
    {
        var form = AnswerForm.Read(request, api);
        var body = BodyReader.Options(request);
        var options = DeleteOptions.Read(request, body);
        var call = Call(request, path);
        call = call with { DryRun = call.DryRun || body.TextsAt("dryRun").Contains("All") };
        var (item, gone) = api.Remover.Delete(call, options);
        return new ApiResponse(200, !gone || path.Type.ReturnsDeleted
            ? form.Bytes(path.Type, ApiServer.InVersion(path.Type, item))
            : JsonText.Bytes(Deleted(path.Type, item)));
    }

    private ApiResponse DeleteCollection(ApiRequest request, RequestPath path)
    {
        if (!path.Type.Verbs.Contains("deletecollection") || (path.Type.Namespaced && path.Namespace is null))
            throw ApiFault.MethodNotAllowed();
        var form = AnswerForm.Read(request, api);
        var options = DeleteOptions.Read(request, BodyReader.Options(request));
        var list = Listing.Read(api, request, Selection.Read(request, path));
        foreach (var item in list.Items)
        {
            api.Remover.Delete(Call(request, path) with { Namespace = item.Namespace(), Name = item.Name() },
                options with { Uid = item.Uid() });
        }

        return new ApiResponse(200, form.Bytes(path.Type, list));
    }

    private ApiResponse Subresource(ApiRequest request, RequestPath path)
    {
        if (api.Subresources.TryGetValue(path.Type.Path + "/" + path.Subresource, out var answer))
            return answer(request, path.Namespace, path.Name!);
        if (!path.Type.Subresources.Contains(path.Subresource))
            throw ApiFault.ResourceNotFound();
        return path.Subresource switch
        {
            "scale" => _scale.Answer(request, path),
            "finalize" => api.Finalizations.Answer(request, path),
            "binding" => api.Pods.AnswerBinding(request, path),
            "token" => _tokens.Answer(request, path),
            "eviction" => api.Pods.AnswerEviction(request, path),
            _ => throw ApiFault.ResourceNotFound(),
        };
    }

    private void CheckVersion(ApiRequest request)
    {
        if (request.Option("resourceVersion") is not { } text)
            return;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
            throw ApiFault.Unforeseen(ApiFault.Unparsable(text));
        if (asked > api.Head)
            throw ApiFault.VersionAhead(asked, api.Head);
    }

    private JsonObject Find(RequestPath path) =>
        api.Store.Get(path.Type.GroupResource, path.Namespace, path.Name!) is { } found
            ? ApiServer.InVersion(path.Type, found)
            : throw ApiFault.NotFound(path.Type, path.Name!);

    private JsonObject FindAt(RequestPath path, long revision)
    {
        var key = ObjectStore.Key(path.Namespace, path.Name!);
        var found = api.Store.ScanAt(revision, path.Type.GroupResource, path.Namespace, key).FirstOrDefault();
        return found.Key == key
            ? ApiServer.InVersion(path.Type, found.Value)
            : throw ApiFault.NotFound(path.Type, path.Name!);
    }

    internal static WriteCall Call(ApiRequest request, RequestPath path)
    {
        WriteOptions.Check(request);
        var manager = request.Option("fieldManager") ?? request.UserAgent.Split('/')[0];
        if (manager.Length > WriteOptions.LongestManager)
            manager = manager[..WriteOptions.LongestManager];
        return new WriteCall(path.Type, path.Namespace, path.Name, manager)
        {
            Subresource = path.Subresource,
            DryRun = request.Option("dryRun") == "All",
        };
    }

    private static JsonObject Deleted(ResourceType type, JsonObject item)
    {
        var details = new JsonObject { ["name"] = item.Name() };
        if (type.Group.Length > 0)
            details["group"] = type.Group;
        details["kind"] = type.Plural;
        details["uid"] = item.Uid();
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
