using System.Text.RegularExpressions;

namespace Tidekeeper.StandIn;

/// <summary>Where the container keeps something: what is mounted from outside and can be written.</summary>
public static partial class Mounts
{
    /// <param name="table">As in <c>/proc/self/mounts</c>.</param>
    public static IReadOnlyList<string> Read(string table) =>
    [
        .. table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(mount => mount.Length > 3 && mount[3].Split(',')[0] == "rw")
            .Select(mount => Escape().Replace(mount[1], one => $"{(char)Convert.ToInt32(one.Groups[1].Value, 8)}"))
            .Where(folder => !OfEveryContainer().IsMatch(folder)),
    ];

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Escape();

    [GeneratedRegex("^/$|^/(proc|sys|dev)($|/)|^/etc/(hosts|hostname|resolv.conf)$")]
    private static partial Regex OfEveryContainer();
}
