using System.Net;
using System.Net.Sockets;
using Tidekeeper.Model.StandIns;
using Tidekeeper.StandIn;

namespace Tidekeeper.UnitTests.Playground.Containers;

/// <summary>What the program in a container does, with a folder of the test as its volume.</summary>
internal sealed class RunningStandIn : IDisposable
{
    private readonly TcpClient _talk = new();
    private readonly TcpClient _files = new();
    private readonly Container _container;
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource Heard)> _awaited = [];
    private readonly Lock _lock = new();

    public RunningStandIn(IPEndPoint world, string image, string folder, string[] flags)
    {
        _talk.Connect(world);
        _files.Connect(world);
        _container = new Container(_talk.GetStream(), new Ports($"{world.Address}", world.Port), Hear);
        _container.Say(new Hello(folder, ["/the-server", .. flags], new(StringComparer.Ordinal)
        {
            [StandInWire.ImageVariable] = image,
            ["NAMESPACE"] = "ns",
            ["POD_NAME"] = "basic-pd-0",
        }, ["/var/lib/pd"]));
        _ = Serve(folder);
        Code = _container.Serve();
    }

    public Task<int?> Code { get; }

    public void Terminate() => _container.Say(new Terminated());

    public Task Says(string text)
    {
        lock (_lock)
        {
            var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lines.Exists(line => line.Contains(text, StringComparison.Ordinal)))
                heard.SetResult();
            _awaited.Add((text, heard));
            return heard.Task;
        }
    }

    public void Dispose()
    {
        _talk.Dispose();
        _files.Dispose();
        _container.Dispose();
    }

    private void Hear(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (text, heard) in _awaited.Where(one => line.Contains(one.Text, StringComparison.Ordinal)))
                heard.TrySetResult();
        }
    }

    /// <summary>The mounted folder is the test's own.</summary>
    private async Task Serve(string folder)
    {
        var stream = _files.GetStream();
        try
        {
            await stream.WriteAsync(StandInWire.Bytes(new FilesOf(folder)));
            while (await StandInWire.Read(stream, CancellationToken.None) is StandInQuestion question)
                await stream.WriteAsync(StandInWire.Bytes(Files.Answer(Inside(folder, question))));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test has ended it.
        }
    }

    private static StandInQuestion Inside(string folder, StandInQuestion question)
    {
        return question switch
        {
            ReadFile read => read with { Path = Map(read.Path) },
            ListFolder list => list with { Path = Map(list.Path) },
            WriteFile write => write with { Path = Map(write.Path) },
            DeleteFile delete => delete with { Path = Map(delete.Path) },
            _ => question,
        };

        string Map(string path) => path.Replace("/var/lib/pd", folder, StringComparison.Ordinal);
    }
}
