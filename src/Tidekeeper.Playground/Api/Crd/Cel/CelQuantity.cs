using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>A Kubernetes quantity (<c>100m</c>, <c>2Gi</c>), exact to the nano.</summary>
internal sealed partial record CelQuantity(BigInteger Nanos)
{
    private static readonly BigInteger One = 1_000_000_000;

    public static CelQuantity? Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success)
            return null;
        var digits = match.Groups[1].Value;
        var suffix = match.Groups[2].Value;
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : digits.Length - point - 1;
        var number =
            BigInteger.Parse(digits.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * One;
        number = suffix switch
        {
            "n" => number / 1_000_000_000,
            "u" => number / 1_000_000,
            "m" => number / 1_000,
            "" => number,
            _ when suffix[0] is 'e' or 'E' && suffix.Length > 1 && suffix[1] != 'i' => Exponent(number, suffix[1..]),
            _ when suffix.EndsWith('i') => number * BigInteger.Pow(1024, "KMGTPE".IndexOf(suffix[0]) + 1),
            _ => number * BigInteger.Pow(1000, "kMGTPE".IndexOf(suffix[0]) + 1),
        };
        return new CelQuantity(number / BigInteger.Pow(10, decimals));
    }

    public bool IsInteger => (Nanos % One).IsZero && BigInteger.Abs(Nanos / One) <= long.MaxValue;

    public long AsInteger() => IsInteger
        ? (long)(Nanos / One) : throw new CelFault("cannot convert value to integer");

    public double AsFloat() => (double)Nanos / (double)One;

    public static BigInteger FromInteger(long value) => value * One;

    private static BigInteger Exponent(BigInteger number, string exponent)
    {
        var power = Math.Clamp(int.Parse(exponent, CultureInfo.InvariantCulture), -30, 30);
        return power < 0 ? number / BigInteger.Pow(10, -power) : number * BigInteger.Pow(10, power);
    }

    [GeneratedRegex(@"^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+|)$")]
    private static partial Regex Shape();
}
