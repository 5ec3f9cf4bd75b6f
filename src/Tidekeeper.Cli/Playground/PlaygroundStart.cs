using System.Diagnostics;
using Tidekeeper.Cli.Commands;

namespace Tidekeeper.Cli.Playground;

/// <summary>What the user may say about a new playground.</summary>
internal sealed record NewPlayground
{
    public int Nodes { get; init; } = 3;
    public int Zones { get; init; } = 3;

    /// <summary>Regions of a database that has just begun.</summary>
    public int Regions { get; init; } = 60;

    /// <summary>Port of the Kubernetes API on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether the Kubernetes API speaks HTTPS.</summary>
    public bool Tls { get; init; }

    /// <summary>Where objects and volumes live; null: in memory.</summary>
    public string? DataDirectory { get; init; }

    public bool WithOperator { get; init; } = true;
}

/// <summary>Starts the playground as a process of its own, which outlives the command and its terminal.</summary>
internal static class PlaygroundStart
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<Session> Run(NewPlayground options, CancellationToken cancel) =>
        Run(Arguments(options), cancel);

    /// <param name="arguments">A command of this tool that saves a <see cref="Session"/> when it is ready.</param>
    public static async Task<Session> Run(IEnumerable<string> arguments, CancellationToken cancel)
    {
        MakeHome();
        Session.Forget();
        Orphans.End();
        cancel.ThrowIfCancellationRequested();
        var processId = await Spawn(arguments);
        try
        {
            return await Answer(processId, cancel);
        }
        catch (OperationCanceledException) when (Session.StartOf(processId) is not null)
        {
            // Nobody knows it yet, so nobody else can end it.
            await DownCommand.End(processId, CancellationToken.None);
            Session.Forget();
            throw;
        }
    }

    private static async Task<Session> Answer(int processId, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!limit.IsCancellationRequested)
        {
            if (Session.Find() is { } session)
                return session;
            if (Session.StartOf(processId) is null)
                throw new CommandFailure(ExitCodes.Environment, $"the playground did not start: {LastLines()}");
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, cancel);
        }

        throw new CommandFailure(ExitCodes.Environment,
            $"the playground did not answer within {Patience.TotalSeconds:0} s; its log is {Session.LogPath}");
    }

    private static void MakeHome()
    {
        try
        {
            Directory.CreateDirectory(Session.Home);
            // A folder of somebody else is there and takes nothing.
            File.WriteAllText(Session.LogPath, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Environment,
                $"{Session.Home} cannot be written: {e.Message} Set TIDE_HOME to a folder that can be");
        }
    }

    private static async Task<int> Spawn(IEnumerable<string> arguments)
    {
        // Not to be interrupted: who does not know the process cannot end it.
        // The shell lets the child start with its output in a file, so that nobody who waits for ours waits for the
        // child's.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; \"$@\" >\"$log\" 2>&1 </dev/null & echo $!");
        start.ArgumentList.Add("tide");
        start.ArgumentList.Add(Session.LogPath);
        foreach (var argument in (string[])[.. ThisProgram(), .. arguments])
            start.ArgumentList.Add(argument);
        using var shell = Process.Start(start)
            ?? throw new CommandFailure(ExitCodes.Environment, "/bin/sh does not start");
        var line = await shell.StandardOutput.ReadLineAsync();
        await shell.WaitForExitAsync();
        return int.Parse(line ?? "0");
    }

    private static IEnumerable<string> ThisProgram()
    {
        // Under `dotnet tide.dll` the host is dotnet and needs the assembly; a published tide starts itself.
        yield return System.Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet")
            yield return Path.Combine(AppContext.BaseDirectory, "tide.dll");
    }

    private static IEnumerable<string> Arguments(NewPlayground options)
    {
        yield return "serve";
        yield return $"--nodes={options.Nodes}";
        yield return $"--zones={options.Zones}";
        yield return $"--regions={options.Regions}";
        yield return $"--port={options.Port}";
        if (options.Tls)
            yield return "--tls";
        if (options.DataDirectory is { } directory)
            yield return $"--data-dir={Path.GetFullPath(directory)}";
        if (!options.WithOperator)
            yield return "--no-operator";
    }

    /// <summary>A fault that has a sentence is one line of the log, after the name of the program.</summary>
    private static string LastLines()
    {
        var lines = File.ReadLines(Session.LogPath).TakeLast(10).ToArray();
        const string ours = "tide: ";
        return Array.FindLast(lines, line => line.StartsWith(ours, StringComparison.Ordinal)) is { } said
            ? said[ours.Length..]
            : $"its log {Session.LogPath} ends with\n{string.Join('\n', lines)}";
    }
}
