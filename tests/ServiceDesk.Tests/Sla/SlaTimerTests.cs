using System.Globalization;
using CsCheck;
using NodaTime;
using Seamless.ServiceDesk.Sla;

namespace Seamless.ServiceDesk.Tests.Sla;

public sealed class SlaTimerTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private static readonly IsoDayOfWeek[] Weekdays = [IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday];
    private static readonly IsoDayOfWeek[] EveryDay = [.. Weekdays, IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday];

    // GLPI pull request 22678: Mon–Fri 08–18, 4 h; one hour before it is due is 3 h of service time after the start, never midnight.
    [Theory]
    [InlineData("2026-03-02T10:00", 4, "2026-03-02T14:00")]
    [InlineData("2026-03-02T10:00", 3, "2026-03-02T13:00")]
    [InlineData("2026-03-02T17:00", 4, "2026-03-03T11:00")]
    [InlineData("2026-03-02T17:00", 3, "2026-03-03T10:00")]
    [InlineData("2026-03-06T17:30", 1, "2026-03-09T08:30")]
    public void Office_hours_carry_over_to_the_next_working_day(string opened, int hours, string due)
    {
        var calendar = ServiceCalendar.Weekly(DateTimeZone.Utc, new LocalTime(8, 0), new LocalTime(18, 0), Weekdays);
        Assert.Equal(Utc(due), SlaTimer.Deadline(calendar, Utc(opened), TimeSpan.FromHours(hours), []));
    }

    // Zammad issue 390: 48 h on 09–21, seven days, opened 9 November 2016 at 23:00.
    [Theory]
    [InlineData(new[] { "2016-11-11", "2016-11-13" }, "2016-11-15T21:00")]
    [InlineData(new[] { "2016-11-13" }, "2016-11-14T21:00")]
    public void Holidays_stop_the_clock(string[] holidays, string due)
    {
        var calendar = ServiceCalendar.Weekly(DateTimeZone.Utc, new LocalTime(9, 0), new LocalTime(21, 0), EveryDay) with
        {
            Holidays = holidays.Select(Day).ToHashSet(),
        };
        Assert.Equal(Utc(due), SlaTimer.Deadline(calendar, Utc("2016-11-09T23:00"), TimeSpan.FromHours(48), []));
    }

    [Fact]
    public void A_Sunday_that_China_works_counts()
    {
        var calendar = ServiceCalendar.Weekly(Shanghai, new LocalTime(9, 0), new LocalTime(18, 0), Weekdays) with
        {
            Holidays = new[] { "2026-01-01", "2026-01-02" }.Select(Day).ToHashSet(),
            WorkingDays = new[] { "2026-01-04", "2026-02-14" }.Select(Day).ToHashSet(),
        };
        var due = SlaTimer.Deadline(calendar, At("2025-12-31T17:00:00+08:00"), TimeSpan.FromHours(4), []);
        Assert.Equal(At("2026-01-04T12:00:00+08:00"), due);
    }

    [Fact]
    public void Twenty_four_hours_are_twenty_four_hours_when_the_clocks_change()
    {
        var calendar = ServiceCalendar.Weekly(Berlin, LocalTime.Midnight, LocalTime.Midnight, EveryDay);
        var due = SlaTimer.Deadline(calendar, At("2026-03-28T12:00:00+01:00"), TimeSpan.FromHours(24), []);
        Assert.Equal(At("2026-03-29T13:00:00+02:00"), due);
    }

    [Theory]
    [InlineData("2026-03-02T11:00", "2026-03-02T12:00", "2026-03-02T15:00")]   // an hour within service time moves it an hour
    [InlineData("2026-03-02T19:00", "2026-03-02T23:00", "2026-03-02T14:00")]   // after it was due: nothing
    public void A_pause_moves_the_deadline_by_the_service_time_it_covers(string from, string to, string due)
    {
        var calendar = ServiceCalendar.Weekly(DateTimeZone.Utc, new LocalTime(8, 0), new LocalTime(18, 0), Weekdays);
        var pause = new Pause("weather", Utc(from), Utc(to), Utc(to));
        Assert.Equal(Utc(due), SlaTimer.Deadline(calendar, Utc("2026-03-02T10:00"), TimeSpan.FromHours(4), [pause]));
    }

    [Fact]
    public void A_pause_in_closed_hours_adds_nothing()
    {
        var calendar = ServiceCalendar.Weekly(DateTimeZone.Utc, new LocalTime(8, 0), new LocalTime(18, 0), Weekdays);
        var pause = new Pause("site-closed", Utc("2026-03-02T19:00"), Utc("2026-03-03T07:00"), Utc("2026-03-03T07:00"));
        Assert.Equal(Utc("2026-03-03T11:00"), SlaTimer.Deadline(calendar, Utc("2026-03-02T17:00"), TimeSpan.FromHours(4), [pause]));
    }

    [Fact]
    public void The_deadline_is_where_the_elapsed_time_reaches_the_budget()
    {
        var office = ServiceCalendar.Weekly(Berlin, new LocalTime(8, 0), new LocalTime(18, 0), Weekdays);
        Gen.Select(Gen.Int[0, 60 * 24 * 60], Gen.Int[1, 6000], Gen.Int[0, 4000], Gen.Int[0, 3000], Gen.Bool).Sample((start, budget, pauseAt, pauseFor, always) =>
        {
            var calendar = always ? ServiceCalendar.Always : office;
            var opened = Utc("2026-03-01T00:00").AddMinutes(start);
            var pause = new Pause("weather", opened.AddMinutes(pauseAt), opened.AddMinutes(pauseAt + pauseFor), opened.AddMinutes(pauseAt + pauseFor));
            var due = SlaTimer.Deadline(calendar, opened, TimeSpan.FromMinutes(budget), [pause]);
            Assert.Equal(TimeSpan.FromMinutes(budget), SlaTimer.Elapsed(calendar, opened, due, [pause]));
        }, iter: 500);
    }

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
    private static LocalDate Day(string date) => LocalDate.FromDateTime(DateTime.Parse(date, CultureInfo.InvariantCulture));
}
