using System.Net;

namespace Tidekeeper.Model;

/// <summary>Addresses and networks as users write them. Nothing is resolved.</summary>
public static class IpText
{
    /// <summary>Whether it is an IPv4 address of four numbers or an IPv6 address.</summary>
    public static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && (text.Contains(':', StringComparison.Ordinal) || text == address.ToString());

    /// <summary>Whether it is a network such as <c>10.0.0.0/8</c>; more bits may be set.</summary>
    public static bool IsNetwork(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0 || !IsAddress(text[..slash])) return false;
        var digits = text[(slash + 1)..];
        var longest = text.Contains(':', StringComparison.Ordinal) ? 128 : 32;
        return digits.Length is > 0 and < 4 && digits.All(char.IsAsciiDigit) && int.Parse(digits) <= longest;
    }
}
