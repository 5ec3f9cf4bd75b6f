using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tidekeeper.Playground.Server;

/// <summary>A certificate for 127.0.0.1 and localhost that signs itself; clients get it as their CA.</summary>
public static class LoopbackCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public static X509Certificate2 Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tidekeeper-playground", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true));
        using var made = request.CreateSelfSigned(now - TimeSpan.FromHours(1), now + Lifetime);

        // The key must be part of the certificate for the TLS stack, which an ephemeral one is not everywhere.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
