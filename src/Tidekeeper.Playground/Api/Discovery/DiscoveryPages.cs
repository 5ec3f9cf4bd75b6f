using System.Text.Json.Nodes;

namespace Tidekeeper.Playground.Api.Discovery;

/// <summary>
/// What clients ask first: which groups, versions and resources are served, in the old and the new form.
/// </summary>
internal sealed class DiscoveryPages(ResourceCatalog catalog)
{
    private static readonly string[] NewForms = ["v2", "v2beta1"];

    public ApiResponse? Answer(ApiRequest request)
    {
        if (request.Method is not ("GET" or "HEAD"))
            return null;
        var parts = request.Path.Trim('/').Split('/');
        return parts switch
        {
            ["api"] when Form(request) is { } form => Groups(form, true),
            ["apis"] when Form(request) is { } form => Groups(form, false),
            ["api"] => Json(new JsonObject
            {
                ["kind"] = "APIVersions",
                ["versions"] = new JsonArray("v1"),
                ["serverAddressByClientCIDRs"] = new JsonArray(
                    new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = "127.0.0.1" }),
            }),
            ["apis"] => Json(new JsonObject
            {
                ["kind"] = "APIGroupList",
                ["apiVersion"] = "v1",
                ["groups"] = new JsonArray([.. ServedGroups.Of(catalog).Where(g => g.Name.Length > 0).Select(Group)]),
            }),
            ["api", var version] => Resources("", version),
            ["apis", var group] =>
                ServedGroups.Of(catalog).FirstOrDefault(g => g.Name == group && group.Length > 0) is { } found
                ? Json(With(Group(found), "APIGroup")) : null,
            ["apis", var group, var version] when group.Length > 0 => Resources(group, version),
            _ => null,
        };
    }

    private ApiResponse? Resources(string group, string version)
    {
        var types = ServedGroups.Of(catalog).Where(g => g.Name == group)
            .SelectMany(g => g.Versions).FirstOrDefault(v => v.Version == version).Types;
        if (types is null)
            return null;
        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
            list["apiVersion"] = "v1";
        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        list["resources"] = new JsonArray([.. types.SelectMany(ResourceList.Entries)]);
        return Json(list);
    }

    /// <summary>The aggregated form that the client prefers, or null for the old one.</summary>
    private static string? Form(ApiRequest request) =>
        request.Accept.Split(',').Select(choice =>
        {
            var parts = choice.Split(';', StringSplitOptions.TrimEntries);
            return parts.Contains("as=APIGroupDiscoveryList") && parts[0] == "application/json"
                ? NewForms.FirstOrDefault(form => parts.Contains("v=" + form)) : null;
        }).FirstOrDefault(form => form is not null);

    private ApiResponse Groups(string form, bool core)
    {
        var groups = ServedGroups.Of(catalog).Where(g => g.Name.Length == 0 == core);
        var list = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/" + form,
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. groups.Select(g => new JsonObject
            {
                ["metadata"] = g.Name.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = g.Name },
                ["versions"] = new JsonArray([.. g.Versions.Select(v => new JsonObject
                {
                    ["version"] = v.Version,
                    ["resources"] = new JsonArray([.. v.Types.Select(ResourceList.Aggregated)]),
                    ["freshness"] = "Current",
                })]),
            })]),
        };
        return Json(list) with
        {
            ContentType =
            $"application/json;g=apidiscovery.k8s.io;v={form};as=APIGroupDiscoveryList"
        };
    }

    private static JsonObject Group(ServedGroup group)
    {
        JsonObject Named(string version) =>
            new() { ["groupVersion"] = $"{group.Name}/{version}", ["version"] = version };
        return new JsonObject
        {
            ["name"] = group.Name,
            ["versions"] = new JsonArray([.. group.Versions.Select(v => Named(v.Version))]),
            ["preferredVersion"] = Named(group.Versions[0].Version),
        };
    }

    private static JsonObject With(JsonObject body, string kind)
    {
        body.Insert(0, "kind", kind);
        body.Insert(1, "apiVersion", "v1");
        return body;
    }

    private static ApiResponse Json(JsonObject body) => new(200, JsonText.Bytes(body));
}
