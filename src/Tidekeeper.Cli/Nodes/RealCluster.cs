using System.Runtime.InteropServices;
using Tidekeeper.Cli.Playground;
using Tidekeeper.Kube;
using Tidekeeper.Kube.Http;
using Tidekeeper.Playground;
using Tidekeeper.Playground.Server;
using Tidekeeper.Playground.Server.MySql;

namespace Tidekeeper.Cli.Nodes;

/// <summary>
/// What a process of <c>tide node</c> has of the cluster that it works for: the way to its API, a world that mirrors
/// it, ports for its SQL, and the session that tells other commands of it, until somebody stops the process.
/// </summary>
internal sealed class RealCluster : IDisposable
{
    private const string Agent = "tide-node";
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _life = new();
    private readonly PosixSignalRegistration _onTerm;
    private readonly CancellationTokenRegistration _onCancel;
    private readonly string _kubeconfig;
    private readonly HttpTransport _transport;
    private Following? _following;
    private SqlPorts? _ports;

    private RealCluster(string kubeconfig, KubeAccess access, CancellationToken cancel)
    {
        (_kubeconfig, Access) = (kubeconfig, access);
        _onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _stop.TrySetResult();
        });
        _onCancel = cancel.Register(() => _stop.TrySetResult());
        var agent = $"{Agent}/{OperatorInstall.Version}";
        _transport = new HttpTransport(access.Endpoint, access.Credentials, agent, TimeProvider.System);
        Api = new RemoteApi(access, agent);
        World = new World(TimeProvider.System, unchecked((int)TimeProvider.System.GetUtcNow().Ticks), elsewhere: Api);
        Sql = new MySqlFront(World);
    }

    public KubeAccess Access { get; }

    public RemoteApi Api { get; }

    public World World { get; }

    public MySqlFront Sql { get; }

    public static async Task<RealCluster> Find(string kubeconfig, CancellationToken cancel) =>
        new(kubeconfig, await KubeAccess.Find(kubeconfig, null, TimeProvider.System, cancel), cancel);

    public static void Report(string line) => Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}");

    /// <summary>Returns when the world knows all there is.</summary>
    public async Task Follow(WorldDriver driver, CancellationToken cancel)
    {
        _following = new Following(new KubeApi(_transport, Agent), World, driver, Report);
        await _following.Start(_life.Token, cancel);
    }

    /// <summary>Called with the world's gate held, when nodes and disks are there.</summary>
    public void OpenSqlPorts() => World.Add(_ports = new SqlPorts(World, Sql));

    /// <summary>Tells other commands, and returns when the process is to stop.</summary>
    /// <param name="said">What now is, for people.</param>
    public async Task Serve(Uri proxy, string said, CancellationToken cancel)
    {
        Kubeconfig.Write(Session.KubeconfigPath, await File.ReadAllTextAsync(_kubeconfig, cancel));
        new Session(System.Environment.ProcessId, Access.Endpoint.Server.ToString(), proxy.ToString(), true, null)
            .Save();
        Console.WriteLine($"{said}; the proxy into the cluster is at {proxy}");
        await _stop.Task;
        Console.WriteLine("stopping");
    }

    public async Task Leave()
    {
        await _life.CancelAsync();
        if (_following is not null)
            await _following.End();
    }

    public void Dispose()
    {
        _ports?.Dispose();
        _life.Dispose();
        Api.Dispose();
        _transport.Dispose();
        _onCancel.Dispose();
        _onTerm.Dispose();
    }
}
