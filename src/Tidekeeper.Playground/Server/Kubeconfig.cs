using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tidekeeper.Playground.Server;

/// <summary>What kubectl needs to reach the playground.</summary>
public static class Kubeconfig
{
    public static string Text(Uri server, string token, X509Certificate2? certificate)
    {
        var authority = certificate is null
            ? ""
            : "\n    certificate-authority-data: "
                + Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
        return $"""
            apiVersion: v1
            kind: Config
            current-context: playground
            clusters:
            - name: playground
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}{authority}
            contexts:
            - name: playground
              context:
                cluster: playground
                user: playground
                namespace: default
            users:
            - name: playground
              user:
                token: {token}

            """;
    }

    /// <summary>Only the owner may read it: it holds a credential.</summary>
    public static void Write(string path, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write(text);
    }
}
