using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Tidekeeper.Model.StandIns;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// The conversation with one stand-in: what it is told is sent in order by a task of its own, so that nobody waits for
/// it with the world's gate held.
/// </summary>
internal sealed class StandInLink(Socket connection, Hello hello) : IDisposable
{
    private readonly Channel<StandInMessage> _outgoing = Channel.CreateUnbounded<StandInMessage>();
    private readonly ConcurrentDictionary<int, Action<Answer>> _asked = new();
    private readonly NetworkStream _stream = new(connection, ownsSocket: true);
    private int _number;

    public Hello Hello => hello;

    /// <summary>The pod's address: nothing on the way changes it.</summary>
    public string Address { get; } = ((IPEndPoint)connection.RemoteEndPoint!).Address.MapToIPv4().ToString();

    /// <summary>The process was asked to end (SIGTERM).</summary>
    public bool IsToldToEnd { get; private set; }

    /// <summary>The process or its container has gone.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Listens until the stand-in has gone; rings for everything that the world has to hear of.</summary>
    public async Task Serve(Action<Action> enter, CancellationToken stop)
    {
        var sending = Send(stop);
        try
        {
            while (await StandInWire.Read(_stream, stop) is { } message)
            {
                if (message is Terminated)
                    enter(() => IsToldToEnd = true);
                else if (message is Answer answer && _asked.TryRemove(answer.Number, out var then))
                    enter(() => then(answer));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException
            or ObjectDisposedException)
        {
            // However a connection ends, its container is gone for the world.
        }

        enter(() => IsLost = true);
        _outgoing.Writer.TryComplete();
        await sending;
    }

    public void Say(StandInMessage message) => _outgoing.Writer.TryWrite(message);

    /// <param name="then">Called with the world's gate held; not at all when the container goes away.</param>
    public void Ask(StandInQuestion question, Action<Answer> then)
    {
        var number = ++_number;
        _asked[number] = then;
        Say(question with { Number = number });
    }

    /// <summary>HTTP from within the container, with its names and through its network.</summary>
    public void Call(string host, int port, HttpCall call, Action<HttpReply?> reply)
    {
        var url = $"http://{host}:{port}{call.PathAndQuery}";
        Ask(new Fetch(call.Method, url, call.Body, call.ContentType), answer => reply(answer.Fault is not null ? null
            : new HttpReply(answer.Status, Encoding.UTF8.GetString(answer.Content ?? []), answer.ContentType ?? "")));
    }

    public void Dispose() => _stream.Dispose();

    private async Task Send(CancellationToken stop)
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(stop))
            {
                while (_outgoing.Reader.TryRead(out var message))
                    await _stream.WriteAsync(StandInWire.Bytes(message), stop);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Who listens on the same connection says that it is lost.
        }
    }
}
