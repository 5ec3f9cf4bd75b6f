using System.Diagnostics;

namespace Tidekeeper.UnitTests.Tidy;

/// <summary>The checkout that these tests were built from, as git sees it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Paths of tracked and new files, relative, with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> CSharp =>
        Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void Expect(IEnumerable<string> noFindings)
    {
        var found = noFindings.ToArray();
        Assert.True(found.Length == 0, $"{found.Length} findings:\n" + string.Join('\n', found));
    }

    /// <summary>Runs a program in the root of the repository and returns its exit code and output.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    private static string FindRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "Tidekeeper.slnx")))
                return d.FullName;
        }

        throw new InvalidOperationException("Tidekeeper.slnx was not found above the test's folder");
    }

    private static IReadOnlyList<string> ListFiles()
    {
        var (code, output) = Run("git", "ls-files", "--cached", "--others", "--exclude-standard");
        if (code != 0)
            throw new InvalidOperationException($"git ls-files failed: {output}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(f => File.Exists(Path.Combine(Root, f)))
            .Order(StringComparer.Ordinal)];
    }
}
