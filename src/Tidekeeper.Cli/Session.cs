using System.Text.Json.Nodes;

namespace Tidekeeper.Cli;

/// <summary>
/// What one <c>tide</c> command leaves for the next: where the playground runs. Kept in <c>$TIDE_HOME</c>, by default
/// <c>~/.tidekeeper</c>; two homes are two independent playgrounds.
/// </summary>
internal sealed record Session(int ProcessId, string Server, string Proxy, bool HasOperator, string? DataDirectory)
{
    public static string Home { get; } =
        System.Environment.GetEnvironmentVariable("TIDE_HOME") is { Length: > 0 } home
            ? Path.GetFullPath(home)
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
                ".tidekeeper");

    public static string KubeconfigPath => Path.Combine(Home, "kubeconfig");
    public static string LogPath => Path.Combine(Home, "playground.log");
    private static string StatePath => Path.Combine(Home, "playground.json");

    /// <summary>
    /// The playground that runs now; null when there is none. A stale file of a dead process counts as none.
    /// </summary>
    public static Session? Find()
    {
        if (!File.Exists(StatePath) || JsonNode.Parse(File.ReadAllText(StatePath)) is not JsonObject state)
            return null;
        var session = new Session(
            (int)state["processId"]!, (string)state["server"]!, (string)state["proxy"]!,
            (bool)state["hasOperator"]!, (string?)state["dataDirectory"]);
        return IsAlive(session.ProcessId, (string?)state["started"]) ? session : null;
    }

    public static Session Require() =>
        Find() ?? throw new CommandFailure(ExitCodes.NotFound,
            "no playground is running; start one with: tide up");

    public void Save()
    {
        Directory.CreateDirectory(Home);
        var state = new JsonObject
        {
            ["processId"] = ProcessId,
            ["started"] = StartOf(ProcessId),
            ["server"] = Server,
            ["proxy"] = Proxy,
            ["hasOperator"] = HasOperator,
            ["dataDirectory"] = DataDirectory,
        };
        var draft = StatePath + ".new";
        File.WriteAllText(draft, state.ToJsonString());
        File.Move(draft, StatePath, overwrite: true);
    }

    /// <summary>Whether the last playground, if there was one, was stopped on purpose.</summary>
    public static bool IsForgotten => !File.Exists(StatePath);

    public static void Forget()
    {
        if (!Directory.Exists(Path.GetDirectoryName(StatePath)))
            return;
        File.Delete(StatePath);
        File.Delete(KubeconfigPath);
    }

    // A process id is reused sooner or later; with the time of its start it is not.
    private static bool IsAlive(int processId, string? started) => StartOf(processId) is { } now && now == started;

    // Field 22 of /proc/PID/stat: clock ticks since boot, the same for whoever asks, unlike a computed wall-clock time.
    internal static string? StartOf(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // A zombie has ended; only nobody has asked for its exit code.
            return fields[0] == "Z" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
