using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Tests.Kpis;

public sealed class RankingTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private readonly List<LoggedEvent> _events = [];

    [Fact]
    public void The_score_is_the_declared_weighting_of_what_was_measured()
    {
        for (var i = 0; i < 5; i++) Close($"A-{i}", "ann", 60, fixedAtOnce: i < 4, satisfaction: 5);
        for (var i = 0; i < 5; i++) Close($"B-{i}", "ben", 120);
        var (ann, ben) = (Table()[0], Table()[1]);
        // The median of all ten is 60: 0.5·0.8 + 0.3·60/120 + 0.2·1, and without ratings (0.5·1 + 0.3·60/180) / 0.8.
        Assert.Equal((1, "ann", 0.75, 0.8, 60, 5), (ann.Rank!.Value, ann.Technician, ann.Score!.Value, ann.FirstTimeFix!.Value, ann.MedianMinutes!.Value, ann.Satisfaction!.Value));
        Assert.Equal((2, "ben", 0.75), (ben.Rank!.Value, ben.Technician, ben.Score!.Value));
    }

    [Fact]
    public void Whoever_ends_more_faults_at_once_stands_before_whoever_comes_first_in_the_alphabet()
    {
        for (var i = 0; i < 5; i++) Close($"A-{i}", "ann", 60, fixedAtOnce: i < 2);
        for (var i = 0; i < 5; i++) Close($"B-{i}", "ben", 60);
        Assert.Equal([(1, "ben"), (2, "ann")], Table().Select(l => (l.Rank!.Value, l.Technician)));
    }

    [Fact]
    public void Four_visits_are_too_few_for_a_rank_and_the_line_says_why()
    {
        for (var i = 0; i < 4; i++) Close($"A-{i}", "ann", 10);
        for (var i = 0; i < 5; i++) Close($"B-{i}", "ben", 500, fixedAtOnce: false);
        Assert.Equal([(1, "ben"), (null, "ann")], Table().Select(l => (l.Rank, l.Technician)));
        Assert.Equal("4 visits; a rank needs 5", Table()[1].Unranked!.En);
        Assert.Null(Table()[1].Score);
    }

    [Fact]
    public void A_ticket_closed_again_is_the_work_of_who_closed_it_last()
    {
        Close("T-1", "ann", 30);
        Close("T-1", "ben", 90, fixedAtOnce: false);
        Assert.Equal("ben", Assert.Single(Table()).Technician);
    }

    [Fact]
    public void A_fault_that_comes_back_after_the_period_and_an_answer_taken_back_count()
    {
        for (var i = 0; i < 5; i++) Close($"A-{i}", "ann", 60, satisfaction: 1);
        Add(EventKind.Repeated, 12, "T-9", "A-0", null, Day.AddDays(12));
        Add(EventKind.Satisfaction, -1, "A-1", null, null);
        var line = Assert.Single(Table());
        Assert.Equal((0.8, 4), (line.FirstTimeFix!.Value, line.Ratings));
    }

    private IReadOnlyList<RankingLine> Table() => Ranking.Of(_events, Day, Day.AddDays(1));

    private void Close(string ticket, string who, double minutes, bool fixedAtOnce = true, double? satisfaction = null)
    {
        Add(EventKind.Turnaround, 5, ticket, Turnaround.Respond, "somebody else");
        Add(EventKind.Turnaround, minutes, ticket, Turnaround.Total, who);
        Add(EventKind.FirstTimeFix, fixedAtOnce ? 1 : 0, ticket, null, null);
        if (satisfaction is { } rating) Add(EventKind.Satisfaction, rating, ticket, null, null);
    }

    private void Add(string kind, double value, string ticket, string? detail, string? who, DateTimeOffset? at = null) => _events.Add(new LoggedEvent(
        _events.Count + 1, at ?? Day.AddMinutes(_events.Count), House.Tenant, kind, $"{kind}:{_events.Count}", null, "works", ticket, value, detail, who, ""));
}
