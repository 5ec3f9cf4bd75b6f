using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;

namespace Tidekeeper.UnitTests.Kube.Http;

/// <summary>Certificates are replaced in their files while the operator runs, and nobody tells it.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-rotation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_server_with_a_certificate_of_a_new_authority_is_trusted_when_the_file_says_so()
    {
        using var before = Certificate("before");
        using var after = Certificate("after");
        await using var server = new Server(before);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.crt"), before.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), "t");
        var access = InClusterConfig.Read(TimeProvider.System, name => name.EndsWith("HOST", StringComparison.Ordinal)
            ? "127.0.0.1" : $"{server.Port}", _folder);
        using var transport = new HttpTransport(access.Endpoint, access.Credentials, "me/1", TimeProvider.System);
        Assert.Equal(200, (await transport.Send(new("GET", "/"), default)).Status);

        server.Own = after;
        var fault = await Assert.ThrowsAsync<TransportException>(() => transport.Send(new("GET", "/"), default));
        Assert.Contains("(CN=after, issued by CN=after) is not of the authority that is given for it", fault.Message);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.crt"), after.ExportCertificatePem());
        Assert.Equal(200, (await transport.Send(new("GET", "/"), default)).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", -1, "(CN=server) or one that signed it is out of date; it is valid from")]
    [InlineData("127.0.0.1", 20, "is out of date; it is valid from")]
    [InlineData("localhost", 1, "(CN=server) does not bear the name or address by which it is called")]
    public async Task A_certificate_that_is_no_good_is_told_why(string host, int expiresInDays, string why)
    {
        using var own = Certificate("server", expiresInDays);
        await using var server = new Server(own);
        var endpoint = new KubeEndpoint(new Uri($"https://{host}:{server.Port}")) { Authorities = [own] };
        using var transport = new HttpTransport(endpoint, new NoCredentials(), "me/1", TimeProvider.System);
        var fault = await Assert.ThrowsAsync<TransportException>(() => transport.Send(new("GET", "/"), default));
        Assert.Contains(why, fault.Message);
        Assert.False(fault.MayHaveArrived);
    }

    [Fact]
    public async Task A_renewed_client_certificate_is_shown_to_the_server_without_a_restart()
    {
        using var own = Certificate("server");
        await using var server = new Server(own);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.crt"), own.ExportCertificatePem());
        var config = Path.Combine(_folder, "config");
        await File.WriteAllTextAsync(config, $$$"""
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:{{{server.Port}}}", certificate-authority: ca.crt}}]
            users: [{name: u, user: {client-certificate: u.crt, client-key: u.key}}]
            """);
        await Issue("old");
        var access = await KubeConfig.Load([config]).Access(null, TimeProvider.System, default);
        using var transport = new HttpTransport(access.Endpoint, access.Credentials, "me/1", TimeProvider.System);
        await transport.Send(new("GET", "/"), default);
        await Issue("new");
        await transport.Send(new("GET", "/"), default);
        Assert.Equal(["CN=old", "CN=new"], server.Clients);
    }

    private async Task Issue(string name)
    {
        using var certificate = Certificate(name);
        await File.WriteAllTextAsync(Path.Combine(_folder, "u.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "u.key"),
            certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Of the ten days before it expires.</summary>
    private static X509Certificate2 Certificate(string name, int expiresInDays = 1)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(expiresInDays - 10), now.AddDays(expiresInDays));
        return X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Answers one request a connection, so that each one shakes hands anew.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public Server(X509Certificate2 own)
        {
            Own = own;
            _listener.Start();
            _serving = Serve();
        }

        public X509Certificate2 Own { get; set; }

        public List<string> Clients { get; } = [];

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task Serve()
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await using var stream = new SslStream(client.GetStream());
                    await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = Own,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, shown, _, _) =>
                        {
                            // Asked for, not demanded: only the name is of interest here.
                            if (shown is not null)
                                Clients.Add(shown.Subject);
                            return shown is null || shown.Subject.StartsWith("CN=", StringComparison.Ordinal);
                        },
                    });
                    await stream.ReadAtLeastAsync(new byte[4096], 1);
                    await stream.WriteAsync(
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray());
                }
                catch (Exception e) when (e is AuthenticationException or IOException)
                {
                    // The client did not like what it was shown.
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
