namespace Tidekeeper.Engines.TiDB;

/// <summary>The number at the end of a StatefulSet pod's name.</summary>
public static class Ordinal
{
    /// <summary>
    /// The ordinal of <paramref name="pod"/> in <paramref name="set"/>; null when it is no pod of it.
    /// </summary>
    public static int? Of(string pod, string set)
    {
        if (!pod.StartsWith(set + "-", StringComparison.Ordinal))
            return null;
        var digits = pod[(set.Length + 1)..];
        var plain = digits.Length > 0 && digits.All(char.IsAsciiDigit) && (digits == "0" || digits[0] != '0');
        return plain && int.TryParse(digits, out var ordinal) ? ordinal : null;
    }
}
