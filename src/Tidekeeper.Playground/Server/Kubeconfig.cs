using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tidekeeper.Playground.Server;

/// <summary>What kubectl needs to reach the playground.</summary>
public static class Kubeconfig
{
    /// <param name="authorities">Certificates that may sign the server's; none when it speaks plain HTTP.</param>
    public static string Text(
        Uri server, string token, X509Certificate2Collection authorities, string ns = "default")
    {
        var authority = authorities.Count == 0
            ? ""
            : "\n    certificate-authority-data: "
                + Convert.ToBase64String(Encoding.ASCII.GetBytes(authorities.ExportCertificatePems()));
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
                namespace: {ns}
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
