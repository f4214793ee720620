using NodaTime;
using Seamless.ServiceDesk.Care.Tips;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class TipCalendarTests
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    [Theory]
    [InlineData("2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z")]   // clocks go forward on the 29th: 9:00 comes an hour earlier in UTC
    [InlineData("2026-10-20T07:00:00Z", "2026-10-27T08:00:00Z")]   // and back on the 25th
    public void Nine_o_clock_stays_nine_o_clock_when_the_clocks_change(string before, string next) =>
        Assert.Equal(At(next), TipCalendar.NextAfter(Some.Campaign(), Paris, At(before)));

    [Theory]
    [InlineData("2026-03-29", "02:30", "2026-03-29T01:30:00Z")]   // left out: as much later
    [InlineData("2026-10-25", "02:30", "2026-10-25T00:30:00Z")]   // twice: the first
    public void A_time_that_is_left_out_or_happens_twice_comes_once(string day, string time, string expected)
    {
        var campaign = Some.Campaign(DayOfWeek.Sunday, TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        var midnight = At($"{day}T00:00:00Z").AddHours(-2);
        var first = TipCalendar.NextAfter(campaign, Paris, midnight)!.Value;

        Assert.Equal(At(expected), first);
        Assert.Equal(7, (TipCalendar.NextAfter(campaign, Paris, first)!.Value.Date - first.Date).Days);
    }

    [Fact]
    public void Each_hour_of_a_year_has_been_due_once_in_each_zone_however_often_one_looks()
    {
        foreach (var zone in (DateTimeZone[])[Paris, Shanghai, DateTimeZoneProviders.Tzdb["America/New_York"], DateTimeZoneProviders.Tzdb["Australia/Lord_Howe"], DateTimeZone.Utc])
        {
            var campaign = Some.Campaign();
            campaign.LookedAt = At("2026-01-01T00:00:00Z");
            var seen = new List<DateTimeOffset>();
            var random = new Random(50);
            for (var now = campaign.LookedAt; now < At("2027-01-01T00:00:00Z"); now += TimeSpan.FromMinutes(random.Next(1, 700)))
            {
                if (TipCalendar.DueAt(campaign, zone, now) is { } at) seen.Add(at);
                campaign.LookedAt = now;
            }
            Assert.Equal(52, seen.Count);
            Assert.Equal(52, seen.Select(at => TipCalendar.WeekOf(at, zone)).Distinct().Count());
            Assert.All(seen, at => Assert.Equal((IsoDayOfWeek.Tuesday, new LocalTime(9, 0)), (Local(at, zone).DayOfWeek, Local(at, zone).TimeOfDay)));
        }
    }

    [Fact]
    public void What_a_long_pause_made_late_is_left_out_and_days_outside_of_the_campaign_do_not_count()
    {
        var campaign = Some.Campaign();
        var tuesday = At("2026-03-03T08:00:00Z");
        Assert.Equal(tuesday, TipCalendar.DueAt(campaign, Paris, tuesday.AddHours(23)));
        Assert.Null(TipCalendar.DueAt(campaign, Paris, tuesday.AddHours(25)));
        campaign.From = new DateOnly(2026, 3, 4);
        Assert.Null(TipCalendar.DueAt(campaign, Paris, tuesday));
        Assert.Equal(At("2026-03-10T08:00:00Z"), TipCalendar.NextAfter(campaign, Paris, At("2026-01-01T00:00:00Z")));
        campaign.Until = new DateOnly(2026, 3, 9);
        Assert.Null(TipCalendar.NextAfter(campaign, Paris, tuesday));
        Assert.False(TipCalendar.IsOver(campaign, At("2026-03-10T11:59:00Z")));   // still the 9th on Baker Island
        Assert.True(TipCalendar.IsOver(campaign, At("2026-03-10T12:00:00Z")));
    }

    [Fact]
    public void A_week_has_seven_days_also_when_the_clocks_change_in_it()
    {
        Assert.Equal(7, TipCalendar.DaysBetween(At("2026-03-24T08:00:00Z"), At("2026-03-31T07:00:00Z"), Paris));
        Assert.Equal(202653, TipCalendar.WeekOf(At("2027-01-01T12:00:00Z"), Paris));
        Assert.Equal(202701, TipCalendar.WeekOf(At("2027-01-03T17:00:00Z"), Shanghai));   // Monday there
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    private static LocalDateTime Local(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;

    private static class Some
    {
        public static TipCampaignRow Campaign(DayOfWeek day = DayOfWeek.Tuesday, TimeOnly? at = null) => new()
        {
            Tenant = "default", Id = "c", Title = new("t", "t"), Subject = new("s", "s"), Body = new("b", "b"), Scope = new TipScope(), Conditions = [], Day = day, At = at ?? new TimeOnly(9, 0), From = new DateOnly(2025, 1, 1),
        };
    }
}
