using System.Globalization;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>Times as people write them: on the clock of the place, or as an instant when the text says how far that is from UTC.</summary>
public static class LocalTime
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"];

    /// <summary>The instant of a local time. What the clock skips is the moment at which it is put forward; what comes twice is the first.</summary>
    public static DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local)) return Forward(local, zone);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);   // further ahead of UTC is earlier
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static DateTimeOffset Forward(DateTime local, TimeZoneInfo zone)
    {
        var first = local;
        while (zone.IsInvalidTime(first)) first = first.AddMinutes(1);
        first = new DateTime(first.Year, first.Month, first.Day, first.Hour, first.Minute, 0, DateTimeKind.Unspecified);   // clocks are put forward on the minute
        return new DateTimeOffset(first, zone.GetUtcOffset(first)).ToUniversalTime();
    }

    /// <summary>Other years are slips, and their zones and lengths cannot be reckoned with.</summary>
    private static bool IsOfOurTime(int year) => year is >= 1970 and < 2200;

    /// <summary>Reads <c>2026-12-01T22:00</c> on the clock of <paramref name="zone"/>, or an instant with <c>Z</c> or an offset.</summary>
    public static Outcome<DateTimeOffset> Read(string? text, string zone)
    {
        var trimmed = text?.Trim();
        if (DateTime.TryParseExact(trimmed, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && IsOfOurTime(local.Year)) return ToInstant(local, WeeklyPlan.ZoneOf(zone));
        if (trimmed is { Length: > 10 } && (trimmed[^1] is 'Z' or 'z' || trimmed.LastIndexOfAny(['+', '-']) > 9)
            && DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) && IsOfOurTime(instant.Year)) return instant.ToUniversalTime();
        return Refusal.Invalid("time-unreadable", $"'{trimmed}' is no time: 2026-12-01T22:00 on the clock of {zone}, or an instant such as 2026-12-01T21:00:00Z");
    }
}
