using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Ratings;

namespace Seamless.ServiceDesk.Kpis;

/// <summary>What the score is made of; the parts that nothing was measured for are left out, and the others share their weight.</summary>
/// <param name="FirstTimeFix">Weight of the share of visits that ended the fault, 0 to 1.</param>
/// <param name="Turnaround">Weight of m/(m + own), own: the technician's median minutes from opening to repaired, m: that of all.</param>
/// <param name="Satisfaction">Weight of the customers' mean of 1 to 5, as 0 to 1.</param>
/// <param name="LeastVisits">With fewer, luck decides: such a technician has figures and no rank.</param>
public sealed record RankingWeights(double FirstTimeFix, double Turnaround, double Satisfaction, int LeastVisits);

/// <param name="Rank">From 1; null when unranked.</param>
/// <param name="Score">0 to 1, four decimals.</param>
/// <param name="Visits">Closed tickets that were visited.</param>
/// <param name="MedianMinutes">From opening to repaired, of the closed tickets.</param>
/// <param name="Unranked">Why there is no rank.</param>
public sealed record RankingLine(
    int? Rank, string Technician, double? Score, int Visits, double? FirstTimeFix, int Repairs, double? MedianMinutes, int Ratings, double? Satisfaction, LocalizedText? Unranked);

/// <param name="Head">The end of the event log that the ranking rests on: the same period and head give the same ranking for ever, bit for bit.</param>
public sealed record RankingTable(DateTimeOffset From, DateTimeOffset To, RankingWeights Weights, IReadOnlyList<RankingLine> Lines, LogHead Head);

/// <summary>Technicians by what came of their work: a pure function of the event log and a period.</summary>
/// <remarks>A ticket is the work of who had it in hand when it was closed: the assignee that the log names with its turn-around.</remarks>
public static class Ranking
{
    public static RankingWeights Weights { get; } = new(FirstTimeFix: 0.5, Turnaround: 0.3, Satisfaction: 0.2, LeastVisits: 5);

    private const int LowestRating = 1;
    private const int HighestRating = 5;

    /// <summary>What it is computed from.</summary>
    internal static bool Counts(LoggedEvent happened) =>
        happened.Kind is EventKind.FirstTimeFix or EventKind.Repeated or EventKind.Satisfaction || happened is { Kind: EventKind.Turnaround, Detail: Turnaround.Total };

    /// <param name="events">In the order of their numbers, from the log's beginning: who had a ticket in hand may have been recorded before the period, that a fault came back after it.</param>
    public static IReadOnlyList<RankingLine> Of(IReadOnlyList<LoggedEvent> events, DateTimeOffset from, DateTimeOffset to)
    {
        var work = events.Where(Counts).ToList();
        var holders = HoldersOf(work);
        var repeated = work.Where(e => e.Kind == EventKind.Repeated).Select(e => e.Detail).ToHashSet(StringComparer.Ordinal);
        var inPeriod = work.Where(e => e.At >= from && e.At < to && e.Ticket is not null && holders.ContainsKey(e.Ticket)).ToList();
        var usual = Median(inPeriod.Where(e => e.Kind == EventKind.Turnaround));
        var lines = inPeriod.GroupBy(e => holders[e.Ticket!]).Select(of => LineOf(of.Key, [.. of], repeated, usual)).ToList();
        var ranked = lines.Where(l => l.Unranked is null).OrderByDescending(l => l.Score).ThenBy(l => l.Technician, StringComparer.Ordinal).Select((l, at) => l with { Rank = at + 1 });
        return [.. ranked, .. lines.Where(l => l.Unranked is not null).OrderBy(l => l.Technician, StringComparer.Ordinal)];
    }

    /// <summary>A ticket that was taken back and closed again is the work of who closed it last.</summary>
    private static Dictionary<string, string> HoldersOf(List<LoggedEvent> work) =>
        work.Where(e => e is { Kind: EventKind.Turnaround, Ticket: not null, Who: not null }).GroupBy(e => e.Ticket!).ToDictionary(of => of.Key, of => of.Last().Who!, StringComparer.Ordinal);

    private static RankingLine LineOf(string technician, List<LoggedEvent> work, HashSet<string?> repeated, double? usual)
    {
        var of = work.ToLookup(e => e.Kind);
        var visits = of[EventKind.FirstTimeFix].ToList();
        var ratings = LastOfEach(of[EventKind.Satisfaction]);
        double? fixedAtOnce = visits.Count == 0 ? null : (double)visits.Count(e => e.Value > 0 && !repeated.Contains(e.Ticket)) / visits.Count;
        double? rating = ratings.Count == 0 ? null : ratings.Average();
        var minutes = Median(of[EventKind.Turnaround]);
        var unranked = visits.Count >= Weights.LeastVisits ? null
            : new LocalizedText($"{visits.Count} visits; a rank needs {Weights.LeastVisits}", $"仅 {visits.Count} 次上门；至少 {Weights.LeastVisits} 次才参与排名");
        return new RankingLine(
            null, technician, unranked is null ? ScoreOf(fixedAtOnce, minutes, usual, rating) : null, visits.Count, fixedAtOnce, of[EventKind.Turnaround].Count(), minutes, ratings.Count, rating, unranked);
    }

    private static double ScoreOf(double? fixedAtOnce, double? minutes, double? usual, double? rating)
    {
        List<(double Weight, double? Share)> parts =
        [
            (Weights.FirstTimeFix, fixedAtOnce),
            (Weights.Turnaround, minutes + usual > 0 ? usual / (minutes + usual) : null),
            (Weights.Satisfaction, (rating - LowestRating) / (HighestRating - LowestRating)),
        ];
        var measured = parts.Where(p => p.Share is not null).ToList();
        return Math.Round(measured.Sum(p => p.Weight * p.Share!.Value) / measured.Sum(p => p.Weight), 4, MidpointRounding.ToEven);
    }

    /// <summary>The last answer of each ticket, without those taken back.</summary>
    private static List<double> LastOfEach(IEnumerable<LoggedEvent> answers) =>
        [.. answers.GroupBy(e => e.Ticket).Select(g => g.MaxBy(e => e.Number)!.Value).Where(value => value > RatingBook.NoAnswer)];

    private static double? Median(IEnumerable<LoggedEvent> turnarounds)
    {
        var minutes = turnarounds.Select(e => e.Value).Order().ToList();
        return minutes.Count == 0 ? null : Turnaround.Rank(minutes, 0.5);
    }
}
