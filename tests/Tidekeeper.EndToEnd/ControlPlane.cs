using Tidekeeper.Kube.Http;

namespace Tidekeeper.EndToEnd;

/// <summary>
/// A real Kubernetes without nodes, by <c>eng/control-plane.sh</c>; it ends with this process at the latest.
/// </summary>
public class ControlPlane : IAsyncLifetime
{
    private const string Built = "kubernetes-1.20.2-r4/bin/kube-apiserver";
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-control-plane-").FullName;

    /// <summary>Why there is none here; null where there is one.</summary>
    public static string? Missing { get; } =
        !Client.IsInstalled("kubectl") ? "kubectl is not installed"
        : !File.Exists(Path.Combine(Cache, Built)) ? $"{Built} is not in {Cache}: eng/control-plane.sh build"
        : null;

    private static string Cache =>
        Variable("TIDEKEEPER_CACHE")
        ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Variable("HOME") ?? "/", ".cache"), "tidekeeper");

    /// <summary>The checkout that these tests were built from.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Of <c>eng/control-plane.sh up</c>.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    private string Data => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        if (Missing is not null)
            return;
        await Start();
        await Define("deploy/crds/pingcap.com_tidbclusters.yaml");
    }

    /// <summary>Makes the definition of our kind and waits until it is served.</summary>
    public async Task Define(string file)
    {
        await Kubectl($"create --validate=false -f {file}");
        // `kubectl wait` fails at once while the definition has no status yet.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while ((await TryKubectl("get tidbclusters")).ExitCode != 0)
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
    }

    /// <summary>Without anything of ours in it.</summary>
    public Task Start() => Must("up", ["--owner", $"{Environment.ProcessId}", .. Options]);

    /// <summary>From when until when the API server was away, or not ready yet; null when it always served.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Away { get; private set; }

    /// <summary>The API server ends as in a crash; controllers and scheduler go on.</summary>
    public async Task StopServer()
    {
        Away = (TimeProvider.System.GetUtcNow(), DateTimeOffset.MaxValue);
        await Must("stop");
    }

    /// <summary>It is back with the same address, data and certificates.</summary>
    public async Task StartServer()
    {
        await Must("start");
        Away = (Away!.Value.From, TimeProvider.System.GetUtcNow());
    }

    /// <summary>It starts again with a certificate of a new authority.</summary>
    public Task RenewCertificates() => Must("renew");

    public async Task DisposeAsync()
    {
        if (Missing is null)
            await Script("down");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Paths in the arguments are relative to the repository.</summary>
    public async Task<string> Kubectl(string arguments)
    {
        var said = await TryKubectl(arguments);
        Assert.True(said.ExitCode == 0, $"{arguments}: {said.All}");
        return said.Output;
    }

    internal Task<Said> TryKubectl(string arguments) => Client.Try("kubectl", arguments.Split(' ')
        .Select(one => File.Exists(Path.Combine(Repository, one)) ? Path.Combine(Repository, one) : one),
        new SortedDictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = KubeConfigFile });

    /// <summary>What service accounts have asked, one JSON object a line.</summary>
    public string AuditFile => Path.Combine(Data, "audit.log");

    /// <summary>The certificate of the API server, and of who signed it.</summary>
    public string AuthorityFile => Path.Combine(Data, "certificates", "apiserver.crt");

    public string KubeConfigFile => Path.Combine(Data, "kubeconfig");

    /// <summary>The operator's own client, by the kubeconfig that the script has written.</summary>
    public async Task<HttpTransport> Connect()
    {
        var access = await KubeAccess.Find(KubeConfigFile, null, TimeProvider.System, CancellationToken.None);
        return new HttpTransport(access.Endpoint, access.Credentials, "test", TimeProvider.System);
    }

    private async Task Must(string verb, params string[] options)
    {
        var said = await Script(verb, options);
        Assert.True(said.ExitCode == 0, said.All);
    }

    private Task<Said> Script(string verb, params string[] options) => Client.Try(
        "bash", [Path.Combine(Repository, "eng", "control-plane.sh"), verb, "--data", Data, .. options]);

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tidekeeper.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("no Tidekeeper.slnx above the tests");
        return folder.FullName;
    }
}

/// <summary>
/// One that asks for the right to block an owner's deletion, as some distributions do. It hears of a new definition
/// after up to half a minute, and refuses everything that is owned by its objects until then.
/// </summary>
public sealed class StrictControlPlane : ControlPlane
{
    protected override IReadOnlyList<string> Options => ["--admission", "OwnerReferencesPermissionEnforcement"];
}

/// <summary>A test on a real Kubernetes; skipped, with the reason, where its programs have not been built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ControlPlaneFactAttribute : FactAttribute
{
    public ControlPlaneFactAttribute() => Skip = ControlPlane.Missing;
}

/// <summary>The same for a test with a table.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ControlPlaneTheoryAttribute : TheoryAttribute
{
    public ControlPlaneTheoryAttribute() => Skip = ControlPlane.Missing;
}
