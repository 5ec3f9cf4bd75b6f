using System.Globalization;

namespace Tidekeeper.Kube.Cache;

/// <summary>Compares resource versions, which the API promises to be numbers that grow.</summary>
public static class Versions
{
    /// <summary>Whether a is certainly older than b; false when either is no number.</summary>
    public static bool IsOlder(string a, string b) =>
        ulong.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
        && left < right;
}
