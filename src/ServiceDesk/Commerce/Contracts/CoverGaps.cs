namespace Seamless.ServiceDesk.Commerce.Contracts;

/// <param name="To">The first instant that is covered again; now when it still lasts.</param>
public sealed record CoverGap(DateTimeOffset From, DateTimeOffset To, double Days);

/// <summary>How a device has been covered in its life.</summary>
/// <param name="Covered">By which contract now; null when by none.</param>
/// <param name="CoveredUntil">End of the unbroken cover that holds now, renewals included.</param>
public sealed record DeviceCover(
    string Device, string Site, string Customer, DateTimeOffset Since, double DaysOfLife, double DaysWithoutCover, IReadOnlyList<CoverGap> Gaps, string? Covered, DateTimeOffset? CoveredUntil);

/// <summary>Days of a device's life without cover: pure arithmetic on intervals.</summary>
public static class CoverGaps
{
    public static IReadOnlyList<CoverGap> Of(DateTimeOffset since, DateTimeOffset now, IEnumerable<(DateTimeOffset From, DateTimeOffset To)> covered)
    {
        var gaps = new List<CoverGap>();
        var reached = since;
        foreach (var (from, to) in covered.Where(c => c.From < c.To && c.To > since && c.From < now).OrderBy(c => c.From))
        {
            if (from > reached) gaps.Add(new CoverGap(reached, from, (from - reached).TotalDays));
            if (to > reached) reached = to;
        }
        if (reached < now) gaps.Add(new CoverGap(reached, now, (now - reached).TotalDays));
        return gaps;
    }

    /// <summary>Hours between the two instants that at least one interval covers.</summary>
    public static double CoveredHours(DateTimeOffset from, DateTimeOffset to, IEnumerable<(DateTimeOffset From, DateTimeOffset To)> covered) =>
        (to - from).TotalHours - Of(from, to, covered).Sum(g => (g.To - g.From).TotalHours);

    /// <summary>The end of the unbroken cover at <paramref name="now"/>; null when there is none.</summary>
    public static DateTimeOffset? UnbrokenUntil(DateTimeOffset now, IEnumerable<(DateTimeOffset From, DateTimeOffset To)> covered)
    {
        DateTimeOffset? until = null;
        foreach (var (from, to) in covered.OrderBy(c => c.From))
            if (from <= (until ?? now) && to > (until ?? now)) until = to;
        return until;
    }
}
