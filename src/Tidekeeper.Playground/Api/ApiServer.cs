using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Ownership;
using Tidekeeper.Playground.Api.Reads;
using Tidekeeper.Playground.Api.Subresources;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api;

/// <summary>
/// The Kubernetes API without sockets: takes a request, returns an answer, synchronously. The HTTP server, the
/// simulation and the playground's own controllers all come in through here, so all see the same semantics.
/// </summary>
public sealed class ApiServer
{
    private readonly ResourceHandler _resources;

    public TimeProvider Time { get; }
    public Identifiers Identifiers { get; }
    public ObjectStore Store { get; }
    public ResourceCatalog Catalog { get; } = new();
    public Shapes Shapes { get; } = new();

    /// <summary>Followers that a driver lets lag; requests say which one they read.</summary>
    public StoreViews Views { get; }

    /// <summary>Answers for paths that name no resource (discovery, version, OpenAPI), asked in order.</summary>
    public IList<Func<ApiRequest, ApiResponse?>> Pages { get; } = [];

    /// <summary>
    /// Answers for subresources that are not of the API itself, by path without names (<c>v1/pods/log</c>); called with
    /// the request, the namespace and the name.
    /// </summary>
    public IDictionary<string, Func<ApiRequest, string?, string, ApiResponse>> Subresources { get; } =
        new SortedDictionary<string, Func<ApiRequest, string?, string, ApiResponse>>(StringComparer.Ordinal);

    /// <summary>Makes tables for kubectl; without it everything is answered as plain objects.</summary>
    public ITables? Tables { get; set; }

    /// <summary>The newest resource version.</summary>
    public long Head => Store.Head;

    /// <summary>Set when the objects belong to a server elsewhere, which all writes go to.</summary>
    public ApiMirror? Mirror { get; }

    internal ServiceAddresses ServiceAddresses { get; }
    internal FieldOwners Owners { get; }
    internal ObjectWriter Writer { get; }
    internal ObjectRemover Remover { get; }
    internal NamespaceFinalization Finalizations { get; }
    internal PodSubresources Pods { get; }

    /// <param name="elsewhere">Where the objects are kept, when that is not here.</param>
    public ApiServer(TimeProvider time, Random chance, ObjectStore? store = null, IApiWrites? elsewhere = null)
    {
        Time = time;
        Identifiers = new Identifiers(chance);
        Store = store ?? new ObjectStore();
        Views = new StoreViews(Store);
        ServiceAddresses = new ServiceAddresses(Store);
        Owners = new FieldOwners(time, Shapes);
        Writer = new ObjectWriter(this);
        Remover = new ObjectRemover(this);
        Finalizations = new NamespaceFinalization(this);
        Pods = new PodSubresources(this);
        _resources = new ResourceHandler(this);
        if (elsewhere is not null)
            Mirror = new ApiMirror(Store, elsewhere);
        else
            Bootstrap.Run(new ApiClient(this, "kube-apiserver"));
    }

    /// <summary>Answers everything but a watch.</summary>
    public ApiResponse Handle(ApiRequest request)
    {
        try
        {
            if (RequestPath.Parse(request.Path, Catalog) is { } path)
                return _resources.Answer(request, path);
            foreach (var page in Pages)
            {
                if (page(request) is { } answer)
                    return answer;
            }

            if (RequestPath.IsOfServedVersion(request.Path, Catalog))
                throw ApiFault.ResourceNotFound();
            return new ApiResponse(404, "404 page not found\n"u8.ToArray())
            {
                ContentType = "text/plain; charset=utf-8",
            };
        }
        catch (ApiFault fault)
        {
            return Refusal(fault);
        }
    }

    /// <summary>Opens a watch; of one object, named by the path, there is none, and the answer is the object.</summary>
    public (ApiWatch? Watch, ApiResponse? Refusal) Watch(ApiRequest request)
    {
        try
        {
            return RequestPath.Parse(request.Path, Catalog) is { Name: null } path
                ? (WatchOpening.Open(this, request, path), null)
                : (null, Handle(request));
        }
        catch (ApiFault fault)
        {
            return (null, Refusal(fault));
        }
    }

    /// <summary>
    /// The object as a version of its resource shows it: versions of a kind differ in nothing but their name.
    /// </summary>
    internal static JsonObject InVersion(ResourceType type, JsonObject item)
    {
        if (!type.IsCustom || item.Text("apiVersion") == type.ApiVersion)
            return item;
        var shown = item.Copy();
        shown["apiVersion"] = type.ApiVersion;
        return shown;
    }

    private static ApiResponse Refusal(ApiFault fault) => new(fault.Code, JsonText.Bytes(fault.Status()));
}
