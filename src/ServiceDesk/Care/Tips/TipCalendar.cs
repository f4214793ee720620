using NodaTime;
using NodaTime.Extensions;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>When a campaign's hour comes at a site, by the clocks there.</summary>
/// <remarks>A time that the change to summer time leaves out is as much later; one that happens twice is the first.</remarks>
internal static class TipCalendar
{
    /// <summary>A tip that a pause of the platform made late is left for next week after that.</summary>
    public static readonly TimeSpan MakeUp = TimeSpan.FromDays(1);

    /// <summary>Where the zone of a site is not known, its clocks show UTC.</summary>
    public static DateTimeZone ZoneOf(string? id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id ?? "") ?? DateTimeZone.Utc;

    /// <summary>The hour to see to now: after the last look, and not long past.</summary>
    public static DateTimeOffset? DueAt(TipCampaignRow campaign, DateTimeZone zone, DateTimeOffset now)
    {
        var day = LocalDayOf(now, zone);
        while (day.DayOfWeek != campaign.Day.ToIsoDayOfWeek() || InstantOf(campaign, day, zone) > now) day = day.PlusDays(-1);
        var at = InstantOf(campaign, day, zone);
        return Includes(campaign, day) && at > campaign.LookedAt && at > now - MakeUp ? at : null;
    }

    /// <summary>The next hour after <paramref name="after"/>; null when the campaign ends before.</summary>
    public static DateTimeOffset? NextAfter(TipCampaignRow campaign, DateTimeZone zone, DateTimeOffset after)
    {
        var first = LocalDate.FromDateOnly(campaign.From);
        var day = LocalDate.Max(first, LocalDayOf(after, zone));
        while (day.DayOfWeek != campaign.Day.ToIsoDayOfWeek() || InstantOf(campaign, day, zone) <= after) day = day.PlusDays(1);
        return Includes(campaign, day) ? InstantOf(campaign, day, zone) : null;
    }

    /// <summary>The campaign's time of day at <paramref name="now"/>'s day, whichever day of the week it is.</summary>
    public static DateTimeOffset Today(TipCampaignRow campaign, DateTimeZone zone, DateTimeOffset now) => InstantOf(campaign, LocalDayOf(now, zone), zone);

    /// <summary>ISO 8601 year and week, by the clocks of the site: 202649.</summary>
    public static int WeekOf(DateTimeOffset at, DateTimeZone zone)
    {
        var day = LocalDayOf(at, zone).ToDateOnly().ToDateTime(TimeOnly.MinValue);
        return System.Globalization.ISOWeek.GetYear(day) * 100 + System.Globalization.ISOWeek.GetWeekOfYear(day);
    }

    /// <summary>Whole days by the calendar of the site: a week is seven, also when the clocks are changed in it.</summary>
    public static int DaysBetween(DateTimeOffset from, DateTimeOffset to, DateTimeZone zone) => Period.DaysBetween(LocalDayOf(from, zone), LocalDayOf(to, zone));

    /// <summary>Its last day has passed everywhere on earth.</summary>
    public static bool IsOver(TipCampaignRow campaign, DateTimeOffset now) => campaign.Until < LocalDayOf(now, DateTimeZone.ForOffset(Offset.FromHours(-12))).ToDateOnly();

    private static bool Includes(TipCampaignRow campaign, LocalDate day) => day.ToDateOnly() is var date && date >= campaign.From && !(date > campaign.Until);

    private static LocalDate LocalDayOf(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).Date;

    private static DateTimeOffset InstantOf(TipCampaignRow campaign, LocalDate day, DateTimeZone zone) =>
        (day + LocalTime.FromTimeOnly(campaign.At)).InZoneLeniently(zone).ToDateTimeOffset().ToUniversalTime();
}
