using System.Diagnostics;

namespace Tidekeeper.UnitTests.Engines.TiDB.Scripts;

/// <summary>
/// One run of a start script in a directory of its own, with stub programs in front of the real ones. A stub for the
/// server prints each of its arguments on a line.
/// </summary>
internal sealed class ScriptRun : IDisposable
{
    private readonly SortedDictionary<string, string> _environment = new(StringComparer.Ordinal);
    private string _path = ":/usr/bin:/bin";

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tidekeeper-script-").FullName;

    public ScriptRun()
    {
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "bin"));
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "data"));
        Write("podinfo", "app=\"x\"\n");
        Stub("getent", "exit 0");
        Stub("server", "for argument in \"$@\"; do echo \"arg $argument\"; done");
        Set("TIDEKEEPER_PODINFO", Path.Combine(Directory, "podinfo"));
        Set("TIDEKEEPER_SERVER", Path.Combine(Directory, "bin", "server"));
        Set("TIDEKEEPER_DATA_DIR", Path.Combine(Directory, "data"));
        Set("NAMESPACE", "shop");
        Set("CLUSTER_NAME", "basic");
    }

    public ScriptRun Set(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public ScriptRun Write(string file, string text)
    {
        var path = Path.Combine(Directory, file);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Directory, file));

    public ScriptRun Stub(string program, string body)
    {
        Write(Path.Combine("bin", program), "#!/bin/sh\n" + body + "\n");
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("ShellFact skips these tests where there is no /bin/sh");
        File.SetUnixFileMode(
            Path.Combine(Directory, "bin", program),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>An image in which the stubs and these programs of the machine are all that there is.</summary>
    public ScriptRun OnlyWith(params string[] programs)
    {
        File.Delete(Path.Combine(Directory, "bin", "getent"));
        foreach (var program in programs)
            File.CreateSymbolicLink(Path.Combine(Directory, "bin", program), $"/usr/bin/{program}");
        _path = "";
        return this;
    }

    /// <summary>
    /// Runs the script and gives its exit code and what it printed, with the directory's name taken out.
    /// </summary>
    public (int Code, string Output) Run(string script, params string[] arguments)
    {
        Write("script.sh", script);
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory
        };
        start.ArgumentList.Add(Path.Combine(Directory, "script.sh"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Combine(Directory, "bin") + _path;
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("the script did not end within 30 s");
        }

        var said = output + errors.GetAwaiter().GetResult();
        return (process.ExitCode, said.Replace(Directory, "DIR", StringComparison.Ordinal));
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
