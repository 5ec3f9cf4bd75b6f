using System.Globalization;
using Tidekeeper.Model.Toml;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Databases.TiDB.Processes;

/// <summary>
/// A container of the TiDB family: waits for its DNS name as the start script does, reads its configuration, works,
/// and ends. At most one call to another component is under way at a time.
/// </summary>
internal abstract class SimulatedProcess(ContainerContext context) : IRunningProgram
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private const int NameTries = 30;
    private readonly List<int> _ports = [];
    private DateTimeOffset? _answerBy;
    private Action<HttpReply?>? _then;
    private long _calls;
    private int _tries;
    private bool _named;
    private DateTimeOffset _wake;
    private DateTimeOffset? _told;
    private bool _answered;

    public int? ExitCode { get; private set; }

    protected ContainerContext Context => context;
    protected DateTimeOffset Now => context.Now();
    protected TomlTable Config { get; private set; } = TomlTable.Parse("");
    protected string Version { get; } = Release.Of(context.ImageTag);

    /// <summary>The variable that names the headless service.</summary>
    protected virtual string ServiceVariable => "HEADLESS_SERVICE_NAME";

    /// <summary>What a start script said; none where this process does the script's work itself.</summary>
    protected Flags Flags { get; private set; } = Flags.None;

    /// <summary>Whether a real start script ran before.</summary>
    protected bool IsScripted => context.CommandLine is not null;

    /// <summary>Flags of the binary, as <see cref="Flags"/> reads them.</summary>
    protected abstract string KnownFlags { get; }

    /// <summary>The first word that may be a flag: after the binary's name, and after a subcommand.</summary>
    protected virtual int FlagsFrom => 1;

    /// <summary>The flag with the name by which others reach this pod.</summary>
    protected abstract string HostFlag { get; }

    /// <summary>The flag with PD's address.</summary>
    protected virtual string PdFlag => "";

    /// <summary>The name by which others reach this pod.</summary>
    protected string OwnHost =>
        Flags.Host(HostFlag) ?? ClusterName($"{context.PodName}.{Environment(ServiceVariable)}");

    /// <summary>Where PD is: its service, unless the start script was told otherwise.</summary>
    protected (string Host, int Port) Pd => Flags[PdFlag] is { } given ? Endpoint(given, TidbPorts.PdClient)
        : Endpoint("TIDEKEEPER_PD", $"{Environment("CLUSTER_NAME")}-pd", TidbPorts.PdClient);

    private string ConfigFile => Flags["config"] ?? Flags["config-file"] ?? ConfigPath;

    /// <summary>Where the configuration is mounted.</summary>
    protected abstract string ConfigPath { get; }

    /// <summary>True while SIGTERM is being obeyed.</summary>
    protected bool IsEnding => _told is not null;

    protected virtual TimeSpan ShutdownTime => TimeSpan.FromMilliseconds(300);

    public bool HasNews => ExitCode is not null || IsEnding || !_named || _answered || SeesNews;

    /// <summary>Whether something outside of it has changed that <see cref="Work"/> depends on.</summary>
    protected abstract bool SeesNews { get; }

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        _answered = false;
        if (ExitCode is not null)
            return null;
        if (_told is { } told)
        {
            var due = Leaving(told, now);
            if (due is null)
                End(0);
            return due;
        }

        if (_answerBy is { } by)
        {
            if (now < by)
                return by;
            Answered(null);
        }

        if (now < _wake)
            return _wake;
        try
        {
            var next = !_named ? Begin(now) : Work(now);
            return ExitCode is null ? _answerBy ?? Later(next, _wake) : null;
        }
        catch (IOException fault)
        {
            Fail($"input/output error: {fault.Message}");
            return null;
        }
    }

    public void Terminate()
    {
        if (ExitCode is not null || IsEnding)
            return;
        Log("INFO", "got signal to exit", "signal=terminated");
        _told = Now;
        Stopping();
    }

    public void Kill()
    {
        if (ExitCode is null)
            End(137);
    }

    /// <summary>Does what can be done now; returns when to call again.</summary>
    protected abstract DateTimeOffset? Work(DateTimeOffset now);

    /// <summary>Checks the configuration, throwing <see cref="ConfigFault"/>; called once, before any work.</summary>
    protected virtual void CheckConfig() { }

    /// <summary>SIGTERM has come; ports are still open.</summary>
    protected virtual void Stopping() { }

    /// <summary>
    /// Works towards the end that was asked for at <paramref name="told"/>; returns when to call again, and null when
    /// nothing is left to do.
    /// </summary>
    protected virtual DateTimeOffset? Leaving(DateTimeOffset told, DateTimeOffset now) =>
        now < told + ShutdownTime ? told + ShutdownTime : null;

    /// <summary>The process is gone; whatever it held in the world must be let go.</summary>
    protected abstract void Ended();

    protected void Sleep(TimeSpan time) => _wake = Now + time;

    /// <summary>Ends the process with the reason as its last line.</summary>
    protected void Fail(string why, params string[] fields)
    {
        Log("FATAL", why, fields);
        End(1);
    }

    protected void Listen(int port, IListener listener)
    {
        context.Network.Listen(context.PodAddress, port, listener);
        _ports.Add(port);
    }

    protected void StopListening(int port)
    {
        if (_ports.Remove(port))
            context.Network.Close(context.PodAddress, port);
    }

    /// <summary>
    /// Calls another component; <paramref name="then"/> gets null when there is no answer within the limit.
    /// </summary>
    protected void Ask(
        string host, int port, HttpCall call, Action<HttpReply?> then, TimeSpan? limit = null)
    {
        var number = ++_calls;
        _answerBy = Now + (limit ?? AnswerLimit);
        _then = then;
        var send = context.Call ?? ((to, at, what, answer) =>
            context.Network.Send(context.PodAddress, to, at, what, answer));
        send(host, port, call, reply =>
        {
            if (number == _calls && ExitCode is null)
                Answered(reply);
        });
    }

    /// <summary>
    /// The volume that is mounted at a folder, or above it; null when there is none, and data would go with the
    /// container.
    /// </summary>
    protected IVolume? VolumeAt(string folder)
    {
        folder = folder.TrimEnd('/');
        for (var at = folder; at.Length > 0; at = at[..at.LastIndexOf('/')])
        {
            if (context.Volumes.TryGetValue(at, out var volume))
                return at == folder ? volume : new SubVolume(volume, folder[(at.Length + 1)..]);
        }

        return null;
    }

    protected void Log(string level, string message, params string[] fields)
    {
        var time = Now.ToString("yyyy/MM/dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);
        context.Log($"[{time}] [{level}] [\"{message}\"]{string.Concat(fields.Select(f => $" [{f}]"))}");
    }

    protected string Environment(string name, string otherwise = "") =>
        context.Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : otherwise;

    /// <summary>A name in this namespace as cluster DNS knows it from everywhere.</summary>
    protected string ClusterName(string name)
    {
        var domain = Environment("TIDEKEEPER_CLUSTER_DOMAIN");
        return $"{name}.{context.Namespace}.svc{(domain.Length > 0 ? "." + domain : "")}";
    }

    /// <summary>An address from the environment, with or without a scheme; of several the first.</summary>
    protected (string Host, int Port) Endpoint(string variable, string service, int port)
    {
        var given = Environment(variable);
        return given.Length == 0 ? (ClusterName(service), port) : Endpoint(given, port);
    }

    private static (string Host, int Port) Endpoint(string list, int port)
    {
        var given = list.Split(',')[0];
        var address = given.Contains("://", StringComparison.Ordinal) ? given : $"http://{given}";
        return Uri.TryCreate(address, UriKind.Absolute, out var url) ? (url.Host, url.Port) : (given, port);
    }

    /// <summary>A port as the start script's variable gives it; null when it gives none.</summary>
    protected int? PortVariable(string name) =>
        int.TryParse(Environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    private void Answered(HttpReply? reply)
    {
        _calls++;
        _answered = true;
        _answerBy = null;
        var then = _then;
        _then = null;
        if (!IsEnding)
            then?.Invoke(reply);
    }

    private DateTimeOffset? Begin(DateTimeOffset now)
    {
        if (!IsScripted && !HasName())
            return now + Poll;
        _named = true;
        try
        {
            if (context.CommandLine is { } words)
                Flags = new Flags([.. words.Skip(FlagsFrom)], KnownFlags);
            Config = TomlTable.Parse(context.ReadFile(ConfigFile) ?? "");
            CheckConfig();
        }
        catch (Exception fault) when (fault is TomlException or ConfigFault)
        {
            Fail("load config failed", $"path={ConfigFile}", $"error=\"{fault.Message}\"");
            return null;
        }

        return now;
    }

    private bool HasName()
    {
        var addresses = context.Network.Resolve(context.PodAddress, OwnHost);
        if (addresses.Contains(context.PodAddress))
            return true;
        context.Log($"waiting for domain {OwnHost} to resolve to {context.PodAddress}; it resolves to "
            + (addresses.Count == 0 ? "nothing" : string.Join(", ", addresses)));
        if (++_tries == NameTries)
        {
            context.Log($"waiting for cluster domain of {OwnHost} timeout");
            End(1);
        }

        return false;
    }

    private static DateTimeOffset? Later(DateTimeOffset? due, DateTimeOffset wake) =>
        due is null || due >= wake ? due : wake;

    private void End(int code)
    {
        ExitCode = code;
        _calls++;
        foreach (var port in _ports)
            context.Network.Close(context.PodAddress, port);
        _ports.Clear();
        Ended();
    }
}
