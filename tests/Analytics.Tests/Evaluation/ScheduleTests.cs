using System.Globalization;
using Seamless.Analytics.Evaluation;

namespace Seamless.Analytics.Tests.Evaluation;

public sealed class ScheduleTests
{
    private const byte Weekdays = 0b0111110, Every = 0x7F, Saturday = 0b1000000;

    [Theory]
    [InlineData(Weekdays, "08:00", "18:00", "2026-03-27T07:00:00Z", true)]    // Friday 08:00 in Berlin, winter
    [InlineData(Weekdays, "08:00", "18:00", "2026-03-27T06:59:59.999Z", false)]
    [InlineData(Weekdays, "08:00", "18:00", "2026-03-27T16:59:59.999Z", true)]
    [InlineData(Weekdays, "08:00", "18:00", "2026-03-27T17:00:00Z", false)]   // 18:00: the end is not part of it
    [InlineData(Weekdays, "08:00", "18:00", "2026-03-28T10:00:00Z", false)]   // Saturday
    [InlineData(Weekdays, "08:00", "18:00", "2026-03-30T06:00:00Z", true)]    // Monday 08:00, summer time since Sunday
    [InlineData(Every, "02:00", "03:00", "2026-03-29T00:59:00Z", false)]      // the hour that the clock skips: 01:59 …
    [InlineData(Every, "02:00", "03:00", "2026-03-29T01:00:00Z", false)]      // … and then 03:00
    [InlineData(Every, "02:00", "03:00", "2026-10-25T00:30:00Z", true)]       // the hour that it repeats: 02:30 summer time …
    [InlineData(Every, "02:00", "03:00", "2026-10-25T01:30:00Z", true)]       // … and 02:30 again
    [InlineData(Every, "02:00", "03:00", "2026-10-25T02:00:00Z", false)]
    [InlineData(Saturday, "22:00", "06:00", "2026-03-28T21:00:00Z", true)]    // over midnight: Saturday 22:00 …
    [InlineData(Saturday, "22:00", "06:00", "2026-03-29T03:59:00Z", true)]    // … to Sunday 05:59, an hour shorter that night
    [InlineData(Saturday, "22:00", "06:00", "2026-03-29T04:00:00Z", false)]
    [InlineData(Saturday, "22:00", "06:00", "2026-03-29T21:00:00Z", false)]   // Sunday's night does not belong
    [InlineData(Every, "00:00", "24:00", "2024-02-29T11:00:00Z", true)]       // a leap day is a day
    public void Is_open_by_local_time(byte days, string from, string to, string at, bool open)
    {
        var schedule = new Schedule(days, Time(from), Time(to), "Europe/Berlin");
        var atMs = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        Assert.Equal(open, schedule.IsOpen(atMs));
        Assert.Equal(open, schedule.IsOpen(atMs));   // the second time from memory
    }

    [Fact]
    public void What_is_remembered_of_one_minute_is_not_told_of_another()
    {
        var schedule = new Schedule(Every, Time("08:00"), Time("09:00"), "UTC");
        for (var minute = -5; minute < 1500; minute++)
            Assert.Equal(((minute % 1440 + 1440) % 1440) is >= 480 and < 540, schedule.IsOpen(minute * 60_000L + 59_999));
    }

    private static TimeSpan Time(string text) => text == "24:00" ? TimeSpan.FromDays(1) : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
