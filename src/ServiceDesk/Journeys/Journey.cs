using Seamless.ServiceDesk.Customers.Ratings;

namespace Seamless.ServiceDesk.Journeys;

/// <summary>What a customer goes through with us and with each machine, in this order.</summary>
public enum JourneyStage : byte { Awareness, Order, Delivery, Install, Training, Operation, Service, Brand }

public enum JourneyColour : byte { Red, Amber, Green }

/// <summary>How the customer found a stage.</summary>
/// <param name="Score">0 not at all as they wished … 100 entirely.</param>
/// <param name="Device">Null when it is about the account as a whole.</param>
/// <param name="Actor">Who entered it; the desk for what follows from tickets.</param>
public sealed record StageScore(JourneyStage Stage, double Score, string? Device, string? Note, DateTimeOffset At, string Actor)
{
    public JourneyColour Colour => Journey.ColourOf(Score);
}

/// <summary>What <see cref="JourneyStage.Service"/> rests on: cases of the last <see cref="ServiceRecord.Window"/>.</summary>
/// <param name="Kept">Those without a missed clock.</param>
/// <param name="Rating">Mean of the ratings, 0–100; null without any.</param>
public sealed record ServiceRecord(int Cases, int Kept, double? Rating)
{
    public static readonly TimeSpan Window = TimeSpan.FromDays(90);

    /// <summary>The lower of promises kept and ratings: being in time does not make up for being unwelcome.</summary>
    public double Score => Math.Min(100.0 * Kept / Cases, Rating ?? 100);
}

/// <summary>A machine's way, or the account's own.</summary>
/// <param name="Device">Null for the account's own.</param>
/// <param name="Weakest">The stage that counts.</param>
/// <param name="Stages">Those that are known, in their order, each with its latest score.</param>
/// <param name="Service">Null without cases.</param>
public sealed record AssetJourney(string? Device, StageScore Weakest, IReadOnlyList<StageScore> Stages, ServiceRecord? Service);

/// <param name="Weakest">Of all stages of all machines: one bad link spoils all. Null while nothing is known.</param>
/// <param name="Assets">The weakest first.</param>
/// <param name="Timeline">What was entered, newest first.</param>
public sealed record CustomerJourney(string Customer, StageScore? Weakest, IReadOnlyList<AssetJourney> Assets, IReadOnlyList<StageScore> Timeline);

/// <summary>A case that is done, or has missed a clock.</summary>
internal sealed record ServedCase(string? Device, DateTimeOffset At, bool Kept, double? Rating);

/// <summary>The chain of stages is as strong as its weakest: pure.</summary>
public static class Journey
{
    private const double GreenFrom = 80;
    private const double AmberFrom = 60;
    private const int MostTimeline = 200;

    public static JourneyColour ColourOf(double score) => score >= GreenFrom ? JourneyColour.Green : score >= AmberFrom ? JourneyColour.Amber : JourneyColour.Red;

    /// <summary>0–100, by the worst of the answers; null without one.</summary>
    public static double? ScoreOf(RatingAnswers answers)
    {
        double?[] scores = [answers.Satisfaction is { } s ? (s - 1) / 4.0 * 100 : null, answers.Effort is { } e ? (e - 1) / 6.0 * 100 : null, answers.Recommend is { } r ? r * 10.0 : null];
        return scores.Min();
    }

    /// <param name="entered">Oldest first.</param>
    /// <param name="devices">The customer's machines of today; what was entered for others is history.</param>
    internal static CustomerJourney Of(string customer, IReadOnlyList<StageScore> entered, IReadOnlyList<ServedCase> cases, IReadOnlySet<string> devices)
    {
        var assets = entered.Select(s => s.Device).Concat(cases.Select(c => c.Device)).Distinct().Where(d => d is null || devices.Contains(d))
            .Select(device => AssetOf(device, entered.Where(s => s.Device == device), [.. cases.Where(c => c.Device == device)]))
            .OrderBy(a => a.Weakest.Score).ThenBy(a => a.Device, StringComparer.Ordinal).ToList();
        return new CustomerJourney(customer, assets.FirstOrDefault()?.Weakest, assets, [.. entered.Reverse().Take(MostTimeline)]);
    }

    private static AssetJourney AssetOf(string? device, IEnumerable<StageScore> entered, IReadOnlyList<ServedCase> cases)
    {
        var service = cases.Count == 0 ? null : new ServiceRecord(cases.Count, cases.Count(c => c.Kept), cases.Average(c => c.Rating));
        var served = service is null ? [] : (StageScore[])[new(JourneyStage.Service, service.Score, device, null, cases.Max(c => c.At), Database.DeskWork.Desk)];
        var stages = entered.GroupBy(s => s.Stage).Select(g => g.Last()).Concat(served).OrderBy(s => s.Stage).ToList();
        return new AssetJourney(device, stages.MinBy(s => s.Score)!, stages, service);   // at least one: the asset comes from an entry or a case
    }
}
