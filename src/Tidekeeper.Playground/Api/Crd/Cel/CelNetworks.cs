using System.Net;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Addresses, networks and URLs.</summary>
internal static class CelNetworks
{
    public static object? Call(string function, object?[] a) => (function, a) switch
    {
        ("isURL", [string s]) => Url(s) is not null,
        ("url", [string s]) => Url(s) ?? throw new CelFault(
            $"URL parse error during conversion from string: parse \"{s}\": invalid URI for request"),
        ("getScheme", [Uri u]) => u.Scheme,
        ("getHost", [Uri u]) => u.Authority,
        ("getHostname", [Uri u]) => u.Host.Trim('[', ']'),
        ("getPort", [Uri u]) => u.OriginalString.Contains($":{u.Port}", StringComparison.Ordinal) ? $"{u.Port}" : "",
        ("getEscapedPath", [Uri u]) => u.AbsolutePath,
        ("isIP", [string s]) => Ip(s) is not null,
        ("ip", [string s]) =>
            Ip(s) ?? throw new CelFault($"IP Address \"{s}\" parse error during conversion from string"),
        ("family", [IPAddress ip]) => Family(ip),
        ("isLoopback", [IPAddress ip]) => IPAddress.IsLoopback(ip),
        ("isUnspecified", [IPAddress ip]) => ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any),
        ("string", [IPAddress ip]) => ip.ToString(),
        ("isCIDR", [string s]) => Cidr(s) is not null,
        ("cidr", [string s]) =>
            Cidr(s) ?? throw new CelFault($"network address parse error during conversion from string: {s}"),
        ("containsIP", [CelCidr c, string s]) => Ip(s) is { } ip ? c.Contains(ip) : throw new CelFault("invalid IP"),
        ("containsIP", [CelCidr c, IPAddress ip]) => c.Contains(ip),
        ("containsCIDR", [CelCidr c, string s]) => Cidr(s) is { } inner
            ? c.Contains(inner.Address) && inner.Length >= c.Length : throw new CelFault("invalid CIDR"),
        ("prefixLength", [CelCidr c]) => (long)c.Length,
        ("ip", [CelCidr c]) => c.Address,
        ("string", [CelCidr c]) => $"{c.Address}/{c.Length}",
        _ => CelFunctions.Missing,
    };

    public static CelCidr? Cidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Ip(text[..slash]) is { } ip && int.TryParse(text.AsSpan(slash + 1), out var length)
            && length >= 0 && length <= ip.GetAddressBytes().Length * 8
                ? new CelCidr(ip, length) : null;
    }

    public static IPAddress? Ip(string text) =>
        IPAddress.TryParse(text, out var ip)
        && (text.Contains(':', StringComparison.Ordinal) || text.Split('.').Length == 4) ? ip : null;

    private static long Family(IPAddress ip) => ip.GetAddressBytes().Length == 4 ? 4 : 6;

    private static Uri? Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && !text.StartsWith('/') ? uri : null;
}

internal sealed record CelCidr(IPAddress Address, int Length)
{
    public bool Contains(IPAddress ip)
    {
        byte[] mine = Address.GetAddressBytes(), other = ip.GetAddressBytes();
        if (mine.Length != other.Length)
            return false;
        for (var bit = 0; bit < Length; bit++)
        {
            if (((mine[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0)
                return false;
        }

        return true;
    }
}
