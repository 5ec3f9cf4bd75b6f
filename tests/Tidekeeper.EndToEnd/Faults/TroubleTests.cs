using Tidekeeper.EndToEnd.Charts;
using Tidekeeper.EndToEnd.Rights;

namespace Tidekeeper.EndToEnd.Faults;

/// <summary>
/// A real API server that refuses everything for a while, is slow, or ends watches: the operator says so, does not ask
/// without end, and has done what was asked of it soon after.
/// </summary>
public sealed class TroubleTests(TroubledControlPlane world) : IClassFixture<TroubledControlPlane>
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(8);
    private const string Strategy = """{"spec":{"configUpdateStrategy":"InPlace"}}""";
    private readonly ControlPlane _plane = world.Plane;

    [HelmOnControlPlaneTheory]
    [InlineData(429, "429 Too many requests, please try again later.")]
    [InlineData(500, "500 out of order")]
    [InlineData(503, "503 out of order")]
    public async Task One_that_refuses_everything_is_quoted_asked_seldom_and_obeyed_when_it_is_back(
        int status, string words)
    {
        var ns = $"refuses-{status}";
        await Create(ns);
        await world.Server.Becomes(new Trouble(Status: status));
        await Change(ns);
        await world.Operator.Says(words);
        await Task.Delay(Lasts, TimeProvider.System);
        Assert.InRange(world.Server.Asked, 1, 100);
        Assert.Equal("1", await _plane.Kubectl($"get -n {ns} tc/basic -o jsonpath={{.status.observedGeneration}}"));
        await world.Server.Becomes(Trouble.None);
        await Observed(ns, 2);
    }

    [HelmOnControlPlaneFact]
    public async Task One_that_is_slow_is_waited_for()
    {
        await Create("slow");
        await world.Server.Becomes(new Trouble(Delay: TimeSpan.FromSeconds(2)));
        await Change("slow");
        await Observed("slow", 2);
        await world.Server.Becomes(Trouble.None);
    }

    [HelmOnControlPlaneFact]
    public async Task One_that_cuts_every_watch_in_the_middle_of_a_line_is_followed_all_the_same()
    {
        await Create("cuts");
        await world.Server.Becomes(new Trouble(CutsWatches: true));
        await Change("cuts");
        await Observed("cuts", 2);
        await Task.Delay(Lasts, TimeProvider.System);
        Assert.InRange(world.Server.Asked, 1, 200);
        await world.Server.Becomes(Trouble.None);
    }

    private async Task Create(string ns)
    {
        await _plane.Kubectl($"create namespace {ns}");
        await _plane.Kubectl($"create -n {ns} -f examples/tidb/basic.yaml");
        await Observed(ns, 1);
    }

    private Task Change(string ns) => _plane.Kubectl(
        $"patch -n {ns} tc/basic --type=merge -p " + Strategy);

    private async Task Observed(string ns, int generation)
    {
        var said = await _plane.TryKubectl(
            $"wait -n {ns} tc/basic --for=jsonpath={{.status.observedGeneration}}={generation} --timeout=90s");
        Assert.True(said.ExitCode == 0, $"{said.All}\n{world.Server.Asked} requests\n{world.Operator.Log}");
    }
}

/// <summary>The chart's operator on a control plane without nodes, which it asks through somebody else.</summary>
public sealed class TroubledControlPlane : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tide-troubled-").FullName;
    private InstalledOperator? _operator;
    private TroubledServer? _server;

    public ControlPlane Plane { get; } = new();

    internal InstalledOperator Operator => _operator!;

    internal TroubledServer Server => _server!;

    public async Task InitializeAsync()
    {
        if (ControlPlane.Missing is not null || !Client.IsInstalled("helm"))
            return;
        await Plane.InitializeAsync();
        _server = await TroubledServer.Before(Plane);
        _operator = await InstalledOperator.Install(Plane, _folder, _server.Address);
    }

    public async Task DisposeAsync()
    {
        if (_operator is not null)
            await _operator.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        await Plane.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
