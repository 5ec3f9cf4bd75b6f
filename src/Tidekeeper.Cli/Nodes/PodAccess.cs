using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Cli.Nodes;

/// <summary>
/// What a pod on a simulated node may do at a real API server: what its service account may, and nothing of what the
/// node itself may.
/// </summary>
internal sealed class PodAccess(KubeAccess access, RemoteApi api, TimeProvider time)
{
    private const string Mount = "/var/run/secrets/kubernetes.io/serviceaccount/";
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(40);
    private readonly SortedDictionary<string, (string Token, DateTimeOffset At)> _tokens =
        new(StringComparer.Ordinal);

    /// <summary>Writes the pod's own kubeconfig; the path of it.</summary>
    public string Kubeconfig(ContainerContext container)
    {
        var path = Path.Combine(Session.Home, "pods", $"{container.PodUid}.kubeconfig");
        var token = container.ReadFile(Mount + "token") ?? "";
        var text = Tidekeeper.Playground.Server.Kubeconfig.Text(access.Endpoint.Server, token,
            access.Endpoint.Authorities ?? new X509Certificate2Collection(), container.Namespace);
        Tidekeeper.Playground.Server.Kubeconfig.Write(path, text);
        return path;
    }

    /// <summary>The token that a kubelet would mount into the pod. Called with the world's gate held.</summary>
    public string TokenOf(JsonObject pod)
    {
        var uid = (string)pod["metadata"]!["uid"]!;
        var now = time.GetUtcNow();
        if (_tokens.TryGetValue(uid, out var kept) && now - kept.At < Renewal)
            return kept.Token;
        var made = api.Token((string)pod["metadata"]!["namespace"]!,
            (string?)pod["spec"]!["serviceAccountName"] ?? "default", (string)pod["metadata"]!["name"]!, uid);
        _tokens[uid] = (made, now);
        return made;
    }
}
