using Tidekeeper.Model.StandIns;

namespace Tidekeeper.Cli.Images;

/// <summary>
/// Images under the names of the real ones for nodes of tests: a shell, small tools, and under the names of the
/// databases' binaries the stand-in, which finds its world at an address that is part of the image.
/// </summary>
public static class StandInImages
{
    /// <summary>What tests and examples use, and what they upgrade to.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["v7.1.0", "v8.5.0", "v8.5.1", "v8.5.2"];

    /// <summary>For init containers and log tailers.</summary>
    private const string Helper = "busybox:1.36";

    // Where the real images have them.
    private static readonly (string Image, string Program)[] Components =
    [
        ("pingcap/pd", "pd-server"), ("pingcap/tikv", "tikv-server"), ("pingcap/tidb", "tidb-server"),
        ("pingcap/tiflash", "tiflash/tiflash"),
    ];

    // What the start scripts and people's hooks call; busybox has far more. Not its wget: that of Debian 12 crashes
    // when it is given a time limit. And not busybox-static, whose shell finds the programs that it has even where
    // they are not.
    private static readonly string[] Tools =
    [
        "awk", "base64", "cat", "cp", "date", "dirname", "echo", "env", "false", "grep", "head", "hostname",
        "id", "kill", "ls", "mkdir", "mv", "nc", "nslookup", "printf", "ps", "rm", "sed", "sh", "sleep", "stat",
        "sync", "sysctl", "tail", "test", "touch", "tr", "true", "vi", "wc",
    ];

    private static readonly string[] Packages =
    [
        .. SystemPackages.ForPrograms, "busybox", "curl", "libbrotli1", "libcom-err2", "libcurl4", "libffi8",
        "libgmp10", "libgnutls30", "libgssapi-krb5-2", "libhogweed6", "libidn2-0", "libk5crypto3",
        "libkeyutils1", "libkrb5-3", "libkrb5support0", "libldap-2.5-0", "libnettle8", "libnghttp2-14",
        "libp11-kit0", "libpsl5", "librtmp1", "libsasl2-2", "libssh2-1", "libtasn1-6", "libunistring2",
        "libzstd1",
    ];

    /// <summary>Writes all into one archive; the path of it.</summary>
    /// <param name="world">Address and port of the process that works for the stand-ins.</param>
    public static async Task<string> Write(
        string repository, string world, string output, CancellationToken cancel)
    {
        using var publication = await Publication.Make(repository, "Tidekeeper.StandIn", cancel);
        var tools = Shell(repository);
        var programs = publication.AsLayer("stand-in", "stand-in");
        var images = new List<Image> { new(Helper, new ImageConfig { Command = ["sh"] }, [tools]) };
        foreach (var (name, program) in Components)
        {
            var entry = new Layer(program, [LayerFile.Link(program, "/app/stand-in")]);
            images.AddRange(Versions.Select(version => new Image($"{name}:{version}", new ImageConfig
            {
                Entrypoint = [$"/{program}"],
                Environment = new(StringComparer.Ordinal)
                {
                    ["PATH"] = "/usr/local/bin:/usr/bin",
                    [StandInWire.ImageVariable] = $"{name}:{version}",
                    [StandInWire.WorldVariable] = world,
                    ["DOTNET_EnableDiagnostics"] = "0",
                    // There are many of them on one machine, and each does little.
                    ["DOTNET_gcServer"] = "0",
                    ["DOTNET_GCHeapHardLimit"] = "0x6000000",
                    ["DOTNET_TieredPGO"] = "0",
                },
            }, [tools, programs, entry])));
        }

        Directory.CreateDirectory(output);
        var file = Path.Combine(output, "stand-ins.tar");
        OciArchive.Write(images, file);
        return file;
    }

    private static Layer Shell(string repository)
    {
        var packages = SystemPackages.Get(repository, Packages);
        var system = SystemPackages.Unpack(packages);
        var programs = packages.Where(package => package.Name is "busybox" or "curl")
            .SelectMany(package => SystemPackages.FilesOf(package.File))
            .Where(file => file.Path is "usr/bin/busybox" or "usr/bin/curl");
        return new Layer(system.What,
        [
            .. system.Files, .. programs, .. Tools.Select(tool => LayerFile.Link($"usr/bin/{tool}", "busybox")),
        ]);
    }
}
