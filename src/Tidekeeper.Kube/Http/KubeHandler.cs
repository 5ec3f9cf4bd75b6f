using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tidekeeper.Kube.Http;

/// <summary>Sets up connections: TLS as the endpoint says, proxies as the environment says.</summary>
public static class KubeHandler
{
    public static SocketsHttpHandler Create(KubeEndpoint endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A load balancer may have moved, and DNS with it.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        // Without one named here the handler takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY from the environment.
        if (endpoint.Proxy is not null)
            handler.Proxy = new WebProxy(endpoint.Proxy);
        var tls = handler.SslOptions;
        if (endpoint.ServerName is not null)
            tls.TargetHost = endpoint.ServerName;
        if (endpoint.ClientCertificate is not null)
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => Newest(endpoint).ClientCertificate!;
        if (endpoint.SkipVerify)
            tls.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        else if (endpoint.Authorities is { Count: > 0 })
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                Trusted(certificate, chain, errors, Newest(endpoint).Authorities!);
        return handler;
    }

    /// <summary>What is in the files now; what was in them at first while they cannot be read.</summary>
    private static KubeEndpoint Newest(KubeEndpoint endpoint)
    {
        try
        {
            var renewed = endpoint.Renewed?.Invoke() ?? endpoint;
            return endpoint with
            {
                Authorities = renewed.Authorities is { Count: > 0 } ? renewed.Authorities : endpoint.Authorities,
                ClientCertificate = renewed.ClientCertificate ?? endpoint.ClientCertificate,
            };
        }
        catch (Exception e) when (e is ConfigException or IOException or UnauthorizedAccessException
            or CryptographicException)
        {
            return endpoint;
        }
    }

    private static bool Trusted(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors,
        X509Certificate2Collection authorities)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null)
            foreach (var element in sent.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }
}
