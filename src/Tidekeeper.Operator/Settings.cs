using System.Globalization;
using Tidekeeper.Model.Admin.TiDB;

namespace Tidekeeper.Operator;

/// <summary>What can be set, from flags and environment. A flag wins over its variable.</summary>
public sealed record Settings
{
    public string Command { get; init; } = "run";
    public string? KubeConfig { get; init; }
    public string? Context { get; init; }
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>False spares the API server a question whose answer is no.</summary>
    public bool Nodes { get; init; } = true;

    public int Workers { get; init; } = 8;
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(5);
    public bool LeaderElection { get; init; } = true;
    public string LeaseNamespace { get; init; } = "";
    public string LeaseName { get; init; } = "tidekeeper-operator";
    public string Identity { get; init; } = "";
    public int Port { get; init; } = 8080;
    public string Address { get; init; } = "0.0.0.0";
    public bool JsonLog { get; init; }
    public string OperatorImage { get; init; } = "";
    public int? Seed { get; init; }

    /// <summary>By component.</summary>
    public SortedDictionary<string, TimeSpan> FailoverPeriods { get; init; } = new(StringComparer.Ordinal);

    private sealed record Flag(
        string Name, string Variable, string Value, string Reason, Func<Settings, string, Settings> Set);

    /// <summary>The components that have a failover period of their own, as with the Go operator.</summary>
    private static readonly string[] FailingOver = ["pd", "tikv", "tiflash", "tidb"];

    private static readonly Flag[] Flags =
    [
        new("kubeconfig", "", "FILE", "cluster to work on; else $KUBECONFIG, the pod's account, ~/.kube/config",
            (s, v) => s with { KubeConfig = v }),
        new("context", "", "NAME", "context of the kubeconfig; else its current one", (s, v) => s with { Context = v }),
        new("namespaces", "TIDEKEEPER_NAMESPACES", "A,B", "watch only these, which needs no cluster-wide rights",
            (s, v) => s with { Namespaces = v.Split(',', StringSplitOptions.RemoveEmptyEntries) }),
        new("nodes", "TIDEKEEPER_NODES", "true|false", "use nodes where they may be read (true)",
            (s, v) => s with { Nodes = Truth(v) }),
        new("workers", "TIDEKEEPER_WORKERS", "N", "clusters reconciled at the same time (8)",
            (s, v) => s with { Workers = Number(v, 1, 1000) }),
        new("heartbeat", "TIDEKEEPER_HEARTBEAT", "SECONDS", "how often to look at a settled cluster (300)",
            (s, v) => s with { Heartbeat = TimeSpan.FromSeconds(Number(v, 1, 86400)) }),
        new("leader-election", "TIDEKEEPER_LEADER_ELECTION", "true|false",
            "of several operators one works (true); false only if there is never a second one",
            (s, v) => s with { LeaderElection = Truth(v) }),
        new("lease-namespace", "POD_NAMESPACE", "NS", "where the Lease is; else the namespace of the access",
            (s, v) => s with { LeaseNamespace = v }),
        new("lease-name", "", "NAME", "another name lets operators of different scope coexist (tidekeeper-operator)",
            (s, v) => s with { LeaseName = v }),
        new("identity", "HOSTNAME", "TEXT", "our name in the Lease; unique, else two operators think they are one",
            (s, v) => s with { Identity = v }),
        new("port", "TIDEKEEPER_PORT", "N", "of /healthz, /readyz and /metrics; 0 takes any free one (8080; "
            + "discovery: 10261)", (s, v) => s with { Port = Number(v, 0, 65535) }),
        new("address", "TIDEKEEPER_ADDRESS", "IP", "to listen on (0.0.0.0)", (s, v) => s with { Address = v }),
        new("log-format", "TIDEKEEPER_LOG_FORMAT", "plain|json", "json for collectors (plain)",
            (s, v) => s with { JsonLog = OneOf(v, "plain", "json") == "json" }),
        new("operator-image", "TIDEKEEPER_IMAGE", "IMAGE", "that discovery pods run; else this version's",
            (s, v) => s with { OperatorImage = v }),
        new("seed", "", "N", "of all random choices, to repeat a run; else from the clock",
            (s, v) => s with { Seed = Number(v, int.MinValue, int.MaxValue) }),
        .. FailingOver.Select(component => new Flag(
            $"{component}-failover-period", "", "DURATION",
            $"how long a {component} member fails before another takes its place, unless spec.{component}"
                + ".failoverPeriod says it (5m)",
            (s, v) => s with
            {
                FailoverPeriods = new(s.FailoverPeriods, StringComparer.Ordinal) { [component] = Period(v) },
            })),
    ];

    /// <summary>Reads arguments and environment; throws <see cref="ArgumentException"/> with a sentence.</summary>
    public static Settings Read(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        var settings = new Settings();
        foreach (var flag in Flags)
            if (flag.Variable.Length > 0 && variable(flag.Variable) is { Length: > 0 } value)
                settings = Set(settings, flag, $"${flag.Variable}", value);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "-h" or "--help")
                return settings with { Command = "help" };
            if (argument == "--version")
                return settings with { Command = "version" };
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                settings = settings with { Command = OneOf(argument, "run", "discovery", "version", "help") };
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            var flag = Flags.FirstOrDefault(f => f.Name == name)
                ?? throw new ArgumentException($"{argument}: there is no such flag; see --help");
            if (equals < 0 && ++i == arguments.Count)
                throw new ArgumentException($"--{name}: needs a value: {flag.Value}");
            settings = Set(settings, flag, $"--{name}", equals < 0 ? arguments[i] : argument[(equals + 1)..]);
        }

        return settings;
    }

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help()
    {
        var lines = Flags.Select(f =>
            $"  {$"--{f.Name} {f.Value}",-30} {f.Reason}{(f.Variable.Length > 0 ? $" [${f.Variable}]" : "")}");
        return $"""
            tidekeeper-operator [run|discovery|version] [FLAGS]

              run        keeps database clusters as their objects say (the default)
              discovery  tells the PD pods of one namespace how to begin
              version    prints the version

            {string.Join('\n', lines)}

            HTTP_PROXY, HTTPS_PROXY and NO_PROXY are respected, for the API server and for databases.

            """;
    }

    private static Settings Set(Settings settings, Flag flag, string origin, string value)
    {
        try
        {
            return flag.Set(settings, value);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"{origin}: '{value}' {e.Message}");
        }
    }

    private static int Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new FormatException($"is no number from {least} to {most}");

    private static TimeSpan Period(string value) =>
        GoDuration.Parse(value) is { } period && period >= TimeSpan.FromSeconds(10)
            ? period
            : throw new FormatException("is no duration from 10s on, such as 5m");

    private static bool Truth(string value) => OneOf(value, "true", "false") == "true";

    private static string OneOf(string value, params string[] allowed) =>
        allowed.Contains(value, StringComparer.Ordinal)
            ? value
            : throw new FormatException($"is none of: {string.Join(", ", allowed)}");
}
