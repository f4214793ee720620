using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Tests.Kpis;

public sealed class ServiceFiguresTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private readonly List<LoggedEvent> _events = [];

    [Fact]
    public void A_share_has_the_interval_of_Wilson()
    {
        for (var i = 0; i < 50; i++) Add(EventKind.Diagnosis, i < 48 ? 1 : 0);
        var figure = Figure("diagnosisTop1");
        Assert.Equal(0.96, figure.Value);
        Assert.Equal((0.8654, 0.9890), (Math.Round(figure.Low!.Value, 4), Math.Round(figure.High!.Value, 4)));
    }

    [Fact]
    public void A_mean_and_a_rate_have_intervals_too_and_nothing_has_none()
    {
        foreach (var minutes in (double[])[10, 20, 30, 40]) Add(EventKind.Restored, minutes);
        var mean = Figure("meanTimeToRestoreMinutes");
        Assert.Equal((25, 12.35, 37.65), (mean.Value!.Value, Math.Round(mean.Low!.Value, 2), Math.Round(mean.High!.Value, 2)));

        for (var i = 0; i < 24; i++) Add(EventKind.TicketOpened, 0);
        var rate = Figure("alarmsPerEngineerHour");   // 24 in 24 hours; the exact Poisson limits of 24 are 15.38 and 35.71
        Assert.Equal(1, rate.Value);
        Assert.InRange(rate.Low!.Value * 24, 15.3, 15.5);
        Assert.InRange(rate.High!.Value * 24, 35.6, 35.8);
        Assert.Equal((1.0, 1.0), (Figure("duplicatesPerFault").Value, Figure("duplicatesPerFault").Low));
        Assert.Null(Figure("partsHitRate").Low);
    }

    [Fact]
    public void A_clock_that_only_the_entry_missed_counts_as_met_also_when_it_was_corrected_later()
    {
        Add(EventKind.Clock, 0, "arrive", key: "T-1:arrive:0");
        Add(EventKind.Clock, 0, "arrive", key: "T-2:arrive:0");
        Assert.Equal(0, Figure("arriveMet").Value);
        Add(EventKind.ClockCorrected, 1, "arrive", key: "T-1:arrive:0", at: Day.AddDays(3));
        Assert.Equal(0.5, Figure("arriveMet").Value);
    }

    [Fact]
    public void Turnaround_ranks_by_the_median_of_the_whole_and_equals_by_name()
    {
        foreach (var (who, minutes) in (IReadOnlyList<(string, double)>)[("tech-b", 90), ("tech-a", 90), ("tech-c", 200), ("tech-c", 100), ("tech-c", 300)])
        {
            Add(EventKind.Turnaround, minutes, Turnaround.Total, who: who);
            Add(EventKind.Turnaround, 5, Turnaround.Respond, who: who);
        }
        var table = Turnaround.Table(_events, Turnaround.ByTechnician, Day, Day.AddDays(1));
        Assert.Equal(["tech-c", "tech-c", "tech-a", "tech-a", "tech-b", "tech-b"], table.Select(l => l.By));
        Assert.Equal(new TurnaroundLine("tech-c", Turnaround.Total, 3, 200, 300), table[1]);
        Assert.Equal(["works"], Turnaround.Table(_events, Turnaround.BySite, Day, Day.AddDays(1)).Select(l => l.By).Distinct());
        Assert.Empty(Turnaround.Table(_events, Turnaround.BySite, Day.AddDays(1), Day.AddDays(2)));
    }

    private Kpi Figure(string code) => ServiceFigures.Measure(_events, Day, Day.AddDays(1)).Single(f => f.Code == code);

    private void Add(string kind, double value, string? detail = null, string? key = null, string? who = null, DateTimeOffset? at = null) => _events.Add(new LoggedEvent(
        _events.Count + 1, at ?? Day.AddMinutes(_events.Count), House.Tenant, kind, $"{kind}:{key ?? $"{_events.Count}"}", null, "works", null, value, detail, who, ""));
}
