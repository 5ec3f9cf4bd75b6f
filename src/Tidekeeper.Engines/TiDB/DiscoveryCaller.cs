using System.Text;

namespace Tidekeeper.Engines.TiDB;

/// <summary>A PD pod as it names itself: <c>basic-pd-0.basic-pd-peer.ns.svc:2380</c>.</summary>
/// <param name="PodName">The first label of the host name.</param>
/// <param name="PeerService">The second.</param>
/// <param name="Namespace">The third.</param>
/// <param name="Host">The whole name without the port.</param>
/// <param name="Port">The peer port.</param>
public sealed record DiscoveryCaller(string PodName, string PeerService, string Namespace, string Host, int Port)
{
    /// <summary>The cluster's name, which the name of the peer service tells.</summary>
    public string ClusterName => PeerService[..^PeerSuffix.Length];

    /// <summary>The claim of the pod's data volume.</summary>
    public string ClaimName => $"pd-{PodName}";

    /// <summary>PD's name of this member: the pod's, or with a cluster domain the whole host name.</summary>
    public string MemberName => Host.EndsWith(".svc", StringComparison.Ordinal) ? PodName : Host;

    private const string PeerSuffix = "-pd-peer";

    /// <summary>
    /// Reads the base64 text of <c>/new/…</c> and <c>/verify/…</c>. Start scripts encode the output of <c>echo</c>, so
    /// a line feed at the end is ignored. Null when it is not base64 of UTF-8 text.
    /// </summary>
    public static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written)
            ? Encoding.UTF8.GetString(bytes, 0, written).Trim()
            : null;
    }

    /// <summary>Reads a caller's own name; null with a sentence when it is none.</summary>
    public static DiscoveryCaller? Parse(string text, out string problem)
    {
        problem = $"'{text}' does not name a PD pod; expected {{cluster}}-pd-N.{{cluster}}-pd-peer.NAMESPACE.svc:2380";
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text[(colon + 1)..], out var port) || port is < 1 or > 65535)
            return null;
        var host = text[..colon];
        var parts = host.Split('.');
        if (parts.Length < 4 || parts[3] != "svc" || parts.Any(part => part.Length == 0))
            return null;
        if (!parts[1].EndsWith(PeerSuffix, StringComparison.Ordinal) || parts[1].Length == PeerSuffix.Length)
            return null;
        var caller = new DiscoveryCaller(parts[0], parts[1], parts[2], host, port);
        if (Ordinal.Of(caller.PodName, $"{caller.ClusterName}-pd") is null)
            return null;
        problem = "";
        return caller;
    }
}
