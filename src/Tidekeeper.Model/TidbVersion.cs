using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidekeeper.Model;

/// <summary>
/// A version of TiDB's components, as the tag of an image. Every tag has one: what has no number (<c>nightly</c>, a
/// build of one's own) counts as newer than all releases, so that no feature is silently switched off.
/// </summary>
public sealed partial record TidbVersion : IComparable<TidbVersion>
{
    private TidbVersion(string text, int major, int minor, int patch, string suffix, bool isNumbered) =>
        (Text, Major, Minor, Patch, Suffix, IsNumbered) = (text, major, minor, patch, suffix, isNumbered);

    /// <summary>As written.</summary>
    public string Text { get; }
    public int Major { get; }
    public int Minor { get; }
    public int Patch { get; }

    /// <summary>What follows the numbers without its dash, for example <c>beta.2</c>; empty for a release.</summary>
    public string Suffix { get; }

    /// <summary>Whether the text has numbers to compare.</summary>
    public bool IsNumbered { get; }

    /// <summary>
    /// Whether the text is one that a version may have: numbers, or a name of a moving build such as <c>nightly</c>.
    /// </summary>
    public static bool IsVersion(string text) => Parse(text).IsNumbered || Moving().IsMatch(text);

    public static TidbVersion Parse(string text)
    {
        var match = Numbers().Match(text);
        return match.Success
            && TryNumber(match, "major", out var major)
            && TryNumber(match, "minor", out var minor)
            && TryNumber(match, "patch", out var patch)
            ? new TidbVersion(text, major, minor, patch, match.Groups["suffix"].Value, isNumbered: true)
            : new TidbVersion(text, int.MaxValue, 0, 0, "", isNumbered: false);
    }

    private static bool TryNumber(Match match, string group, out int number) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>
    /// Whether it has what came with that release. A build that leads to a release (<c>v8.5.0-alpha</c>) has it too.
    /// </summary>
    public bool IsAtLeast(int major, int minor = 0, int patch = 0) =>
        (Major, Minor, Patch).CompareTo((major, minor, patch)) >= 0;

    /// <summary>
    /// By numbers; with equal numbers a release is newer than what leads to it, else by the parts of the suffix.
    /// </summary>
    public int CompareTo(TidbVersion? other)
    {
        if (other is null) return 1;
        var numbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (numbers != 0) return numbers;
        if (!IsNumbered) return 0;
        if (Suffix.Length == 0 || other.Suffix.Length == 0) return other.Suffix.Length.CompareTo(Suffix.Length);
        return CompareSuffixes(Suffix.Split('.'), other.Suffix.Split('.'));
    }

    private static int CompareSuffixes(string[] left, string[] right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var leftIsNumber = int.TryParse(left[i], NumberStyles.None, CultureInfo.InvariantCulture, out var a);
            var rightIsNumber = int.TryParse(right[i], NumberStyles.None, CultureInfo.InvariantCulture, out var b);
            var order = (leftIsNumber, rightIsNumber) switch
            {
                (true, true) => a.CompareTo(b),
                (true, false) => -1,
                (false, true) => 1,
                _ => Math.Sign(string.CompareOrdinal(left[i], right[i])),
            };
            if (order != 0) return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    public override string ToString() => Text;

    public static bool operator <(TidbVersion left, TidbVersion right) => left.CompareTo(right) < 0;
    public static bool operator >(TidbVersion left, TidbVersion right) => left.CompareTo(right) > 0;
    public static bool operator <=(TidbVersion left, TidbVersion right) => left.CompareTo(right) <= 0;
    public static bool operator >=(TidbVersion left, TidbVersion right) => left.CompareTo(right) >= 0;

    [GeneratedRegex(@"^v?(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)(?:-(?<suffix>[0-9A-Za-z_.-]+))?$")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^(latest|nightly|master|main|dev|release-\d+\.\d+)(-[0-9A-Za-z_.-]+)?$")]
    private static partial Regex Moving();
}
