using System.Diagnostics;
using System.Globalization;
using Tidekeeper.Playground.Network;
using Tidekeeper.Playground.Nodes;

namespace Tidekeeper.UnitTests.Playground.Nodes;

public class ProcessProgramTests
{
    private readonly List<string> _log = [];

    /// <summary>
    /// To wait for the end of its output would be to wait for threads that wait for us, and here it would be to wait
    /// for a child that somebody else has adopted.
    /// </summary>
    [Fact]
    public void Whoever_is_killed_is_gone_though_its_output_is_still_held_by_another()
    {
        using var programs = new ProcessProgram(_ => new ProcessCommand(
            "sh", ["-c", "(sleep 60 & echo $!); sleep 60"], new SortedDictionary<string, string>()));
        var running = programs.Start(Context());
        Assert.True(SpinWait.SpinUntil(() =>
        {
            running.Act(DateTimeOffset.UnixEpoch);
            return _log.Count > 0;
        }, TimeSpan.FromSeconds(30)));
        using var other = Process.GetProcessById(int.Parse(_log[0], CultureInfo.InvariantCulture));
        running.Kill();
        Assert.Equal(137, running.ExitCode);
        Assert.False(other.HasExited);
        other.Kill();
    }

    private ContainerContext Context() => new()
    {
        Namespace = "ns",
        PodName = "p",
        PodUid = "u",
        PodAddress = "10.0.0.1",
        NodeName = "node-1",
        Labels = new SortedDictionary<string, string>(),
        Container = [],
        ImageTag = "v1",
        Environment = new SortedDictionary<string, string>(),
        ReadFile = _ => null,
        Volumes = new SortedDictionary<string, IVolume>(),
        Log = _log.Add,
        Network = new PodNetwork(),
        Chance = new Random(1),
        Now = () => DateTimeOffset.UnixEpoch,
    };
}
