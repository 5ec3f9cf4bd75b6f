using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Functions of text.</summary>
internal static class TextFunctions
{
    private const int LongestText = 64 * 1024 * 1024;
    private static readonly TimeSpan _regexLimit = TimeSpan.FromSeconds(1);

    public static IEnumerable<(string Names, Function Function)> All =>
    [
        ("CONCAT", Text(1, 1000, a => string.Concat(a.Select(v => v.ToString())))),
        ("CONCAT_WS", Text(2, 1000, a => a[0].IsNull ? null
            : string.Join(a[0].ToString(), a.Skip(1).Where(v => !v.IsNull).Select(v => v.ToString()))) with
            { SeesNull = true }),
        ("LENGTH OCTET_LENGTH", Number(1, 1, a => ByteText.Length(a[0].ToString()))),
        ("CHAR_LENGTH CHARACTER_LENGTH", Number(1, 1, a => a[0].Kind == ValueKind.Bytes
            ? ByteText.Length(a[0].Text) : a[0].ToString().Count(c => !char.IsLowSurrogate(c)))),
        ("BIT_LENGTH", Number(1, 1, a => 8L * ByteText.Length(a[0].ToString()))),
        ("UPPER UCASE", Text(1, 1, a => a[0].ToString().ToUpperInvariant())),
        ("LOWER LCASE", Text(1, 1, a => a[0].ToString().ToLowerInvariant())),
        ("SUBSTRING SUBSTR MID",
            Text(2, 3, a => Part(a[0].ToString(), a[1].ToLong(), a.Length > 2 ? a[2].ToLong() : int.MaxValue))),
        ("LEFT", Text(2, 2, a => Part(a[0].ToString(), 1, a[1].ToLong()))),
        ("RIGHT", Text(2, 2, a => Right(a[0].ToString(), a[1].ToLong()))),
        ("SUBSTRING_INDEX", Text(3, 3, a => PartBefore(a[0].ToString(), a[1].ToString(), a[2].ToLong()))),
        ("TRIM", Text(1, 2, a => TrimEnd(TrimStart(a[0].ToString(), What(a)), What(a)))),
        ("LTRIM", Text(1, 2, a => TrimStart(a[0].ToString(), What(a)))),
        ("RTRIM", Text(1, 2, a => TrimEnd(a[0].ToString(), What(a)))),
        ("REPLACE", Text(3, 3, a => a[1].ToString().Length == 0 ? a[0].ToString()
            : a[0].ToString().Replace(a[1].ToString(), a[2].ToString(), StringComparison.Ordinal))),
        ("REPEAT", Text(2, 2, a => Repeat(a[0].ToString(), a[1].ToLong()))),
        ("SPACE", Text(1, 1, a => Repeat(" ", a[0].ToLong()))),
        ("REVERSE", Text(1, 1, a => string.Concat(a[0].ToString().EnumerateRunes().Reverse()))),
        ("LPAD", Text(3, 3, a => Pad(a[0].ToString(), a[1].ToLong(), a[2].ToString(), left: true))),
        ("RPAD", Text(3, 3, a => Pad(a[0].ToString(), a[1].ToLong(), a[2].ToString(), left: false))),
        ("LOCATE", Number(2, 3, a => Find(a[1].ToString(), a[0].ToString(), a.Length > 2 ? a[2].ToLong() : 1))),
        ("INSTR", Number(2, 2, a => Find(a[0].ToString(), a[1].ToString(), 1))),
        ("FIELD", Number(2, 1000, a => 1 + Array.FindIndex(a[1..], v =>
            !v.IsNull && !a[0].IsNull && Comparison.Compare(a[0], v, TextOrder.Binary) == 0)) with { SeesNull = true }),
        ("ELT", new Function(2, 1000, _ => ColumnType.Text, (_, a) =>
            a[0].ToLong() is var n && n >= 1 && n < a.Length ? a[n] : SqlValue.Null) { SeesNull = true }),
        ("FIND_IN_SET", Number(2, 2, a => a[1].ToString().Length == 0 ? 0
            : 1 + Array.IndexOf(a[1].ToString().Split(','), a[0].ToString()))),
        ("STRCMP", Number(2, 2, a => Math.Sign(Comparison.Compare(
            SqlValue.Of(a[0].ToString()), SqlValue.Of(a[1].ToString()), TextOrder.Binary)))),
        ("HEX", Text(1, 1, a => a[0].IsNumber ? a[0].ToLong().ToString("X", CultureInfo.InvariantCulture)
            : System.Convert.ToHexString(ByteText.Encode(a[0].ToString())))),
        ("UNHEX", Functions.Of(1, 1, ColumnType.Blob, a => Unhex(a[0].ToString()))),
        ("BIN", Text(1, 1, a => a[0].ToLong().ToString("B", CultureInfo.InvariantCulture))),
        ("ASCII ORD", Number(1, 1, a => a[0].ToString() is { Length: > 0 } t ? ByteText.Encode(t)[0] : 0)),
        ("CHAR", Functions.Of(1, 1000, ColumnType.Blob, a =>
            SqlValue.OfBytes(ByteText.Decode([.. a.Select(v => (byte)v.ToLong())])))),
        ("QUOTE", Text(1, 1, a => "'" + a[0].ToString().Replace("\\", "\\\\").Replace("'", "\\'") + "'")),
        ("REGEXP_LIKE", Number(2, 2, a => Matches(a[0].ToString(), a[1].ToString()) ? 1 : 0)),
        ("MD5", Text(1, 1, a => Hex(Hash(HashAlgorithmName.MD5, a[0])))),
        ("SHA SHA1", Text(1, 1, a => Hex(Hash(HashAlgorithmName.SHA1, a[0])))),
        ("SHA2", Text(2, 2, a => Sha2(a[0], a[1].ToLong()))),
        ("FORMAT", Text(2, 2, a => a[0].ToDecimal().ToString(
            "N" + Math.Clamp(a[1].ToLong(), 0, 28), CultureInfo.InvariantCulture))),
        ("JSON_VALID", Number(1, 1, a => IsJson(a[0].ToString()) ? 1 : 0)),
    ];

