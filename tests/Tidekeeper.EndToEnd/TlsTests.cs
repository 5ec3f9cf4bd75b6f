using System.Text.Json;
using Tidekeeper.EndToEnd.TiDB;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.EndToEnd;

/// <summary>HTTPS between the API and everybody, and the access that a pod has.</summary>
public sealed class TlsTests
{
    [PlaygroundFact("kubectl")]
    public async Task Over_HTTPS_a_cluster_comes_up_and_a_service_account_is_enough()
    {
        await using var tide = new TidePlayground();
        await tide.Up("--tls");
        await tide.Create("secure", Manifests.Small);
        const string cluster = "config view --raw -o jsonpath={.clusters[0].cluster";
        var server = new Uri(await tide.Kubectl($"{cluster}.server}}"));
        Assert.Equal("https", server.Scheme);

        var authority = await tide.Kubectl($"{cluster}.certificate-authority-data}}");
        await tide.Write("ca.crt", System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(authority)));
        await tide.Write("token", "system:serviceaccount:tidekeeper-system:operator:x\n");
        await tide.Write("namespace", "tidekeeper-system\n");
        var pod = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["KUBERNETES_SERVICE_HOST"] = server.Host,
            ["KUBERNETES_SERVICE_PORT"] = $"{server.Port}",
        };
        var access = InClusterConfig.Read(TimeProvider.System, name => pod.GetValueOrDefault(name), tide.Home);
        Assert.Equal("tidekeeper-system", access.Namespace);
        using (var transport = Transport(access.Endpoint, access))
        {
            var api = new KubeApi(transport, "test");
            var list = await api.List(Resource.Pods, "secure", new ListOptions(), Name, CancellationToken.None);
            Assert.Contains("basic-tidb-0", list.Value.Items);
        }

        // Whoever does not know the certificate is told so, and is not talked into trusting it.
        using var stranger = Transport(new KubeEndpoint(server), access);
        var fault = await Assert.ThrowsAsync<TransportException>(
            () => stranger.Send(new KubeRequest("GET", "/version"), CancellationToken.None));
        Assert.Contains("certificate", fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static HttpTransport Transport(KubeEndpoint endpoint, KubeAccess access) =>
        new(endpoint, access.Credentials, "test", TimeProvider.System);

    private static string Name(JsonElement pod) => pod.GetProperty("metadata").GetProperty("name").GetString()!;
}
