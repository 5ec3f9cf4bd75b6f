using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Housekeeping;

/// <summary>Sees to it that every namespace has one object of a certain name.</summary>
public sealed class NamespaceFurniture : IActor
{
    private readonly ApiClient _client;
    private readonly string _resource;
    private readonly JsonObject _piece;
    private (long Namespaces, long Pieces) _seen = (-1, -1);

    private NamespaceFurniture(ApiServer api, string name, string resource, JsonObject piece)
    {
        _client = new ApiClient(api, "kube-controller-manager");
        (Name, _resource, _piece) = (name, resource, piece);
    }

    public string Name { get; }

    /// <summary>The certificate authority by which pods know the API server.</summary>
    /// <param name="certificate">PEM; empty when the API is served without TLS.</param>
    public static NamespaceFurniture RootCertificates(ApiServer api, string certificate = "") =>
        new(api, "root-ca-certificate-publisher", "v1/configmaps", new JsonObject
        {
            ["kind"] = "ConfigMap",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = "kube-root-ca.crt",
                ["annotations"] = new JsonObject
                {
                    ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver"
                        + " when using internal endpoints such as the internal service IP or kubernetes.default.svc."
                        + " No other usage is guaranteed across distributions of Kubernetes clusters.",
                },
            },
            ["data"] = new JsonObject { ["ca.crt"] = certificate },
        });

    /// <summary>The account that pods run as when they name none.</summary>
    public static NamespaceFurniture ServiceAccounts(ApiServer api) =>
        new(api, "serviceaccount-controller", "v1/serviceaccounts", new JsonObject
        {
            ["kind"] = "ServiceAccount",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = "default" },
        });

    public bool SeesOnlyApi => true;

    public bool Notices() => (_client.Revision("v1/namespaces"), _client.Revision(_resource)) != _seen;

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        if (!Notices())
            return null;
        foreach (var ns in _client.List("v1/namespaces"))
        {
            if (!ns.IsBeingDeleted() && _client.Get(_resource, ns.Name(), _piece.Name()) is null)
                _client.Create(_resource, ns.Name(), _piece);
        }

        _seen = (_client.Revision("v1/namespaces"), _client.Revision(_resource));
        return null;
    }
}
