using System.Globalization;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>The five fields of a cron line, and the moments that they name.</summary>
public sealed class CronSchedule
{
    private static readonly (string Name, int First, int Last)[] Fields =
        [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 6)];

    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly bool[][] _allowed = new bool[Fields.Length][];
    private bool _anyDay;
    private bool _anyWeekday;

    /// <summary>Null, and what is wrong in the words of the real server's parser, when the line is none.</summary>
    public static CronSchedule? TryParse(string line, out string problem)
    {
        problem = "";
        var parts = Expand(line).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            problem = $"expected exactly 5 fields, found {parts.Length}: [{string.Join(' ', parts)}]";
            return null;
        }

        var schedule = new CronSchedule();
        for (var i = 0; i < Fields.Length; i++)
        {
            var allowed = new bool[Fields[i].Last + 1];
            foreach (var range in parts[i].Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                if ((problem = Mark(allowed, range, i)).Length > 0)
                    return null;
            }

            schedule._allowed[i] = allowed;
        }

        schedule._anyDay = parts[2][0] is '*' or '?';
        schedule._anyWeekday = parts[4][0] is '*' or '?';
        return schedule;
    }

    /// <summary>The first moment after the given one; null when there is none within five years.</summary>
    public DateTimeOffset? After(DateTimeOffset moment)
    {
        var at = new DateTimeOffset(moment.Year, moment.Month, moment.Day, moment.Hour, moment.Minute, 0, moment.Offset)
            .AddMinutes(1);
        var end = moment.AddYears(5);
        while (at < end)
        {
            if (!_allowed[3][at.Month] || !IsDay(at))
                at = new DateTimeOffset(at.Year, at.Month, at.Day, 0, 0, 0, at.Offset).AddDays(1);
            else if (!_allowed[1][at.Hour])
                at = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, at.Offset).AddHours(1);
            else if (!_allowed[0][at.Minute])
                at = at.AddMinutes(1);
            else
                return at;
        }

        return null;
    }

    // Days and weekdays: when both are restricted, either will do.
    private bool IsDay(DateTimeOffset at)
    {
        var (day, weekday) = (_allowed[2][at.Day], _allowed[4][(int)at.DayOfWeek]);
        return _anyDay || _anyWeekday ? day && weekday : day || weekday;
    }

    private static string Expand(string line) => line switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ when line.StartsWith("TZ=", StringComparison.Ordinal)
            || line.StartsWith("CRON_TZ=", StringComparison.Ordinal) => line[(line.IndexOf(' ') + 1)..],
        _ => line,
    };

    private static string Mark(bool[] allowed, string range, int field)
    {
        var (_, first, last) = Fields[field];
        var step = range.Split('/');
        var ends = step[0].Split('-');
        int from, to, by = 1;
        if (step.Length > 2)
            return "too many slashes: " + range;
        if (ends[0] is "*" or "?")
            (from, to) = (first, last);
        else
        {
            if (!TryNumber(ends[0], field, out from) || !TryNumber(ends[^1], field, out to))
                return $"failed to parse int from {range}: strconv.Atoi: parsing \"{range}\": invalid syntax";
            if (ends.Length > 2)
                return "too many hyphens: " + range;
            if (ends.Length == 1 && step.Length == 2)
                to = last;
        }

        if (step.Length == 2 && !int.TryParse(step[1], NumberStyles.None, CultureInfo.InvariantCulture, out by))
            return $"failed to parse int from {step[1]}: strconv.Atoi: parsing \"{step[1]}\": invalid syntax";
        if (from < first)
            return $"beginning of range ({from}) below minimum ({first}): {range}";
        if (to > last)
            return $"end of range ({to}) above maximum ({last}): {range}";
        if (from > to)
            return $"beginning of range ({from}) beyond end of range ({to}): {range}";
        if (by == 0)
            return "step of range should be a positive number: " + range;
        for (var at = from; at <= to; at += by)
            allowed[at] = true;
        return "";
    }

    private static bool TryNumber(string text, int field, out int number)
    {
        var names = field switch { 3 => Months, 4 => Days, _ => [] };
        number = Array.IndexOf(names, text.ToLowerInvariant()) + (field == 3 ? 1 : 0);
        return (names.Length > 0 && names.Contains(text.ToLowerInvariant()))
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
