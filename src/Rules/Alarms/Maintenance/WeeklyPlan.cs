namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>The same hours of the same days, week after week, by the clock on the wall.</summary>
/// <remarks>
/// It begins at its local time. On the day on which that time does not exist (the clock is put forward) it begins when the clock has been put forward;
/// where the time comes twice (the clock is put back) it begins the first time. It lasts as long as it lasts: four hours of work stay four hours in such a night.
/// </remarks>
/// <param name="Days">Days on which it begins: bit 0 is Sunday, bit 6 Saturday.</param>
/// <param name="At">Local time at which it begins.</param>
public sealed record WeeklyPlan(byte Days, TimeOnly At, TimeSpan Duration)
{
    public const byte EveryDay = 0x7F;

    /// <summary>Any plan comes back within this.</summary>
    internal static readonly TimeSpan Repeats = TimeSpan.FromDays(9);

    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromDays(7);

    public bool Begins(DayOfWeek day) => (Days >> (int)day & 1) == 1;

    /// <summary>The times that begin within the span, both ends included, in order.</summary>
    public IEnumerable<Occurrence> Between(DateTimeOffset from, DateTimeOffset to, string zone)
    {
        var here = ZoneOf(zone);
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(to, here).Date).AddDays(1);
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, here).Date).AddDays(-1); day <= last; day = day.AddDays(1))
        {
            if (!Begins(day.DayOfWeek)) continue;
            var begin = LocalTime.ToInstant(day.ToDateTime(At), here);
            if (begin >= from && begin <= to) yield return new Occurrence(begin, begin + Duration);
        }
    }

    internal static TimeZoneInfo ZoneOf(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) ? known : TimeZoneInfo.Utc;
}
