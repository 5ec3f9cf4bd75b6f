using System.Globalization;
using System.Text.RegularExpressions;

namespace Tidekeeper.Model.Toml;

/// <summary>Reads one value.</summary>
internal static partial class TomlValueParser
{
    private const int MaxDepth = 64;

    public static TomlValue Read(TomlInput input) => input.Peek switch
    {
        '"' or '\'' => new TomlString(TomlStrings.Read(input)),
        '[' => ReadArray(input),
        '{' => ReadInlineTable(input),
        _ => ReadPlain(input),
    };

    private static TomlArray ReadArray(TomlInput input)
    {
        Enter(input);
        input.Expect('[');
        var items = new List<TomlValue>();
        input.SkipSpacesCommentsAndNewlines();
        while (!input.TrySkip(']'))
        {
            items.Add(Read(input));
            input.SkipSpacesCommentsAndNewlines();
            if (!input.TrySkip(',') && input.Peek != ']')
                throw input.Fault($"{input.Describe()} is found in a list where , or ] is expected");
            input.SkipSpacesCommentsAndNewlines();
        }

        input.Depth--;
        // An array, not a list: nothing may be added to it by a [[header]].
        return new TomlArray(items.ToArray());
    }

    private static TomlTable ReadInlineTable(TomlInput input)
    {
        Enter(input);
        input.Expect('{');
        var table = new TomlTable { Origin = TomlOrigin.Inline };
        input.SkipSpaces();
        if (!input.TrySkip('}'))
        {
            do
            {
                input.SkipSpaces();
                TomlParser.ReadKeyValue(input, table);
                input.SkipSpaces();
            }
            while (input.TrySkip(','));
            if (!input.TrySkip('}'))
                throw input.Fault($"{input.Describe()} is found in {{ … }} where , or }} is expected");
        }

        input.Depth--;
        Close(table);
        return table;
    }

    // What dotted keys made inside is closed with it.
    private static void Close(TomlTable table)
    {
        table.Origin = TomlOrigin.Inline;
        foreach (var (_, value) in table.Entries)
        {
            if (value is TomlTable inner) Close(inner);
        }
    }

    private static void Enter(TomlInput input)
    {
        if (++input.Depth > MaxDepth) throw input.Fault($"values are nested deeper than {MaxDepth}");
    }

    private static TomlValue ReadPlain(TomlInput input)
    {
        var start = input.Position;
        while (IsPlain(input.Peek)) input.Position++;
        // A date and a time may be separated by one space.
        if (input.Peek == ' ' && DateOnly().IsMatch(input.Since(start)) && TimeAhead().IsMatch(input.Ahead(6)))
        {
            input.Position++;
            while (IsPlain(input.Peek)) input.Position++;
        }

        var text = input.Since(start);
        return text switch
        {
            "" => throw input.Fault($"{input.Describe()} is found where a value is expected"),
            "true" => new TomlBoolean(true),
            "false" => new TomlBoolean(false),
            "inf" or "+inf" => new TomlFloat(double.PositiveInfinity),
            "-inf" => new TomlFloat(double.NegativeInfinity),
            "nan" or "+nan" or "-nan" => new TomlFloat(double.NaN),
            _ => ReadNumber(text) ?? ReadTime(text) ?? throw input.Fault(Unreadable(text), start),
        };
    }

    private static string Unreadable(string text) =>
        char.IsAsciiLetter(text[0]) ? $"{text} is no value; text needs quotes: \"{text}\"" : $"{text} is no value";

    private static bool IsPlain(char one) => char.IsAsciiLetterOrDigit(one) || one is '_' or '-' or '+' or '.' or ':';

    private static TomlValue? ReadNumber(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (Decimal().IsMatch(text))
            return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? new TomlInteger(whole)
                : null;
        if (Float().IsMatch(text))
            return new TomlFloat(double.Parse(digits, CultureInfo.InvariantCulture));
        return Radix().Match(text) is { Success: true } match ? ReadRadix(digits) : null;
    }

    private static TomlInteger? ReadRadix(string digits)
    {
        var (bits, max) = digits[1] switch { 'x' => (4, 16), 'o' => (3, 8), _ => (1, 2) };
        var value = 0L;
        foreach (var one in digits.AsSpan(2))
        {
            var digit = Convert.ToInt32(one.ToString(), 16);
            if (digit >= max || value >> (63 - bits) != 0) return null;
            value = (value << bits) | (long)digit;
        }

        return new TomlInteger(value);
    }

    private static TomlTime? ReadTime(string text)
    {
        if (!Time().IsMatch(text)) return null;
        // The shape is right; whether such a day and time exist, the framework knows. 60 is a leap second.
        var date = text.Length >= 10 && text[4] == '-' ? text[..10] : null;
        var time = date is null ? text : text.Length > 11 ? text[11..] : null;
        if (date is not null && !System.DateOnly.TryParseExact(date, "yyyy-MM-dd", out _)) return null;
        if (time is null) return new TomlTime(text);
        var (hour, minute, second) = (int.Parse(time[..2]), int.Parse(time[3..5]), int.Parse(time[6..8]));
        return hour < 24 && minute < 60 && second <= 60 ? new TomlTime(text) : null;
    }

    [GeneratedRegex(@"^[+-]?(0|[1-9](_?[0-9])*)$")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?$")]
    private static partial Regex Float();

    [GeneratedRegex(@"^0(x[0-9A-Fa-f](_?[0-9A-Fa-f])*|o[0-7](_?[0-7])*|b[01](_?[01])*)$")]
    private static partial Regex Radix();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$")]
    private static partial Regex DateOnly();

    [GeneratedRegex(@"^ \d\d:\d\d$")]
    private static partial Regex TimeAhead();

    private const string Clock = @"\d\d:\d\d:\d\d(\.\d+)?";
    private const string Offset = @"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)";

    [GeneratedRegex(@$"^(\d{{4}}-\d\d-\d\d([Tt ]{Clock}{Offset}?)?|{Clock})$")]
    private static partial Regex Time();
}
