using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.Cli.Cluster;

/// <summary>What the tool asks of a Kubernetes API: whole objects as JSON, refusals as messages for people.</summary>
internal sealed class ClusterApi(IKubeTransport transport)
{
    private const string Manager = "tide";

    public static readonly Resource TidbClusters = new("pingcap.com", "v1alpha1", "tidbclusters", "TidbCluster");

    /// <summary>Null when there is no such object.</summary>
    public async Task<JsonObject?> Get(Resource resource, string? ns, string name, CancellationToken cancel)
    {
        var answer = await transport.Send(Requests.Get(resource, ns, name), cancel);
        return answer.Status == 404 ? null : Body(answer, $"get {resource} {name}");
    }

    public async Task<IReadOnlyList<JsonObject>> List(
        Resource resource, string? ns, string? selector, CancellationToken cancel)
    {
        var request = Requests.List(resource, ns, new ListOptions { LabelSelector = selector });
        var answer = await transport.Send(request, cancel);
        // The CRD may not be installed yet: then there are none.
        if (answer.Status == 404)
            return [];
        return [.. Body(answer, $"list {resource}")["items"]?.AsArray().OfType<JsonObject>() ?? []];
    }

    /// <summary>The groups and versions that the server serves, for example <c>policy/v1</c>.</summary>
    public async Task<IReadOnlyList<string>> Versions(CancellationToken cancel)
    {
        var answer = await transport.Send(new KubeRequest("GET", "/apis"), cancel);
        using var groups = JsonDocument.Parse(Body(answer, "list the API groups").ToJsonString());
        return ServedApis.ReadGroups(groups.RootElement);
    }

    /// <summary>Server-side apply of a user's object; unknown fields are refused rather than dropped.</summary>
    public async Task<(JsonObject Object, IReadOnlyList<string> Warnings)> Apply(
        JsonObject item, CancellationToken cancel)
    {
        var resource = await Find((string)item["apiVersion"]!, (string)item["kind"]!, cancel);
        var name = (string)item["metadata"]!["name"]!;
        var ns = resource.Namespaced ? (string?)item["metadata"]!["namespace"] ?? "default" : null;
        if (ns is not null)
            await EnsureNamespace(ns, cancel);
        var request = Requests.Apply(resource, ns, name, item, Manager);
        request = request with { Query = [.. request.Query, ("fieldValidation", "Strict")] };
        var answer = await transport.Send(request, cancel);
        return (Body(answer, $"apply {resource.Kind} {name}"), answer.Warnings);
    }

    /// <summary>
    /// A merge patch. With a resource version in it, somebody else's write in the meantime is not lost: it is refused.
    /// </summary>
    public async Task<JsonObject> Patch(
        Resource resource, string ns, string name, JsonObject patch, CancellationToken cancel) =>
        Body(await transport.Send(Requests.Patch(resource, ns, name, patch, Manager), cancel),
            $"change {resource.Kind} {ns}/{name}");

    /// <summary>Sets annotations of an object as it was read; null removes one.</summary>
    public Task<JsonObject> Annotate(
        Resource resource, JsonObject item, CancellationToken cancel, params (string Key, string? Value)[] annotations)
    {
        var wanted = new JsonObject();
        foreach (var (key, value) in annotations)
            wanted[key] = value;
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = (string?)item["metadata"]!["uid"],
                ["annotations"] = wanted,
            },
        };
        return Patch(resource, (string)item["metadata"]!["namespace"]!, (string)item["metadata"]!["name"]!, patch,
            cancel);
    }

    /// <summary>
    /// What an apply would make, or why the server refuses it; nothing is stored. Where the namespace does not exist
    /// yet the item itself comes back.
    /// </summary>
    public async Task<(JsonObject? Object, string? Refusal)> TryApply(JsonObject item, CancellationToken cancel)
    {
        var request = Requests.Apply(TidbClusters, (string)item["metadata"]!["namespace"]!,
            (string)item["metadata"]!["name"]!, item, Manager);
        request = request with { Query = [.. request.Query, ("fieldValidation", "Strict"), ("dryRun", "All")] };
        var answer = await transport.Send(request, cancel);
        if (answer.Status == 404)
            return (item, null);
        if (answer.Status is 400 or 422)
            return (null, (string?)JsonNode.Parse(answer.Body)?["message"] ?? "no reason was given");
        return (Body(answer, "foretell"), null);
    }

    public async Task<bool> Answers(CancellationToken cancel)
    {
        try
        {
            return (await transport.Send(new KubeRequest("GET", "/readyz"), cancel)).Status == 200;
        }
        catch (TransportException)
        {
            return false;
        }
    }

    private async Task EnsureNamespace(string ns, CancellationToken cancel)
    {
        var namespaces = new Resource("", "v1", "namespaces", "Namespace", Namespaced: false);
        if (await Get(namespaces, null, ns, cancel) is not null)
            return;
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = ns },
        };
        var answer = await transport.Send(Requests.Create(namespaces, null, body, Manager), cancel);
        if (answer.Status != 409)
            Body(answer, $"create namespace {ns}");
    }

    private async Task<Resource> Find(string apiVersion, string kind, CancellationToken cancel)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        var path = slash < 0 ? $"/api/{version}" : $"/apis/{apiVersion}";
        var answer = await transport.Send(new KubeRequest("GET", path), cancel);
        if (answer.Status == 200)
        {
            foreach (var entry in JsonNode.Parse(answer.Body)!["resources"]!.AsArray())
            {
                if ((string?)entry!["kind"] == kind
                    && !((string)entry["name"]!).Contains('/', StringComparison.Ordinal))
                    return new Resource(group, version, (string)entry["name"]!, kind, (bool)entry["namespaced"]!);
            }
        }

        throw new CommandFailure(ExitCodes.Refused,
            $"apiVersion {apiVersion}, kind {kind}: the server does not know this kind; 'kubectl api-resources' "
                + $"lists what it knows");
    }

    private static JsonObject Body(KubeResponse answer, string what)
    {
        var body = JsonNode.Parse(answer.Body) as JsonObject ?? [];
        if (answer.Status is >= 200 and < 300)
            return body;
        var message = (string?)body["message"] ?? Encoding.UTF8.GetString(answer.Body);
        throw new CommandFailure(
            answer.Status is 400 or 403 or 409 or 422 ? ExitCodes.Refused : ExitCodes.Failed, $"{what}: {message}");
    }
}
