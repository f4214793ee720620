namespace Seamless.Analytics.Detectors;

/// <summary>The hours of the day, weekdays and weekends apart: 24 slots for each. Hours are UTC; a time zone only shifts the slots.</summary>
internal static class DaySlots
{
    private const int PerDay = 24;
    public const int Count = 2 * PerDay;
    public const long MsPerHour = 3_600_000;

    /// <summary>Whole hours since 1970, also before it.</summary>
    public static long HourOf(long timestampMs) => Math.DivRem(timestampMs, MsPerHour, out var rest) - (rest < 0 ? 1 : 0);

    public static int Of(long hours)
    {
        var day = Math.DivRem(hours, PerDay, out var hour);
        if (hour < 0) (day, hour) = (day - 1, hour + PerDay);
        var weekday = ((day + 4) % 7 + 7) % 7;   // 1970-01-01 was a Thursday; 0 is Sunday
        return (int)hour + (weekday is 0 or 6 ? PerDay : 0);
    }
}
