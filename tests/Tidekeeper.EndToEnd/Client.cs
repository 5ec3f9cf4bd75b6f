using System.Diagnostics;

namespace Tidekeeper.EndToEnd;

/// <summary>What a program said and how it ended.</summary>
internal sealed record Said(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>Runs the programs that a user runs, each with a time limit.</summary>
internal static class Client
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task<Said> Try(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? input = null)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var process = Start(program, arguments, environment);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Said(process.ExitCode, output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {Limit}");
        }
    }

    public static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new SortedDictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Whether a program can be found on the PATH.</summary>
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
