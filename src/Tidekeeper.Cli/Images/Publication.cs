using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tidekeeper.Cli.Images;

/// <summary>A NuGet package inside a published program.</summary>
internal sealed record LibraryPackage(string Name, string Version, string Sha512);

/// <summary>
/// One of our programs with the .NET runtime beside it, as <c>dotnet publish</c> makes it: in a folder of its own, so
/// that
/// neither a build that runs nor its results are disturbed.
/// </summary>
internal sealed class Publication : IDisposable
{
    // Debuggers' and tracers' parts of the runtime, and its spare garbage collectors.
    private static readonly string[] Unused =
    [
        "createdump", "libmscordaccore.so", "libmscordbi.so", "libcoreclrtraceptprovider.so", "libclrgc.so",
        "libclrgcexp.so",
    ];

    private readonly string _work;

    private Publication(string work) => _work = work;

    private string Output => Path.Combine(_work, "out");

    /// <summary>Compiled ahead of time (ReadyToRun): a new leader works within half a second.</summary>
    public static async Task<Publication> Make(string repository, string project, CancellationToken cancel)
    {
        var work = Directory.CreateTempSubdirectory("tide-image-").FullName;
        var made = new Publication(work);
        // Without the map the names of both folders would be in the programs, and two builds would differ.
        var (code, said) = await Run(["publish", Path.Combine(repository, "src", project), "-c", "Release",
            "-r", "linux-x64", "--self-contained", "-p:PublishReadyToRun=true",
            $"-p:PathMap={repository}=/src%2C{work}=/build", "--artifacts-path", Path.Combine(work, "build"),
            "-o", made.Output, "-nologo", "-v:quiet", "-nodeReuse:false"], cancel);
        if (code == 0)
            return made;
        made.Dispose();
        throw new CommandFailure(ExitCodes.Environment, $"dotnet publish of {project} failed:\n{said}");
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);

    /// <summary>Where the program's files go: <c>app/</c>.</summary>
    public Layer AsLayer(string what, string program) => new(what,
    [
        .. Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories)
            .Select(file => (Source: file, Name: Path.GetRelativePath(Output, file)))
            .Where(file => IsNeeded(file.Name))
            .Select(file => LayerFile.Copy($"app/{file.Name}", file.Source,
                file.Name == program ? LayerFile.Program : LayerFile.Data)),
    ]);

    /// <summary>What the program was built from, by its own list.</summary>
    public IReadOnlyList<LibraryPackage> Packages()
    {
        var list = JsonNode.Parse(File.ReadAllText(Directory.GetFiles(Output, "*.deps.json").Single()))!;
        return
        [
            .. list["libraries"]!.AsObject()
                .Where(one => (string?)one.Value!["type"] is "package" or "runtimepack")
                .Select(one => (Name: one.Key.Split('/')[0], Version: one.Key.Split('/')[1], one.Value))
                .Select(one => new LibraryPackage(one.Name.Replace("runtimepack.", "", StringComparison.Ordinal),
                    one.Version, (string?)one.Value!["sha512"] ?? ""))
                .OrderBy(one => one.Name, StringComparer.Ordinal),
        ];
    }

    // The descriptions of the CRD come from one of the documentation files.
    private static bool IsNeeded(string file) =>
        !Unused.Contains(file, StringComparer.Ordinal)
        && !file.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal)
        && (!file.EndsWith(".xml", StringComparison.Ordinal) || file == "Tidekeeper.Model.xml");

    private static async Task<(int ExitCode, string Said)> Run(string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancel);
        var said = await process.StandardOutput.ReadToEndAsync(cancel) + await error;
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, said);
    }
}