    private static Function Text(int fewest, int most, Func<SqlValue[], string?> compute) =>
        Functions.Of(fewest, most, ColumnType.Text, a => SqlValue.Of(compute(a))) with
        {
            Type = types => types.FirstOrDefault(t => t.IsCharacters) is { } text
                ? ColumnType.Text with { Collation = text.Collation } : ColumnType.Text,
        };

    private static Function Number(int fewest, int most, Func<SqlValue[], long> compute) =>
        Functions.Of(fewest, most, ColumnType.BigInt, a => SqlValue.Of(compute(a)));

    private static string Part(string text, long from, long length)
    {
        var start = from > 0 ? from - 1 : from < 0 ? text.Length + from : text.Length;
        if (start < 0 || start >= text.Length || length <= 0)
            return "";
        return text.Substring((int)start, (int)Math.Min(length, text.Length - start));
    }

    private static string Right(string text, long length) =>
        text[(int)(text.Length - Math.Clamp(length, 0, text.Length))..];

    private static string PartBefore(string text, string separator, long count)
    {
        if (separator.Length == 0 || count == 0)
            return "";
        var parts = text.Split(separator);
        return Math.Abs(count) >= parts.Length ? text
            : string.Join(separator, count > 0 ? parts[..(int)count] : parts[^(int)-count..]);
    }

    private static string What(SqlValue[] a) => a.Length > 1 ? a[1].ToString() : " ";

    private static string TrimStart(string text, string what)
    {
        while (what.Length > 0 && text.StartsWith(what, StringComparison.Ordinal))
            text = text[what.Length..];
        return text;
    }

    private static string TrimEnd(string text, string what)
    {
        while (what.Length > 0 && text.EndsWith(what, StringComparison.Ordinal))
            text = text[..^what.Length];
        return text;
    }

    private static string? Repeat(string text, long count) =>
        count <= 0 ? "" : text.Length * count > LongestText ? null
            : new StringBuilder().Insert(0, text, (int)count).ToString();

    private static string? Pad(string text, long length, string pad, bool left)
    {
        if (length is < 0 or > LongestText)
            return null;
        if (length <= text.Length)
            return text[..(int)length];
        if (pad.Length == 0)
            return null;
        var fill = Repeat(pad, (length - text.Length) / pad.Length + 1)![..(int)(length - text.Length)];
        return left ? fill + text : text + fill;
    }

    private static long Find(string text, string part, long from) =>
        from < 1 || from > text.Length + 1 ? 0 : text.IndexOf(part, (int)from - 1, StringComparison.Ordinal) + 1;

    private static SqlValue Unhex(string text)
    {
        if (text.Length % 2 != 0)
            text = "0" + text;
        return text.All(char.IsAsciiHexDigit)
            ? SqlValue.OfBytes(ByteText.Decode(System.Convert.FromHexString(text))) : SqlValue.Null;
    }

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, _regexLimit);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SqlFault(3699, "HY000", "Timeout exceeded in regular expression match.");
        }
        catch (ArgumentException wrong)
        {
            throw new SqlFault(1139, "42000", $"Got error '{wrong.Message}' from regexp");
        }
    }

    private static string Hex(byte[] hash) => System.Convert.ToHexStringLower(hash);

    // These are SQL's functions of that name; nothing here relies on their strength.
    private static byte[] Hash(HashAlgorithmName name, SqlValue value) =>
        CryptographicOperations.HashData(name, ByteText.Encode(value.ToString()));

    private static string? Sha2(SqlValue value, long bits)
    {
        var bytes = ByteText.Encode(value.ToString());
        return bits switch
        {
            0 or 256 => Hex(SHA256.HashData(bytes)),
            384 => Hex(SHA384.HashData(bytes)),
            512 => Hex(SHA512.HashData(bytes)),
            _ => null,
        };
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = System.Text.Json.JsonDocument.Parse(text);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
