using System.Globalization;
using System.Text;

namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Calculations with dates and times.</summary>
internal static class Moments
{
    public static bool IsUnit(string unit) =>
        unit is "MICROSECOND" or "SECOND" or "MINUTE" or "HOUR" || IsWholeDays(unit);

    public static bool IsWholeDays(string unit) => unit is "DAY" or "WEEK" or "MONTH" or "QUARTER" or "YEAR";

    public static SqlValue Add(SqlValue start, decimal amount, string unit)
    {
        if (Temporal.Moment(start) is not { } moment)
            return SqlValue.Null;
        var whole = (long)Math.Round(amount, MidpointRounding.AwayFromZero);
        DateTime result;
        try
        {
            result = unit switch
            {
                "MICROSECOND" => moment.AddTicks(whole * 10),
                "SECOND" => moment.AddTicks((long)(amount * TimeSpan.TicksPerSecond)),
                "MINUTE" => moment.AddMinutes(whole),
                "HOUR" => moment.AddHours(whole),
                "DAY" => moment.AddDays(whole),
                "WEEK" => moment.AddDays(7 * whole),
                "MONTH" => moment.AddMonths((int)whole),
                "QUARTER" => moment.AddMonths((int)(3 * whole)),
                _ => moment.AddYears((int)whole),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return SqlValue.Null;
        }

        var dateOnly = IsWholeDays(unit) && start.ToString().Length == 10;
        if (dateOnly)
            return start.Kind == ValueKind.Text
                ? SqlValue.Of(Temporal.Text(result, 0)[..10]) : SqlValue.OfDate(Temporal.Text(result, 0)[..10]);
        var text = Temporal.Text(result, result.Ticks % TimeSpan.TicksPerSecond == 0 &&
            !start.ToString().Contains('.') ? 0 : 6);
        return start.Kind == ValueKind.Text ? SqlValue.Of(text) : SqlValue.OfDateTime(text);
    }

    /// <summary>A part of a moment: YEAR, MONTH, DAY, HOUR and so on.</summary>
    public static SqlValue Part(string unit, SqlValue value)
    {
        if (value.Kind == ValueKind.Time && unit is "HOUR" or "MINUTE" or "SECOND" or "MICROSECOND")
            return SqlValue.Of(TimePart(unit, Math.Abs(value.Bits)));
        if (Temporal.Moment(value) is not { } m)
            return unit is "HOUR" or "MINUTE" or "SECOND" && Temporal.ReadTime(value.ToString()) is { } time
                ? SqlValue.Of(TimePart(unit, Math.Abs(time))) : SqlValue.Null;
        return unit switch
        {
            "YEAR" => SqlValue.Of((long)m.Year),
            "QUARTER" => SqlValue.Of((m.Month + 2L) / 3),
            "MONTH" => SqlValue.Of((long)m.Month),
            "DAY" => SqlValue.Of((long)m.Day),
            "HOUR" => SqlValue.Of((long)m.Hour),
            "MINUTE" => SqlValue.Of((long)m.Minute),
            "SECOND" => SqlValue.Of((long)m.Second),
            "MICROSECOND" => SqlValue.Of(m.Ticks % TimeSpan.TicksPerSecond / 10),
            "DAYOFYEAR" => SqlValue.Of((long)m.DayOfYear),
            "DAYOFWEEK" => SqlValue.Of((long)m.DayOfWeek + 1),
            "WEEKDAY" => SqlValue.Of(((long)m.DayOfWeek + 6) % 7),
            _ => throw SqlErrors.Unsupported($"EXTRACT({unit} …)"),
        };
    }

    private static long TimePart(string unit, long micros) => unit switch
    {
        "HOUR" => micros / 3_600_000_000,
        "MINUTE" => micros / 60_000_000 % 60,
        "SECOND" => micros / 1_000_000 % 60,
        _ => micros % 1_000_000,
    };

    public static SqlValue Difference(string unit, SqlValue from, SqlValue to)
    {
        if (Temporal.Moment(from) is not { } a || Temporal.Moment(to) is not { } b)
            return SqlValue.Null;
        var ticks = b.Ticks - a.Ticks;
        var months = ((b.Year - a.Year) * 12L) + b.Month - a.Month;
        if (months > 0 && a.AddMonths((int)months) > b)
            months--;
        else if (months < 0 && a.AddMonths((int)months) < b)
            months++;
        return SqlValue.Of(unit switch
        {
            "MICROSECOND" => ticks / 10,
            "SECOND" => ticks / TimeSpan.TicksPerSecond,
            "MINUTE" => ticks / TimeSpan.TicksPerMinute,
            "HOUR" => ticks / TimeSpan.TicksPerHour,
            "DAY" => ticks / TimeSpan.TicksPerDay,
            "WEEK" => ticks / (7 * TimeSpan.TicksPerDay),
            "MONTH" => months,
            "QUARTER" => months / 3,
            "YEAR" => months / 12,
            _ => throw SqlErrors.Unsupported($"TIMESTAMPDIFF({unit}, …)"),
        });
    }

    public static SqlValue Format(SqlValue value, string format)
    {
        if (Temporal.Moment(value) is not { } m)
            return SqlValue.Null;
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
                text.Append(format[i]);
            else
                text.Append(Part(m, format[++i]));
        }

        return SqlValue.Of(text.ToString());
    }

    private static string Part(DateTime m, char code)
    {
        string F(string format) => m.ToString(format, CultureInfo.InvariantCulture);
        return code switch
        {
            'Y' => F("yyyy"),
            'y' => F("yy"),
            'm' => F("MM"),
            'c' => F("%M"),
            'd' => F("dd"),
            'e' => F("%d"),
            'H' => F("HH"),
            'k' => F("%H"),
            'h' or 'I' => F("hh"),
            'l' => F("%h"),
            'i' => F("mm"),
            's' or 'S' => F("ss"),
            'f' => F("ffffff"),
            'p' => F("tt"),
            'M' => F("MMMM"),
            'b' => F("MMM"),
            'W' => F("dddd"),
            'a' => F("ddd"),
            'T' => F("HH:mm:ss"),
            'r' => F("hh:mm:ss tt"),
            'j' => m.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'w' => ((int)m.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'u' or 'U' or 'v' or 'V' or 'x' or 'X' or 'D' => throw SqlErrors.Unsupported($"DATE_FORMAT(… '%{code}')"),
            _ => code.ToString(),
        };
    }
}
