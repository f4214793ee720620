using System.Globalization;
using CsCheck;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;

namespace Seamless.ServiceDesk.Tests.Commerce;

public sealed class ContractTests
{
    private static readonly DateTimeOffset Day0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(DateTimeOffset From, DateTimeOffset To)[]> Terms =
        Gen.Select(Gen.Int[-50, 400], Gen.Int[0, 200], (start, days) => (Day0.AddDays(start), Day0.AddDays(start + days))).Array[0, 8];

    /// <summary>By the day, counted one by one.</summary>
    [Fact]
    public void Days_without_cover_are_the_days_that_no_term_contains() => Terms.Sample(terms =>
    {
        var now = Day0.AddDays(300);
        var gaps = CoverGaps.Of(Day0, now, terms);
        var counted = Enumerable.Range(0, 300).Count(day => !terms.Any(t => t.From <= Day0.AddDays(day) && Day0.AddDays(day) < t.To));
        Assert.Equal(counted, gaps.Sum(g => g.Days), 6);
        Assert.All(gaps.Zip(gaps.Skip(1)), pair => Assert.True(pair.First.To < pair.Second.From));
        Assert.Equal(terms.Any(t => t.From <= now && now < t.To), CoverGaps.UnbrokenUntil(now, terms) is not null);
    });

    [Theory]
    [InlineData(100, "10:90 70:30 93:7")]
    [InlineData(60, "30:30 53:7")]      // the notice for 90 days was over when it was entered
    [InlineData(7, "")]
    [InlineData(3, "")]
    public void Each_notice_is_told_on_its_day_once(int term, string expected)
    {
        var (told, days) = (ExpiryNotices.OverAt(Day0.AddDays(term), Day0), new List<string>());
        for (var day = 0; day <= term + 10; day++)
        {
            if (ExpiryNotices.Reached(Day0.AddDays(term), Day0.AddDays(day), told) is not { } notice) continue;
            days.Add($"{day}:{notice}");
            told = notice;
        }
        Assert.Equal(expected, string.Join(' ', days));
    }

    [Fact]
    public void After_a_long_standstill_only_the_latest_notice_is_told() => Assert.Equal(30, ExpiryNotices.Reached(Day0.AddDays(100), Day0.AddDays(80), null));

    [Fact]
    public void The_delivered_table_decides_everything_and_every_row_of_it_decides_something()
    {
        Assert.Null(CoverageTable.Delivered.Fault());
        Assert.Equal(CoverageTable.Delivered.Rules.Select(r => r.Id), CoverageTable.Delivered.Rules.Select(r => r.Id).Intersect(CoverageTable.Delivered.Cases().Select(c => CoverageTable.Delivered.Decide(c).Rule)));
    }

    /// <summary>31 days of 24 hours, promised 98 %, 2.00 an hour, 10.00 for each point.</summary>
    [Theory]
    [InlineData("", 744, 1488.00, 20.00, 0)]
    [InlineData("5-6", 720, 1440.00, 0, 12.26)]                  // a day: 96.774 %
    [InlineData("5-6 5-6 5-5", 720, 1440.00, 0, 12.26)]          // the same day three times
    [InlineData("0-31", 0, 0, 0, 50.00)]                         // never more than agreed
    [InlineData("40-50", 744, 1488.00, 20.00, 0)]                // another month
    public void A_month_of_an_outcome_contract_pays_for_hours_with_bonus_and_malus(string down, double available, double hourly, double bonus, double malus)
    {
        var terms = new OutcomeTerms(2.00m, 0.98, 10, 10, 50);
        var contract = new Contract("CT-1", "t", "d", "c", "standard", CoveragePack.Full, Day0.AddYears(-1), Day0.AddYears(1), 0, "EUR", null, null, null, terms, 0);
        var times = down.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(span => span.Split('-')).Select(days => (Day0.AddDays(int.Parse(days[0], CultureInfo.InvariantCulture)), Day0.AddDays(int.Parse(days[1], CultureInfo.InvariantCulture))));
        var month = OutcomeMonth.Of(contract, terms, Day0, Day0.AddMonths(1), times)!;
        Assert.Equal(available, month.Hours - month.DownHours, 6);
        Assert.Equal(((decimal)hourly, (decimal)bonus, (decimal)malus, (decimal)(hourly + bonus - malus)), (month.Hourly, month.Bonus, month.Malus, month.Revenue));
    }
}
