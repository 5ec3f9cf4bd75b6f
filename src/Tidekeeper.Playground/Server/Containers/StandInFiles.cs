using System.Net.Sockets;
using Tidekeeper.Model.StandIns;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.Playground.Server.Containers;

/// <summary>
/// The files of a container, over a connection on which nothing else is said. Whoever asks waits for the answer on its
/// own thread, with the world's gate held: what was written is in the volume when the database says so.
/// </summary>
internal sealed class StandInFiles(Socket connection) : IDisposable
{
    // A container that is frozen or starved for longer is as good as dead, and must not hold up the world.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly NetworkStream _stream = new(connection, ownsSocket: true)
    {
        ReadTimeout = (int)Patience.TotalMilliseconds,
        WriteTimeout = (int)Patience.TotalMilliseconds,
    };

    private int _number;

    /// <summary>Why it does not answer any more; null while it does.</summary>
    public string? Lost { get; private set; }

    /// <summary>Throws <see cref="IOException"/> when it cannot be had.</summary>
    public string? ReadText(string path) =>
        Ask(new ReadFile(path)).Content is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    /// <summary>A mounted folder as a volume: what the database keeps are files there.</summary>
    public IVolume Mounted(string folder) => new Folder(this, folder.TrimEnd('/') + "/");

    public void Dispose() => _stream.Dispose();

    private Answer Ask(StandInQuestion question)
    {
        if (Lost is not null)
            throw new IOException(Lost);
        var number = ++_number;
        try
        {
            _stream.Write(StandInWire.Bytes(question with { Number = number }));
            if (StandInWire.Read(_stream) is not Answer answer || answer.Number != number)
                throw new IOException("the connection to the container has ended");
            return answer.Fault is { } fault ? throw new StandInFault(fault) : answer;
        }
        catch (Exception e) when (e is IOException and not StandInFault or InvalidDataException
            or ObjectDisposedException)
        {
            Lost = e.Message;
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>
    /// A write that fails is heard of by the process that it belongs to, not by whom it happens to be called by:
    /// stores write for each other.
    /// </summary>
    private void Try(StandInQuestion question)
    {
        try
        {
            Ask(question);
        }
        catch (IOException e)
        {
            Lost ??= e.Message;
        }
    }

    /// <summary>The container answers that it cannot be done.</summary>
    private sealed class StandInFault(string message) : IOException(message);

    private sealed class Folder(StandInFiles files, string path) : IVolume
    {
        public IReadOnlyList<string> Names => files.Ask(new ListFolder(path)).Names ?? [];

        public byte[]? Read(string name) => files.Ask(new ReadFile(path + name)).Content;

        public void Write(string name, byte[] content) => files.Try(new WriteFile(path + name, content));

        public void Delete(string name) => files.Try(new DeleteFile(path + name));
    }
}
