using System.Text.Json;

namespace Tidekeeper.Kube;

/// <summary>Which APIs the server offers, as found at start; what is not offered is not used.</summary>
/// <param name="Versions">As in apiVersion: <c>policy/v1</c>; always holds <c>v1</c>.</param>
/// <param name="ServerVersion">For example <c>v1.36.0</c>; empty when the server does not say.</param>
public sealed record ServedApis(IReadOnlyList<string> Versions, string ServerVersion)
{
    public bool Serves(string apiVersion) => Versions.Contains(apiVersion, StringComparer.Ordinal);

    /// <summary>Reads the answer of <c>/apis</c>.</summary>
    public static IReadOnlyList<string> ReadGroups(JsonElement groups)
    {
        var versions = new SortedSet<string>(StringComparer.Ordinal) { "v1" };
        foreach (var group in groups.GetProperty("groups").EnumerateArray())
            foreach (var version in group.GetProperty("versions").EnumerateArray())
                versions.Add(version.GetProperty("groupVersion").GetString()!);
        return [.. versions];
    }

    public static async Task<ServedApis> Ask(KubeApi api, CancellationToken cancel)
    {
        var groups = await api.Send(new KubeRequest("GET", "/apis"), ReadGroups, cancel);
        var version = await api.Send(new KubeRequest("GET", "/version"),
            v => v.TryGetProperty("gitVersion", out var git) ? git.GetString() : null, cancel);
        return new(groups.Value, version.Succeeded ? version.Value ?? "" : "");
    }
}
