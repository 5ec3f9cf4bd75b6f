namespace Tidekeeper.Playground.Databases.TiDB.Sql;

/// <summary>Functions of dates and times. The session's time zone is UTC.</summary>
internal static class TimeFunctions
{
    private static readonly ColumnType _date = new(TypeName.Date);
    private static readonly ColumnType _time = new(TypeName.Time);

    public static IEnumerable<(string Names, Function Function)> All =>
    [
        ("NOW CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP SYSDATE UTC_TIMESTAMP", new Function(0, 1,
            _ => ColumnType.DateTime with { Scale = 6 }, (c, a) =>
                SqlValue.OfDateTime(Temporal.Text(c.Now.UtcDateTime, Digits(a))))),
        ("CURDATE CURRENT_DATE UTC_DATE", new Function(0, 0, _ => _date, (c, _) =>
            SqlValue.OfDate(Temporal.Text(c.Now.UtcDateTime, 0)[..10]))),
        ("CURTIME CURRENT_TIME UTC_TIME", new Function(0, 1, _ => _time, (c, a) =>
            Casts.Cast(SqlValue.OfDateTime(Temporal.Text(c.Now.UtcDateTime, Digits(a))),
                _time with { Scale = Digits(a) }))),
        ("UNIX_TIMESTAMP", new Function(0, 1, _ => ColumnType.BigInt, UnixTimestamp)),
        ("FROM_UNIXTIME", Functions.Of(1, 2, ColumnType.DateTime, FromUnixTime)),
        ("DATE", Functions.Of(1, 1, _date, a => Casts.Cast(a[0], _date))),
        ("TIME", Functions.Of(1, 1, _time, a => Casts.Cast(a[0], _time))),
        ("TIMESTAMP", Functions.Of(1, 1, ColumnType.DateTime, a => Casts.Cast(a[0], ColumnType.DateTime))),
        ("YEAR", Part("YEAR")), ("QUARTER", Part("QUARTER")), ("MONTH", Part("MONTH")), ("DAY DAYOFMONTH", Part("DAY")),
        ("HOUR", Part("HOUR")), ("MINUTE", Part("MINUTE")), ("SECOND", Part("SECOND")),
        ("MICROSECOND", Part("MICROSECOND")), ("DAYOFYEAR", Part("DAYOFYEAR")),
        ("DAYOFWEEK", Part("DAYOFWEEK")), ("WEEKDAY", Part("WEEKDAY")),
        ("DAYNAME", Functions.Of(1, 1, ColumnType.Text, a => Moments.Format(a[0], "%W"))),
        ("MONTHNAME", Functions.Of(1, 1, ColumnType.Text, a => Moments.Format(a[0], "%M"))),
        ("EXTRACT", Functions.Of(2, 2, ColumnType.BigInt, a => Moments.Part(a[0].ToString(), a[1]))),
        ("DATEDIFF", Functions.Of(2, 2, ColumnType.BigInt, a =>
            Temporal.Moment(a[0]) is { } x && Temporal.Moment(a[1]) is { } y
                ? SqlValue.Of((long)(x.Date - y.Date).TotalDays) : SqlValue.Null)),
        ("TIMESTAMPDIFF", Functions.Of(3, 3, ColumnType.BigInt, a => Moments.Difference(a[0].ToString(), a[1], a[2]))),
        ("TIMESTAMPADD", Functions.Of(3, 3, ColumnType.DateTime, a => Moments.IsUnit(a[0].ToString())
            ? Moments.Add(a[2], a[1].ToDecimal(), a[0].ToString())
            : throw SqlErrors.Unsupported($"TIMESTAMPADD({a[0]}, …)"))),
        ("DATE_FORMAT", Functions.Of(2, 2, ColumnType.Text, a => Moments.Format(a[0], a[1].ToString()))),
        ("LAST_DAY", Functions.Of(1, 1, _date, a => Temporal.Moment(a[0]) is { } m
            ? SqlValue.OfDate(Temporal.Text(new DateTime(m.Year, m.Month, DateTime.DaysInMonth(m.Year, m.Month)),
                0)[..10])
            : SqlValue.Null)),
        ("TIME_TO_SEC", Functions.Of(1, 1, ColumnType.BigInt, a =>
            Casts.Cast(a[0], _time) is { IsNull: false } t ? SqlValue.Of(t.Bits / 1_000_000) : SqlValue.Null)),
        ("SEC_TO_TIME", Functions.Of(1, 1, _time, a => SqlValue.OfTime(a[0].ToLong() * 1_000_000, 0))),
    ];

    private static Function Part(string unit) => Functions.Of(1, 1, ColumnType.BigInt, a => Moments.Part(unit, a[0]));

    private static int Digits(SqlValue[] a) => a.Length == 0 ? 0 : (int)Math.Clamp(a[0].ToLong(), 0, 6);

    private static SqlValue UnixTimestamp(StatementContext context, SqlValue[] a)
    {
        if (a.Length == 0)
            return SqlValue.Of(context.Now.ToUnixTimeSeconds());
        return Temporal.Moment(a[0]) is { } moment
            ? SqlValue.Of(Math.Max(0, (long)(moment - DateTime.UnixEpoch).TotalSeconds)) : SqlValue.Of(0);
    }

    private static SqlValue FromUnixTime(SqlValue[] a)
    {
        var seconds = a[0].ToDecimal();
        if (seconds is < 0 or > 32536771199)
            return SqlValue.Null;
        var moment = DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        var value = SqlValue.OfDateTime(Temporal.Text(moment, decimal.Truncate(seconds) == seconds ? 0 : 6));
        return a.Length > 1 ? Moments.Format(value, a[1].ToString()) : value;
    }
}
