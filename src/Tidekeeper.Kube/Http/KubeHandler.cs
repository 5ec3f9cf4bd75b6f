using System.Net;
using System.Net.Security;
using System.Security.Authentication;
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
                Objection(certificate, chain, errors, Newest(endpoint).Authorities!) is not { } objection
                // A mere no would be told as "rejected by the callback", which helps nobody.
                ? true : throw new AuthenticationException(objection);
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

    /// <summary>What is wrong with a server's certificate; null for nothing.</summary>
    private static string? Objection(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors,
        X509Certificate2Collection authorities)
    {
        if (certificate is null)
            return "the server shows no certificate";
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return $"the server's certificate ({leaf.Subject}) does not bear the name or address by which it is called";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null)
            foreach (var element in sent.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        if (chain.Build(leaf))
            return null;
        return chain.ChainStatus.Any(one => one.Status == X509ChainStatusFlags.NotTimeValid)
            ? $"the server's certificate ({leaf.Subject}) or one that signed it is out of date; it is valid from "
                + $"{leaf.NotBefore.ToUniversalTime():u} to {leaf.NotAfter.ToUniversalTime():u}"
            : $"the server's certificate ({leaf.Subject}, issued by {leaf.Issuer}) is not of the authority that is "
                + "given for it (certificate-authority, ca.crt): the authority was replaced, or this is another server";
    }
}
