using System.Globalization;
using Seamless.Rules.Alarms.Maintenance;

namespace Seamless.Rules.Tests.Alarms.Maintenance;

public sealed class WeeklyPlanTests
{
    /// <summary>Days as digits (0 Sunday), local begin, hours; the occurrences that begin in the span, as begin/end in UTC.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2", "22:00", 4, "2026-12-01", "2026-12-09", "12-01T21:00/12-02T01:00 12-08T21:00/12-09T01:00")]              // over midnight
    [InlineData("Europe/Berlin", "0", "02:30", 4, "2026-03-28", "2026-03-30", "03-29T01:00/03-29T05:00")]                                       // 02:30 does not exist: as the clock is put forward
    [InlineData("Europe/Berlin", "6", "22:00", 6, "2026-03-28", "2026-03-30", "03-28T21:00/03-29T03:00")]                                       // six hours of work stay six hours: until 05:00
    [InlineData("Europe/Berlin", "6", "22:00", 6, "2026-10-24", "2026-10-26", "10-24T20:00/10-25T02:00")]                                       // and in the long night: until 03:00
    [InlineData("Europe/Berlin", "0", "02:30", 1, "2026-10-24", "2026-10-26", "10-25T00:30/10-25T01:30")]                                       // 02:30 comes twice: the first
    [InlineData("Europe/Berlin", "6", "08:00", 1, "2026-03-20", "2026-04-05", "03-21T07:00/03-21T08:00 03-28T07:00/03-28T08:00 04-04T06:00/04-04T07:00")]
    [InlineData("America/New_York", "0", "02:30", 2, "2026-03-07", "2026-03-09", "03-08T07:00/03-08T09:00")]
    [InlineData("America/New_York", "0", "01:30", 2, "2026-10-31", "2026-11-02", "11-01T05:30/11-01T07:30")]
    [InlineData("Asia/Shanghai", "2", "00:30", 1, "2028-02-28", "2028-03-02", "02-28T16:30/02-28T17:30")]                                       // Tuesday 29 February
    [InlineData("UTC", "0123456", "23:00", 2, "2028-02-28", "2028-03-01", "02-28T23:00/02-29T01:00 02-29T23:00/03-01T01:00")]                   // leap day, every day
    [InlineData("Pacific/Apia", "5", "10:00", 1, "2026-01-01", "2026-01-03", "01-01T21:00/01-01T22:00")]
    public void Begins_by_the_clock_on_the_wall_and_lasts_as_long_as_it_lasts(string zone, string days, string at, double hours, string from, string to, string expected)
    {
        var plan = new WeeklyPlan((byte)days.Sum(d => 1 << (d - '0')), TimeOnly.Parse(at, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours));
        var times = plan.Between(Utc(from), Utc(to), zone).Select(t => $"{t.From.UtcDateTime:MM-dd'T'HH:mm}/{t.To.UtcDateTime:MM-dd'T'HH:mm}");
        Assert.Equal(expected, string.Join(' ', times));
    }

    [Fact]
    public void Holds_its_first_instant_and_not_its_last_also_when_it_lasts_for_days()
    {
        var window = Weekly(days: 1 << (int)DayOfWeek.Friday, "18:00", hours: 60, begin: "2026-03-01");   // Friday evening until Monday morning
        Assert.Null(window.At(Utc("2026-03-06T16:59:59")));
        Assert.Equal(Utc("2026-03-09T05:00:00"), window.At(Utc("2026-03-06T17:00:00"))?.To);
        Assert.NotNull(window.At(Utc("2026-03-09T04:59:59")));
        Assert.Null(window.At(Utc("2026-03-09T05:00:00")));
        Assert.Equal(Utc("2026-03-13T17:00:00"), window.After(Utc("2026-03-09T05:00:00"))?.From);
    }

    [Fact]
    public void Is_held_from_its_begin_to_its_end_and_once_more_when_it_was_prolonged()
    {
        var window = Weekly(days: WeeklyPlan.EveryDay, "08:00", hours: 1, begin: "2026-03-02T12:00:00") with { End = Utc("2026-03-05") };
        Assert.Equal(MaintenanceStatus.Coming, window.StatusAt(Utc("2026-01-01")));
        Assert.Equal(Utc("2026-03-03T07:00:00"), window.After(Utc("2026-01-01"))?.From);   // that of the 2nd begins before it is held
        Assert.Equal(2, window.Between(Utc("2026-01-01"), Utc("2026-12-31")).Count());
        Assert.Equal(MaintenanceStatus.Over, window.StatusAt(Utc("2026-03-04T08:00:00")));

        var told = window with { Changed = [new Occurrence(Utc("2026-03-03T07:00:00"), Utc("2026-03-03T20:00:00")), new Occurrence(Utc("2026-03-04T07:00:00"), Utc("2026-03-04T07:10:00"))] };
        Assert.NotNull(told.At(Utc("2026-03-03T19:00:00")));
        Assert.Null(told.At(Utc("2026-03-04T07:10:00")));
        Assert.Equal(MaintenanceStatus.Over, told.StatusAt(Utc("2026-03-04T07:10:00")));
    }

    [Fact]
    public void What_is_cancelled_holds_from_then_on_nothing_and_before_as_it_did()
    {
        var window = Weekly(days: WeeklyPlan.EveryDay, "08:00", hours: 2, begin: "2026-03-02") with { CancelledAt = Utc("2026-03-03T08:00:00") };
        Assert.NotNull(window.At(Utc("2026-03-02T08:30:00")));
        Assert.Equal(Utc("2026-03-03T08:00:00"), window.At(Utc("2026-03-03T07:30:00"))?.To);
        Assert.Null(window.At(Utc("2026-03-03T08:30:00")));
        Assert.Null(window.After(Utc("2026-03-03T08:30:00")));
        Assert.Equal(MaintenanceStatus.Cancelled, window.StatusAt(Utc("2026-03-03T08:30:00")));
    }

    [Theory]
    [InlineData("2026-12-01T22:00", "2026-12-01T21:00:00Z")]
    [InlineData("2026-07-01 22:00", "2026-07-01T20:00:00Z")]
    [InlineData("2026-12-01", "2026-11-30T23:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z", "2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00+08:00", "2026-12-01T14:00:00Z")]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:00:00Z")]
    [InlineData("tomorrow", null)]
    [InlineData("2026-13-01T22:00", null)]
    [InlineData("", null)]
    public void A_time_is_read_on_the_clock_of_the_place_unless_it_says_otherwise(string text, string? expected)
    {
        var read = LocalTime.Read(text, "Europe/Berlin");
        Assert.Equal(expected is null ? null : (DateTimeOffset?)Utc(expected), read.Succeeded ? (DateTimeOffset?)read.Value : null);
        if (!read.Succeeded) Assert.Contains("Europe/Berlin", read.Refusal.Reason, StringComparison.Ordinal);
    }

    private static MaintenanceWindow Weekly(byte days, string at, double hours, string begin) => new(
        "mw-1", "default", new MaintenanceScope(Site: "s1"), Utc(begin), null, "Europe/Berlin", new WeeklyPlan(days, TimeOnly.Parse(at, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours)),
        "cleaning", "lee", Utc(begin), [], null, 1);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
