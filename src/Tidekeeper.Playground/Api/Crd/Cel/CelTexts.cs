using System.Text;
using Tidekeeper.Playground.Api.Schemas;

namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Functions on strings, and the regular expressions.</summary>
internal static class CelTexts
{
    public static readonly string[] Names =
        ["startsWith", "endsWith", "contains", "matches", "lowerAscii", "upperAscii", "trim", "split", "replace",
            "substring", "charAt", "indexOf", "lastIndexOf", "find", "findAll", "join", "strings.quote"];

    public static object? Call(string function, object?[] a) => (function, a) switch
    {
        ("startsWith", [string s, string p]) => s.StartsWith(p, StringComparison.Ordinal),
        ("endsWith", [string s, string p]) => s.EndsWith(p, StringComparison.Ordinal),
        ("contains", [string s, string p]) => s.Contains(p, StringComparison.Ordinal),
        ("matches", [string s, string p]) => Pattern(p).IsMatch(s),
        ("find", [string s, string p]) => Pattern(p).Match(s).Value,
        ("findAll", [string s, string p]) => Pattern(p).Matches(s).Select(m => (object?)m.Value).ToArray(),
        ("findAll", [string s, string p, long n]) =>
            Pattern(p).Matches(s).Select(m => (object?)m.Value).Take(n < 0 ? int.MaxValue : (int)n).ToArray(),
        ("lowerAscii", [string s]) => Ascii(s, 'A', 'Z', 32),
        ("upperAscii", [string s]) => Ascii(s, 'a', 'z', -32),
        ("trim", [string s]) => s.Trim(),
        ("reverse", [string s]) => string.Concat(s.EnumerateRunes().Reverse().Select(r => r.ToString())),
        ("split", [string s, string by]) => Split(s, by, -1),
        ("split", [string s, string by, long n]) => Split(s, by, n),
        ("join", [IReadOnlyList<object?> list]) => Join(list, ""),
        ("join", [IReadOnlyList<object?> list, string by]) => Join(list, by),
        ("replace", [string s, string old, string by]) => Replace(s, old, by, -1),
        ("replace", [string s, string old, string by, long n]) => Replace(s, old, by, n),
        ("substring", [string s, long from]) => Substring(s, from, s.Length),
        ("substring", [string s, long from, long to]) => Substring(s, from, to),
        ("charAt", [string s, long at]) => at == s.Length ? "" : Substring(s, at, at + 1),
        ("indexOf", [string s, string p]) => (long)s.IndexOf(p, StringComparison.Ordinal),
        ("indexOf", [string s, string p, long from]) => (long)s.IndexOf(p, (int)from, StringComparison.Ordinal),
        ("lastIndexOf", [string s, string p]) => (long)s.LastIndexOf(p, StringComparison.Ordinal),
        ("strings.quote", [string s]) => RelaxedJson.Quote(s),
        _ => CelFunctions.Missing,
    };

    private static System.Text.RegularExpressions.Regex Pattern(string pattern)
    {
        try
        {
            return Re2.Compile(pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new CelFault($"error parsing regexp: {e.Message}");
        }
    }

    private static string Ascii(string text, char from, char to, int shift) =>
        string.Concat(text.Select(c => c >= from && c <= to ? (char)(c + shift) : c));

    private static object?[] Split(string text, string by, long most)
    {
        if (most == 0)
            return [];
        if (by.Length > 0)
            return most < 0 ? text.Split(by) : text.Split(by, (int)Math.Min(most, int.MaxValue));
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToList();
        if (most < 0 || runes.Count <= most)
            return [.. runes];
        return [.. runes.Take((int)most - 1), string.Concat(runes.Skip((int)most - 1))];
    }

    private static string Join(IReadOnlyList<object?> list, string by) =>
        string.Join(by, list.Select(item => item as string ?? throw CelFault.NoOverload));

    private static string Replace(string text, string old, string by, long most)
    {
        if (most < 0 && old.Length > 0)
            return text.Replace(old, by, StringComparison.Ordinal);
        var result = new StringBuilder();
        var at = 0;
        for (var done = 0L; old.Length > 0 && (most < 0 || done < most); done++)
        {
            var next = text.IndexOf(old, at, StringComparison.Ordinal);
            if (next < 0)
                break;
            result.Append(text, at, next - at).Append(by);
            at = next + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static string Substring(string text, long from, long to) =>
        from < 0 || to > text.Length || from > to
            ? throw new CelFault($"index out of range: {(from < 0 || from > text.Length ? from : to)}")
            : text[(int)from..(int)to];
}
