using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Impacts;

namespace Seamless.ServiceDesk.Tests.Impacts;

public sealed class AdvisingTests
{
    private static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset April = March.AddMonths(1);

    /// <summary>Bottling stands on the filler and on cooling; cooling on two chillers. Another customer's line stands on the filler too.</summary>
    private static readonly ImpactGraph Plant = new(
    [
        new("bottling", "Bottling", "acme", ["filler"], ["cooling"]), new("cooling", "Cooling", "acme", ["chiller-1", "chiller-2"]), new("labels", "Labels", "other", ["filler"]),
    ]);

    [Fact]
    public void Downtime_counts_within_the_month_and_overlaps_once()
    {
        var advice = Write(
            Fault("T-1", "chiller-1", "seal", March.AddHours(-5), March.AddHours(5)), Fault("T-2", "chiller-1", "mains", March.AddHours(3), March.AddHours(8)),
            Fault("T-3", "chiller-2", "seal", March.AddHours(6), March.AddHours(10)), Fault("T-4", "filler", "belt", April.AddHours(-2), null));
        Assert.Equal(["chiller-1 8", "chiller-2 4", "filler 2"], advice.Failed.Select(f => FormattableString.Invariant($"{f.Device} {f.DownHours}")));
        Assert.Equal(14, advice.DownHours);
        Assert.Equal(["bottling 12", "cooling 10"], advice.Touched.Select(t => FormattableString.Invariant($"{t.Service} {t.Hours}")));   // from 0 to 8 and 6 to 10; nobody else's service
    }

    [Fact]
    public void A_fault_in_which_the_device_ran_on_is_told_and_costs_nothing()
    {
        var running = new PastFault("filler", new DeviceFailure("T-1", new LocalizedText("hot", "热"), "belt", March.AddDays(1), March.AddDays(2)), null);
        Assert.Equal((1, 0.0), (Assert.Single(Write(running).Failed).Failures.Count, Write(running).DownHours));
    }

    [Theory]
    [InlineData(-58, "seal", true)]    // ninety days before the month's end is 59 days before its beginning
    [InlineData(-60, "seal", false)]
    [InlineData(-58, "other", false)]   // names no cause
    public void A_cause_repeats_within_ninety_days(int day, string cause, bool repeats)
    {
        var advice = Write(Fault("T-1", "filler", cause, March.AddDays(day), March.AddDays(day + 1)), Fault("T-2", "filler", cause, March.AddDays(3), March.AddDays(4)));
        Assert.Equal(repeats ? ["T-1,T-2"] : [], advice.Advice.Where(a => a.Kind is AdviceKind.RepeatedCause).Select(a => string.Join(',', a.Tickets)));
    }

    [Fact]
    public void What_a_service_stands_on_alone_is_named_unless_another_can_stand_in()
    {
        var alone = Write().Advice;
        Assert.All(alone, a => Assert.Equal(AdviceKind.NoStandIn, a.Kind));
        Assert.Equal([("filler", "bottling")], alone.Select(a => (a.Device, string.Join(',', a.Services))));
    }

    private static CustomerAdvice Write(params PastFault[] faults) => new Advising(Plant, new MonthFacts("acme", March, April, faults, new HashSet<string> { "chiller-1", "chiller-2" }, 1)).Write();

    private static PastFault Fault(string ticket, string device, string cause, DateTimeOffset onset, DateTimeOffset? repaired) =>
        new(device, new DeviceFailure(ticket, new LocalizedText(cause, cause), cause, onset, repaired), (onset, repaired ?? DateTimeOffset.MaxValue));
}
