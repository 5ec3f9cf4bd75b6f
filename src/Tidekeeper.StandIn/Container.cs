using System.Net.Sockets;
using System.Text;
using Tidekeeper.Model.StandIns;

namespace Tidekeeper.StandIn;

/// <summary>What the world asks of the container, apart from files.</summary>
/// <param name="world">The connection.</param>
/// <param name="ports">Carries callers to the world.</param>
/// <param name="print">Writes a line of the container's log.</param>
public sealed class Container(Stream world, Ports ports, Action<string> print) : IDisposable
{
    private readonly Lock _writing = new();
    private readonly Web _web = new();

    /// <summary>The code with which the component has ended; null when the world has.</summary>
    public async Task<int?> Serve()
    {
        while (await StandInWire.Read(world, CancellationToken.None) is { } message)
        {
            switch (message)
            {
                case Exit exit:
                    return exit.Code;
                case Print line:
                    print(line.Line);
                    break;
                case Listen listen:
                    Say(Open(listen));
                    break;
                case StopListening stop:
                    ports.Close(stop.Port);
                    break;
                case Fetch fetch:
                    _ = Answer(fetch);
                    break;
            }
        }

        return null;
    }

    /// <summary>When the world has gone meanwhile, nothing happens: who reads from it ends the process.</summary>
    public void Say(StandInMessage message)
    {
        var bytes = StandInWire.Bytes(message);
        try
        {
            lock (_writing)
                world.Write(bytes);
        }
        catch (IOException)
        {
        }
    }

    public void Dispose()
    {
        ports.Dispose();
        _web.Dispose();
    }

    private Answer Open(Listen listen)
    {
        try
        {
            ports.Open(listen.Port);
            return new Answer(listen.Number);
        }
        catch (SocketException e)
        {
            return new Answer(listen.Number, e.Message);
        }
    }

    private async Task Answer(Fetch fetch)
    {
        try
        {
            var (status, type, body) = await _web.Send(fetch);
            var content = Encoding.UTF8.GetBytes(body);
            Say(new Answer(fetch.Number) { Status = status, ContentType = type, Content = content });
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException
            or UriFormatException)
        {
            Say(new Answer(fetch.Number, e.Message));
        }
    }
}
