using System.Globalization;
using System.Text;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>
/// Operators, conversions and the functions of the standard library; others are in libraries of their own.
/// </summary>
internal static class CelFunctions
{
    /// <param name="target">The object before the dot, in an array of one; null for a plain function.</param>
    public static object? Call(string function, object?[]? target, object?[] arguments)
    {
        object?[] all = target is null ? arguments : [.. target, .. arguments];
        var result = all.Length switch
        {
            1 => Unary(function, all[0]),
            2 => Binary(function, all[0], all[1]),
            _ => Missing,
        };
        foreach (var library in Libraries)
        {
            if (!ReferenceEquals(result, Missing))
                return result;
            result = library(function, all);
        }

        return !ReferenceEquals(result, Missing) ? result
            : throw new CelFault(IsKnown(function) ? "no such overload"
                : $"undeclared reference to '{function}' (in container '')");
    }

    /// <summary>What a library answers when it does not know the function for these arguments.</summary>
    public static object Missing { get; } = new();

    private static readonly Func<string, object?[], object?>[] Libraries =
        [CelTexts.Call, CelLists.Call, CelNetworks.Call, CelQuantities.Call, CelOptionals.Call];

    private static object? Unary(string function, object? a) => (function, a) switch
    {
        ("!", bool truth) => !truth,
        ("-", long whole) => Checked(() => checked(-whole)),
        ("-", double real) => -real,
        ("size", string text) => RuneCount(text),
        ("size", byte[] bytes) => (long)bytes.Length,
        ("size", IReadOnlyList<object?> list) => (long)list.Count,
        ("size", CelObject map) => (long)map.Entries.Count,
        ("type", _) => new CelType(CelValues.TypeName(a)),
        ("dyn", _) => a,
        ("int", long) => a,
        ("int", ulong natural) => natural <= long.MaxValue ? (long)natural : throw new CelFault("integer overflow"),
        ("int", double real) => Math.Abs(real) < long.MaxValue ? (long)real : throw new CelFault("integer overflow"),
        ("int", string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var whole)
            ? whole : throw new CelFault($"strconv.ParseInt: parsing \"{text}\": invalid syntax"),
        ("int", DateTimeOffset time) => time.ToUnixTimeSeconds(),
        ("uint", long whole) => whole >= 0 ? (ulong)whole : throw new CelFault("unsigned integer overflow"),
        ("uint", ulong) => a,
        ("uint", string text) when ulong.TryParse(text, CultureInfo.InvariantCulture, out var natural) => natural,
        ("double", long or ulong or double) => CelValues.ToDouble(a),
        ("double", string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var real)
            ? real : throw new CelFault($"strconv.ParseFloat: parsing \"{text}\": invalid syntax"),
        ("string", string or long or ulong or double or bool or byte[] or DateTimeOffset or TimeSpan) =>
            CelValues.Show(a),
        ("bytes", string text) => Encoding.UTF8.GetBytes(text),
        ("bytes", byte[]) => a,
        ("bool", bool) => a,
        ("bool", string text) => text is "true" or "True" or "TRUE" or "t" or "1" ? true
            : text is "false" or "False" or "FALSE" or "f" or "0" ? false
            : throw new CelFault($"strconv.ParseBool: parsing \"{text}\": invalid syntax"),
        ("timestamp", DateTimeOffset) => a,
        ("timestamp", string text) => DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time : throw new CelFault($"invalid timestamp \"{text}\""),
        ("duration", TimeSpan) => a,
        ("duration", string text) => CelTime.TryDuration(text, out var span)
            ? span : throw new CelFault($"time: invalid duration \"{text}\""),
        (_, DateTimeOffset or TimeSpan) when function.StartsWith("get", StringComparison.Ordinal) =>
            CelTime.Read(function, a),
        _ => Missing,
    };

    private static object? Binary(string function, object? a, object? b) => function switch
    {
        "==" => CelValues.AreEqual(a, b),
        "!=" => !CelValues.AreEqual(a, b),
        "<" => CelValues.Compare(a, b) < 0,
        "<=" => CelValues.Compare(a, b) <= 0,
        ">" => CelValues.Compare(a, b) > 0,
        ">=" => CelValues.Compare(a, b) >= 0,
        "in" => b switch
        {
            IReadOnlyList<object?> list => list.Any(item => CelValues.AreEqual(item, a)),
            CelObject map => map.TryGet(a, out _),
            _ => throw CelFault.NoOverload,
        },
        "+" or "-" or "*" or "/" or "%" => Arithmetic(function, a, b),
        _ => Missing,
    };

    private static object? Arithmetic(string function, object? a, object? b) => (function, a, b) switch
    {
        ("+", long x, long y) => Checked(() => checked(x + y)),
        ("-", long x, long y) => Checked(() => checked(x - y)),
        ("*", long x, long y) => Checked(() => checked(x * y)),
        ("/", long x, long y) => y == 0 ? throw new CelFault("division by zero") : Checked(() => checked(x / y)),
        ("%", long x, long y) => y == 0 ? throw new CelFault("modulus by zero") : y == -1 ? 0L : x % y,
        ("+", ulong x, ulong y) => Checked(() => checked(x + y)),
        ("-", ulong x, ulong y) => Checked(() => checked(x - y)),
        ("*", ulong x, ulong y) => Checked(() => checked(x * y)),
        ("/", ulong x, ulong y) => y == 0 ? throw new CelFault("division by zero") : x / y,
        ("%", ulong x, ulong y) => y == 0 ? throw new CelFault("modulus by zero") : x % y,
        ("+", double x, double y) => x + y,
        ("-", double x, double y) => x - y,
        ("*", double x, double y) => x * y,
        ("/", double x, double y) => x / y,
        ("+", string x, string y) => x + y,
        ("+", byte[] x, byte[] y) => (byte[])[.. x, .. y],
        ("+", IReadOnlyList<object?> x, IReadOnlyList<object?> y) => (object?[])[.. x, .. y],
        ("+", DateTimeOffset x, TimeSpan y) => x + y,
        ("+", TimeSpan x, DateTimeOffset y) => y + x,
        ("+", TimeSpan x, TimeSpan y) => x + y,
        ("-", DateTimeOffset x, DateTimeOffset y) => x - y,
        ("-", DateTimeOffset x, TimeSpan y) => x - y,
        ("-", TimeSpan x, TimeSpan y) => x - y,
        _ => throw CelFault.NoOverload,
    };

    private static object Checked<T>(Func<T> compute) where T : notnull
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            throw new CelFault("integer overflow");
        }
    }

    private static long RuneCount(string text) => text.EnumerateRunes().Count();

    private static bool IsKnown(string function) => CelTexts.Names.Contains(function)
        || CelLists.Names.Contains(function) || CelQuantities.Names.Contains(function)
        || function is "size" or "int" or "uint" or "double" or "string" or "bool" or "bytes"
            or "timestamp" or "duration"
            or "!" or "-" or "url" or "ip" or "cidr" or "isURL" or "isIP" or "isCIDR";
}
