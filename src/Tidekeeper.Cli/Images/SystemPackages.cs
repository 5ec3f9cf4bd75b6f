using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Tidekeeper.Cli.Images;

/// <summary>One package of the distribution, as it goes into an image and into its list of materials.</summary>
public sealed record SystemPackage(string Name, string Version, string Architecture, string File)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(File)));
}

/// <summary>
/// The lowest layer: libraries out of the distribution's packages, without shell, package manager or any other program.
/// Got by <c>eng/debian-packages.sh</c>, which changes nothing of the machine.
/// </summary>
public static class SystemPackages
{
    /// <summary>What .NET needs to run, and the certificates of public authorities.</summary>
    public static IReadOnlyList<string> ForPrograms { get; } =
        ["base-files", "ca-certificates", "libc6", "libgcc-s1", "libssl3", "libstdc++6", "zlib1g"];

    /// <summary>Who runs when nobody else is named; the number that distroless images use.</summary>
    public const int Nobody = 65532;

    private const string Bundle = "etc/ssl/certs/ca-certificates.crt";

    public static IReadOnlyList<SystemPackage> Get(string repository, IEnumerable<string> names) =>
        [.. Run("bash", [Path.Combine(repository, "eng", "debian-packages.sh"), .. names], text => text.ReadToEnd())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(file => new SystemPackage(
                Field(file, "Package"), Field(file, "Version"), Field(file, "Architecture"), file))
            .OrderBy(package => package.Name, StringComparer.Ordinal)];

    /// <summary>
    /// The packages' libraries and licences, users, certificates and a <c>/tmp</c>. Everything is below <c>/usr</c>,
    /// as in the distribution itself: other layers must not put folders where links are (<c>/lib</c>, <c>/bin</c>).
    /// </summary>
    public static Layer Unpack(IReadOnlyList<SystemPackage> packages)
    {
        var files = new SortedDictionary<string, LayerFile>(StringComparer.Ordinal);
        var certificates = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            foreach (var file in FilesOf(package.File))
                if (file.Path.StartsWith("usr/share/ca-certificates/", StringComparison.Ordinal))
                    certificates[file.Path] = Read(file);
                else if (IsWanted(file.Path))
                    files[file.Path] = file;
            // Scanners find here what is installed, where there is no dpkg database.
            var record = $"var/lib/dpkg/status.d/{package.Name}";
            files[record] = LayerFile.Text(record, Run("dpkg-deb", ["-f", package.File], text => text.ReadToEnd()));
        }

        if (certificates.Count > 0)
            files[Bundle] = LayerFile.Text(Bundle, string.Concat(certificates.Values));
        foreach (var (link, target) in new[] { ("bin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib64") })
            files[link] = LayerFile.Link(link, target);
        files["usr/bin"] = LayerFile.Folder("usr/bin");
        files["tmp"] = LayerFile.Folder("tmp", (UnixFileMode)0b1_111_111_111);
        files["etc/passwd"] = LayerFile.Text("etc/passwd",
            $"root:x:0:0:root:/:/sbin/nologin\nnonroot:x:{Nobody}:{Nobody}:nonroot:/tmp:/sbin/nologin\n");
        files["etc/group"] = LayerFile.Text("etc/group", $"root:x:0:\nnonroot:x:{Nobody}:\n");
        files["etc/nsswitch.conf"] = LayerFile.Text("etc/nsswitch.conf", "hosts: files dns\n");
        return new Layer(
            string.Join(' ', packages.Select(package => $"{package.Name}={package.Version}")), [.. files.Values]);
    }

    private static bool IsWanted(string path) =>
        path is "usr/lib/os-release" or "etc/os-release"
        || path.EndsWith("/copyright", StringComparison.Ordinal)
        || ((path.StartsWith("usr/lib/", StringComparison.Ordinal)
                || path.StartsWith("usr/lib64/", StringComparison.Ordinal))
            && path.Contains(".so", StringComparison.Ordinal)
            // Conversions between character sets, half the size of the C library, are for iconv: .NET has its own.
            && !path.Contains("/gconv/", StringComparison.Ordinal));

    internal static List<LayerFile> FilesOf(string package) =>
        Run("dpkg-deb", ["--fsys-tarfile", package], output =>
        {
            var files = new List<LayerFile>();
            using var tar = new TarReader(output.BaseStream);
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                var path = entry.Name.TrimStart('.', '/').TrimEnd('/');
                if (path.Split('/')[0] is "bin" or "sbin" or "lib" or "lib64")
                    path = $"usr/{path}";
                if (entry.EntryType == TarEntryType.SymbolicLink)
                    files.Add(LayerFile.Link(path, entry.LinkName));
                else if (entry.DataStream is { } data)
                    files.Add(LayerFile.Bytes(path, Read(data), entry.Mode));
            }

            // What fills the last block: a program whose reader leaves before that says that it failed.
            output.BaseStream.CopyTo(Stream.Null);
            return files;
        });

    private static string Read(LayerFile file)
    {
        using var content = file.Content!();
        return Encoding.UTF8.GetString(Read(content)).TrimEnd('\n') + "\n";
    }

    private static byte[] Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static string Field(string package, string field) =>
        Run("dpkg-deb", ["-f", package, field], text => text.ReadToEnd()).Trim();

    private static T Run<T>(string program, IEnumerable<string> arguments, Func<StreamReader, T> read)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var said = read(process.StandardOutput);
            process.WaitForExit();
            return process.ExitCode == 0
                ? said
                : throw new CommandFailure(ExitCodes.Environment, $"{program} ended with {process.ExitCode}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CommandFailure(ExitCodes.Environment, $"{program} cannot be started: {e.Message}");
        }
    }
}
