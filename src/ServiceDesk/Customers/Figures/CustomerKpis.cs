using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Customers.Figures;

/// <summary>The customers' lines of the scoreboard, from the desk's events alone.</summary>
internal static class CustomerKpis
{
    public static IEnumerable<Kpi> Of(ILookup<string, LoggedEvent> of)
    {
        var (recommend, effort, satisfaction) = (
            NetPromoter.Of(Last(of[EventKind.Recommend])), ShareOf.Effort(Last(of[EventKind.Effort])), ShareOf.Satisfaction(Last(of[EventKind.Satisfaction])));
        var repaired = of[EventKind.Restored].Where(e => e.Detail == "ticket").Select(e => e.Ticket).ToHashSet();
        var touches = of[EventKind.Touch].Count(e => repaired.Contains(e.Ticket));
        return
        [
            new("nps", "points", recommend.Value, recommend.Count, 80, recommend.Low, recommend.High),
            new("customerEffort", "share", effort.Value, effort.Count, 0.9, effort.Low, effort.High),
            new("customerSatisfaction", "share", satisfaction.Value, satisfaction.Count, 0.95, satisfaction.Low, satisfaction.High),
            new("customerTouches", "1/ticket", repaired.Count == 0 ? null : (double)touches / repaired.Count, repaired.Count, null),
            new("complaints", "count", of[EventKind.Complaint].Count(), of[EventKind.Complaint].Count(), null),
            InTime("complaintsAnswered", of[EventKind.ComplaintClock].Where(e => e.Detail == Complaints.ComplaintTimes.FirstAnswer)),
            InTime("complaintsSolved", of[EventKind.ComplaintClock].Where(e => e.Detail == Complaints.ComplaintTimes.Solution)),
            new("compliments", "count", of[EventKind.Compliment].Count(), of[EventKind.Compliment].Count(), null),
            new("divergences", "count", of[EventKind.Divergence].Count(), of[EventKind.Divergence].Count(), null),
        ];
    }

    /// <summary>The last answer of each ticket, without those taken back.</summary>
    private static IEnumerable<int> Last(IEnumerable<LoggedEvent> answers) =>
        answers.GroupBy(e => e.Ticket).Select(g => g.MaxBy(e => e.Number)!.Value).Where(value => value > Ratings.RatingBook.NoAnswer).Select(value => (int)value);

    private static Kpi InTime(string code, IEnumerable<LoggedEvent> clocks)
    {
        var all = clocks.ToList();
        return new(code, "share", all.Count == 0 ? null : (double)all.Count(e => e.Value > 0) / all.Count, all.Count, 1);
    }
}
