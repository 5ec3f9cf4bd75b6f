using System.Net;
using System.Net.Sockets;
using Tidekeeper.Model.StandIns;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// Where stand-ins find their world: takes their connections, and the connections of those who call on their ports.
/// </summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SortedDictionary<string, TaskCompletionSource<Socket>> _files = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly World _world;
    private readonly WorldDriver _driver;
    private readonly PodCalls _calls;
    private readonly ISqlFront _sql;
    private readonly HttpSockets _http;
    private readonly StandInPods _pods;
    private readonly Action<string> _report;
    private LoopbackSocket? _socket;

    public StandInServer(
        World world, WorldDriver driver, ProgramCatalog programs, PodCalls calls, ISqlFront sql, Action<string> report)
    {
        (_world, _driver, _calls, _sql, _report) = (world, driver, calls, sql, report);
        _http = new HttpSockets(calls.Answer);
        _pods = new StandInPods(world, programs);
        world.Add(_pods);
    }

    public IPEndPoint Address => _socket!.Address;

    /// <exception cref="SocketException">The address is not to be had.</exception>
    public async Task Start(IPEndPoint address, CancellationToken cancel)
    {
        await _http.Start(cancel);
        lock (_world.Gate)
        {
            _world.Network.Listening = (at, port, _) => _pods.Listening(at, port);
            _world.Network.Closed = _pods.Closed;
        }

        _socket = new LoopbackSocket(address.Address, address.Port, connection => _ = Take(connection));
    }

    public async ValueTask DisposeAsync()
    {
        lock (_world.Gate)
        {
            _world.Network.Listening = null;
            _world.Network.Closed = null;
        }

        _socket?.Dispose();
        await _stop.CancelAsync();
        await _http.DisposeAsync();
        _stop.Dispose();
    }

    private async Task Take(Socket connection)
    {
        connection.NoDelay = true;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(Patience);
            StandInMessage? first;
            await using (var stream = new NetworkStream(connection, ownsSocket: false))
                first = await StandInWire.Read(stream, limit.Token);
            switch (first)
            {
                case Hello hello:
                    await Welcome(connection, hello, limit.Token);
                    break;
                case FilesOf files:
                    FilesFor(files.Session).TrySetResult(connection);
                    break;
                case Caller caller:
                    await Connect(connection, caller);
                    break;
                default:
                    connection.Dispose();
                    break;
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException
            or SocketException or ObjectDisposedException)
        {
            connection.Dispose();
        }
    }

    /// <summary>Waits for the second connection, then lets the component begin.</summary>
    private async Task Welcome(Socket connection, Hello hello, CancellationToken limit)
    {
        using var link = new StandInLink(connection, hello);
        using var files = new StandInFiles(await FilesFor(hello.Session).Task.WaitAsync(limit));
        lock (_lock)
            _files.Remove(hello.Session);
        var who = $"{hello.Environment.GetValueOrDefault("POD_NAME", "?")} ({link.Address})";
        _report($"{who}: {string.Join(' ', hello.CommandLine)}");
        var serving = link.Serve(_driver.Do, _stop.Token);
        _driver.Do(() => _pods.Start(link, files));
        await serving;
        _report($"{who}: ended");
    }

    /// <summary>Of the two connections of a stand-in either may be heard first.</summary>
    private TaskCompletionSource<Socket> FilesFor(string session)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(session, out var files))
                _files[session] = files = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return files;
        }
    }

    /// <summary>To the listener behind a port: what a caller says there is said to it.</summary>
    private async Task Connect(Socket connection, Caller caller)
    {
        var pod = ((IPEndPoint)connection.RemoteEndPoint!).Address.MapToIPv4();
        switch (_driver.Look(() => _world.Network.At(pod.ToString(), caller.Port)))
        {
            case ISqlListener sql:
                await using (var stream = new NetworkStream(connection, ownsSocket: true))
                    await _sql.Serve(sql, stream, caller.Address, _stop.Token);
                break;
            case null:
                connection.Dispose();
                break;
            default:
                _http.Accept(connection, new IPEndPoint(pod, caller.Port));
                break;
        }
    }
}
