using System.Text;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Cli.View;

namespace Tidekeeper.Cli.Images;

/// <summary>An image that was written.</summary>
public sealed record WrittenImage(string Name, string Archive, string Materials, string Digest, long Size);

/// <summary>The images that Tidekeeper consists of.</summary>
public static class ProductImages
{
    public static IReadOnlyList<string> Names { get; } = ["operator", "node"];

    /// <summary>Writes <c>tidekeeper-NAME-VERSION.tar</c> and, beside it, what is in it.</summary>
    /// <param name="revision">The commit; empty where there is none to be known.</param>
    public static async Task<WrittenImage> Write(
        string repository, string name, string revision, string output, CancellationToken cancel)
    {
        var version = OperatorInstall.Version;
        var (project, program) = name == "operator"
            ? ("Tidekeeper.Operator", "tidekeeper-operator")
            : ("Tidekeeper.Cli", "tide");
        var system = SystemPackages.Get(repository, SystemPackages.ForPrograms);
        using var publication = await Publication.Make(repository, project, cancel);
        var fullName = $"tidekeeper/{name}:{version}";
        var file = Path.Combine(output, $"tidekeeper-{name}-{version}");
        Directory.CreateDirectory(output);

        var materials = Encoding.UTF8.GetBytes(
            BillOfMaterials.Of($"tidekeeper/{name}", version, system, publication.Packages())
                .ToJsonString(JsonText.Indented) + "\n");
        await File.WriteAllBytesAsync($"{file}.cdx.json", materials, cancel);
        var image = new Image(fullName, Config(name, program, version, revision),
            [SystemPackages.Unpack(system), publication.AsLayer($"{program} {version}", program)])
        {
            Annotations = new(StringComparer.Ordinal)
            {
                ["org.opencontainers.image.version"] = version,
                ["tidekeeper.io/materials"] = $"{Path.GetFileName(file)}.cdx.json",
                ["tidekeeper.io/materials-digest"] = LayerBlob.DigestOf(materials),
                ["tidekeeper.io/materials-type"] = BillOfMaterials.MediaType,
            },
        };
        var digest = OciArchive.Write(image, $"{file}.tar");
        return new WrittenImage(
            fullName, $"{file}.tar", $"{file}.cdx.json", digest, new FileInfo($"{file}.tar").Length);
    }

    private static ImageConfig Config(string name, string program, string version, string revision)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["org.opencontainers.image.title"] = $"tidekeeper-{name}",
            ["org.opencontainers.image.description"] = name == "operator"
                ? "Operates TiDB clusters on Kubernetes"
                : "tide, and simulated TiDB components for clusters without the real images",
            ["org.opencontainers.image.version"] = version,
            ["org.opencontainers.image.licenses"] = "Apache-2.0",
            ["org.opencontainers.image.vendor"] = "Tidekeeper",
        };
        if (revision.Length > 0)
            labels["org.opencontainers.image.revision"] = revision;
        return new ImageConfig
        {
            Entrypoint = [$"/app/{program}"],
            User = $"{SystemPackages.Nobody}:{SystemPackages.Nobody}",
            WorkingDirectory = "/tmp",
            Ports = name == "operator" ? [OperatorInstall.Port] : [],
            Labels = labels,
            Environment = new(StringComparer.Ordinal)
            {
                ["PATH"] = "/app:/usr/bin",
                // Its sockets would need a writable /tmp, and offer themselves to whoever shares it.
                ["DOTNET_EnableDiagnostics"] = "0",
                ["SSL_CERT_FILE"] = "/etc/ssl/certs/ca-certificates.crt",
            },
        };
    }
}
