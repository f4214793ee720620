using System.Globalization;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Tests.Notifications;

public sealed class QuietHoursTests
{
    [Theory]
    [InlineData("22:00", "07:00", "2026-03-02T20:59:00Z", null)]                       // 21:59 in Berlin
    [InlineData("22:00", "07:00", "2026-03-02T21:00:00Z", "2026-03-03T06:00:00Z")]
    [InlineData("22:00", "07:00", "2026-03-03T05:59:00Z", "2026-03-03T06:00:00Z")]
    [InlineData("22:00", "07:00", "2026-03-03T06:00:00Z", null)]
    [InlineData("12:00", "13:00", "2026-03-03T11:30:00Z", "2026-03-03T12:00:00Z")]
    [InlineData("22:00", "07:00", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z")]     // the night of summer time is an hour shorter
    [InlineData("22:00", "02:30", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z")]     // 02:30 does not happen
    [InlineData("22:00", "02:30", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z")]     // 02:30 happens twice
    [InlineData(null, null, "2026-03-03T00:00:00Z", null)]
    public void End_at_the_local_hour(string? from, string? to, string at, string? expected) => Assert.Equal(
        expected is null ? null : Instant(expected),
        QuietHours.EndOf(Instant(at), Time(from), Time(to), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    private static TimeOnly? Time(string? text) => text is null ? null : TimeOnly.Parse(text, CultureInfo.InvariantCulture);
}
