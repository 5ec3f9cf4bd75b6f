using System.Security.Cryptography.X509Certificates;

namespace Tidekeeper.Kube.Http;

/// <summary>The access that every pod has through its service account.</summary>
public static class InClusterConfig
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsInCluster =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"));

    public static KubeAccess Read(TimeProvider time) => Read(time, Environment.GetEnvironmentVariable, Folder);

    /// <param name="variable">The environment.</param>
    /// <param name="folder">Where the service account is mounted.</param>
    public static KubeAccess Read(TimeProvider time, Func<string, string?> variable, string folder)
    {
        var host = Required(variable, "KUBERNETES_SERVICE_HOST");
        var port = Required(variable, "KUBERNETES_SERVICE_PORT");
        if (host.Contains(':', StringComparison.Ordinal))
            host = $"[{host}]";
        var endpoint = new KubeEndpoint(new Uri($"https://{host}:{port}"));
        endpoint = endpoint with
        {
            Authorities = ReadAuthorities(folder),
            Renewed = () => endpoint with { Authorities = ReadAuthorities(folder) },
        };
        var namespaceFile = Path.Combine(folder, "namespace");
        var ns = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default";
        return new(endpoint, new TokenFile(Path.Combine(folder, "token"), time), ns)
        {
            Origin = "in-cluster service account",
        };
    }

    private static X509Certificate2Collection ReadAuthorities(string folder)
    {
        var caFile = Path.Combine(folder, "ca.crt");
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(caFile);
            return authorities;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new ConfigException($"{caFile}: the cluster's CA cannot be read: {e.Message}", e);
        }
    }

    private static string Required(Func<string, string?> variable, string name) =>
        variable(name) is { Length: > 0 } value
            ? value
            : throw new ConfigException($"{name}: is not set; this is no pod with a service account");
}
