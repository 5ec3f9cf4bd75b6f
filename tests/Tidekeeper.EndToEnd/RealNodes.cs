namespace Tidekeeper.EndToEnd;

/// <summary>
/// Three kubelets with their containerds by <c>eng/node.sh</c>, and the images that their pods need; they end with this
/// process at the latest.
/// </summary>
internal sealed class RealNodes(string folder)
{
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing { get; } = FindObstacle();

    private static string Images => Path.Combine(ControlPlane.Repository, "artifacts", "images");

    /// <summary>Waits for its turn: there can be one set of them on a machine.</summary>
    public async Task Start(string kubeconfig)
    {
        await Turn.WaitAsync();
        await Must("up", "--owner", $"{Environment.ProcessId}", "--kubeconfig", kubeconfig);
        await Must(["import", .. Directory.EnumerateFiles(Images, "*.tar")]);
    }

    public async Task Stop()
    {
        await Must("down");
        Turn.Release();
    }

    /// <summary>Processes in containers that were started by these words.</summary>
    public static IEnumerable<int> Processes(string command) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
            && CommandLine(folder).StartsWith(command, StringComparison.Ordinal)
        select int.Parse(Path.GetFileName(folder));

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended meanwhile
        }
    }

    private async Task Must(params string[] arguments)
    {
        var said = await Script([.. arguments, "--data", folder]);
        Assert.True(said.ExitCode == 0, said.All);
    }

    private static Task<Said> Script(params string[] arguments) =>
        Client.Try("bash", [Path.Combine(ControlPlane.Repository, "eng", "node.sh"), .. arguments]);

    private static string? FindObstacle()
    {
        if (!File.Exists(Path.Combine(Images, "stand-ins.tar")))
            return $"no images are in {Images}: ./tide image operator stand-ins";
        var said = Script("can").GetAwaiter().GetResult();
        return said.ExitCode == 0 ? null : said.All.Trim();
    }
}
