namespace Seamless.Rules.Backtests;

/// <summary>How many alarms come to an engineer.</summary>
internal static class Load
{
    /// <summary>EEMUA 191 and ISA-18.2: one alarm in ten minutes for each engineer is very likely acceptable.</summary>
    public const double TargetPerEngineerHour = 6;

    public static BacktestLoad Of(JudgedRules @new, JudgedRules old, TimeSpan period, double engineers) =>
        new(engineers, TargetPerEngineerHour, Of(@new.Alarms, period, engineers), Of(old.Alarms, period, engineers));

    public static AlarmRate Of(IReadOnlyList<JudgedAlarm> alarms, TimeSpan period, double engineers)
    {
        var rate = alarms.Count / period.TotalHours / engineers;
        if (alarms.Count == 0) return new AlarmRate(0, 0, null, 0);
        var busiest = alarms.GroupBy(a => HourOf(a.Alarm.RaisedAt)).Select(hour => (At: hour.Key, Count: hour.Count())).OrderByDescending(hour => hour.Count).ThenBy(hour => hour.At).First();
        return new AlarmRate(alarms.Count, rate, busiest.At, busiest.Count);
    }

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
}
