using System.Security.Cryptography.X509Certificates;

namespace Tidekeeper.Kube.Http;

/// <summary>Where an API server is and how its identity is checked.</summary>
public sealed record KubeEndpoint(Uri Server)
{
    /// <summary>Certificates that may sign the server's; null for those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Our own certificate, with its key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>
    /// Reads the certificates anew from where they came from; asked for every connection, because those who issue them
    /// replace the files and tell nobody. Null where nothing can change. May throw <see cref="ConfigException"/>.
    /// </summary>
    public Func<KubeEndpoint>? Renewed { get; init; }

    /// <summary>The server's certificate is not checked at all.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>The name that the server's certificate must bear; null for the host of <see cref="Server"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>From <c>proxy-url</c>; null for the proxy of the environment.</summary>
    public Uri? Proxy { get; init; }
}
