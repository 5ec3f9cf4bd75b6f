using System.Text.Json.Nodes;
using Tidekeeper.Playground.Controllers;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Nodes;

/// <summary>
/// Lets people break machines and disks through the API, since nothing else of a machine can be reached from outside:
/// the annotation <see cref="Power"/> of a Node switches it off and on, <see cref="Disk"/> of a claim loses its disk.
/// Only a change of the annotation does something; a value that stays says what was done last.
/// </summary>
public sealed class PowerSwitch : IActor
{
    /// <summary><c>off</c> or <c>on</c>; to switch on a machine that runs restarts its kubelet.</summary>
    public const string Power = "playground.tidekeeper.io/power";

    /// <summary><c>lost</c>; a second time with another text, such as <c>lost again</c>.</summary>
    public const string Disk = "playground.tidekeeper.io/disk";

    private readonly Feed[] _feeds;
    private readonly List<Action> _switches = [];

    public PowerSwitch(Cluster cluster, PlaygroundCluster playground)
    {
        _feeds = [cluster.Nodes, cluster.Claims];
        cluster.Nodes.Listen((before, after) =>
        {
            var wish = Changed(Power, before, after);
            if (wish is null || !playground.Nodes.Contains(after!.Name(), StringComparer.Ordinal))
                return;
            _switches.Add(wish == "off" ? () => playground.StopNode(after!.Name())
                : () => playground.StartNode(after!.Name()));
        });
        cluster.Claims.Listen((before, after) =>
        {
            if (Changed(Disk, before, after)?.StartsWith("lost", StringComparison.Ordinal) == true)
                _switches.Add(() => playground.LoseVolume(after!.Namespace() ?? "", after!.Name()));
        });
    }

    public string Name => "power-switch";

    public bool SeesOnlyApi => true;

    public bool Notices()
    {
        foreach (var feed in _feeds)
            feed.Refresh();
        return _switches.Count > 0;
    }

    public DateTimeOffset? Act(DateTimeOffset now)
    {
        Notices();
        foreach (var act in _switches.ToList())
            act();
        _switches.Clear();
        return null;
    }

    private static string? Changed(string annotation, JsonObject? before, JsonObject? after) =>
        after?.Annotation(annotation) is { } wish && wish != before?.Annotation(annotation) ? wish : null;
}
