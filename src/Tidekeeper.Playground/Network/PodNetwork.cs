namespace Tidekeeper.Playground.Network;

/// <summary>
/// The network between pods. Programs listen on an address of their own and call each other by address or by cluster
/// DNS name. Calls inside the world are delivered in memory; <see cref="Outside"/> reaches what is not in it, and the
/// server project puts a real socket in front of every listener (<see cref="Listening"/>, <see cref="Closed"/>).
/// </summary>
public sealed class PodNetwork
{
    private readonly SortedDictionary<(string Address, int Port), IListener> _listeners = [];

    /// <summary>
    /// Grows with every listener opened or closed and every call delivered, so that a driver sees progress.
    /// </summary>
    public long Activity { get; private set; }

    /// <summary>
    /// Resolves a DNS name to addresses, as cluster DNS would: (address of who asks, name) → addresses. Who asks
    /// matters,
    /// since a bare service name means the service in the asker's namespace. Empty: no such name.
    /// </summary>
    public Func<string, string, IReadOnlyList<string>> Resolve { get; set; } = (_, _) => [];

    /// <summary>
    /// May refuse or cut a connection: (from address, to address, port) → allowed. The simulation's partitions; set
    /// anew whenever its answers change, so that those notice who had nothing to do before.
    /// </summary>
    public Func<string, string, int, bool> Reachable
    {
        get;
        set => (field, Cuts, Activity) = (value, Cuts + 1, Activity + 1);
    } = (_, _, _) => true;

    /// <summary>Grows with every change of who reaches whom.</summary>
    public long Cuts { get; private set; }

    /// <summary>Carries calls to addresses where nothing in this world listens; null refuses them.</summary>
    public Action<string, int, HttpCall, Action<HttpReply?>>? Outside { get; set; }

    /// <summary>Told about every listener that opens; the server opens a real socket for it.</summary>
    public Action<string, int, IListener>? Listening { get; set; }

    /// <summary>Told about every listener that closes.</summary>
    public Action<string, int>? Closed { get; set; }

    /// <summary>Opens a port. Throws when the address and port are taken: two pods never share an address.</summary>
    public void Listen(string address, int port, IListener listener)
    {
        if (!_listeners.TryAdd((address, port), listener))
            throw new InvalidOperationException($"{address}:{port} is already in use");
        Activity++;
        Listening?.Invoke(address, port, listener);
    }

    public void Close(string address, int port)
    {
        if (!_listeners.Remove((address, port)))
            return;
        Activity++;
        Closed?.Invoke(address, port);
    }

    /// <summary>Whether something listens there, as a TCP probe would find out.</summary>
    public IListener? At(string address, int port) => _listeners.GetValueOrDefault((address, port));

    public IReadOnlyList<(string Address, int Port, IListener Listener)> Listeners =>
        [.. _listeners.Select(l => (l.Key.Address, l.Key.Port, l.Value))];

    /// <summary>
    /// Sends an HTTP call. <paramref name="reply"/> gets the answer, or null when the name does not resolve, nothing
    /// listens there, or the connection is cut; it may be called before this method returns, or any time later.
    /// </summary>
    public void Send(string from, string host, int port, HttpCall call, Action<HttpReply?> reply)
    {
        Activity++;
        var addresses = host.Length > 0 && char.IsAsciiDigit(host[0]) ? [host] : Resolve(from, host);
        foreach (var address in addresses)
        {
            if (!Reachable(from, address, port))
                continue;
            if (At(address, port) is IHttpListener listener)
            {
                listener.Handle(call, reply);
                return;
            }
        }

        if (Outside is { } outside && addresses.Count > 0)
            outside(addresses[0], port, call, reply);
        else
            reply(null);
    }
}
