using System.Globalization;
using CsCheck;
using NodaTime;
using NodaTime.Text;
using Seamless.ServiceDesk.Care.Plans;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class RecurrenceTests
{
    private static readonly string[] Rules = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,SU", "FREQ=MONTHLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "FREQ=YEARLY"];

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=MO", "2026-01-07", "2026-01-12 2026-01-19 2026-01-26")]
    [InlineData("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO", "2026-01-05", "2026-01-05 2026-01-09 2026-01-19")]
    [InlineData("freq=weekly", "2026-01-07", "2026-01-07 2026-01-14 2026-01-21")]
    [InlineData("FREQ=DAILY;INTERVAL=10", "2026-02-20", "2026-02-20 2026-03-02 2026-03-12")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-01", "2026-01-31 2026-03-31 2026-05-31")]      // a day that a month does not have is left out
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01", "2026-01-31 2026-02-28 2026-03-31")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01", "2026-01-30 2026-02-27 2026-03-27")]
    [InlineData("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "2026-01-01", "2026-01-05 2026-04-06 2026-07-06")]
    [InlineData("FREQ=YEARLY", "2028-02-29", "2028-02-29 2032-02-29 2036-02-29")]
    public void Comes_round_as_RFC_5545_says(string rule, string start, string first) =>
        Assert.Equal(first.Split(' '), Recurrence.Parse(rule).Value!.From(Day(start)).Take(3).Select(d => d.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("")]
    [InlineData("FREQ=HOURLY")]
    [InlineData("FREQ=2")]
    [InlineData("FREQ=WEEKLY;INTERVAL=0")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=32")]
    [InlineData("FREQ=DAILY;COUNT=3")]
    [InlineData("FREQ=WEEKLY;FREQ=DAILY")]
    public void Refuses_what_it_does_not_know_and_says_what_to_write(string rule) => Assert.Contains("FREQ=WEEKLY;BYDAY=MO", Recurrence.Parse(rule).Refusal?.Reason, StringComparison.Ordinal);

    [Fact]
    public void A_rule_without_a_day_ends() => Assert.Empty(Recurrence.Parse("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30").Value!.From(Day("2026-02-01")));

    [Fact]
    public void Days_rise_never_come_before_the_start_and_after_continues_them() => Gen.Select(
            Gen.Int[0, 4].Select(n => Rules[n]), Gen.Int[1, 5], Gen.Int[0, 800])
        .Sample((rule, interval, offset) =>
        {
            var start = new LocalDate(2026, 1, 1).PlusDays(offset);
            var recurrence = Recurrence.Parse($"{rule};INTERVAL={interval}").Value!;
            var days = recurrence.From(start).Take(20).ToList();
            Assert.True(days.Zip(days.Skip(1)).All(pair => pair.First < pair.Second) && days.All(d => d >= start));
            foreach (var (day, next) in days.Zip(days.Skip(1))) Assert.Equal(next, recurrence.After(start, day));
        });

    private static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
