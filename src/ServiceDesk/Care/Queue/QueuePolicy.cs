using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Care.Queue;

/// <summary>How soon it hurts.</summary>
public enum Urgency : byte { Critical = 1, High = 2, Medium = 3, Low = 4 }

/// <summary>What stands still: the whole site, a machine, or one that another stands in for.</summary>
public enum Impact : byte { Site = 1, Machine = 2, Minor = 3 }

/// <summary>How a priority came about.</summary>
/// <param name="Priority">Of the matrix, before the customer's tier lifts it.</param>
/// <param name="Policy">Version of the queue policy.</param>
public sealed record Grading(Urgency Urgency, Impact Impact, Priority Priority, int Policy);

/// <param name="HeadStartMinutes">How much earlier its cases have their turn than others of the same priority; within the fairness bound.</param>
/// <param name="Adviser">Who is there for its customers, by user name, when the customer has nobody of their own.</param>
public sealed record TierTerms(int HeadStartMinutes = 0, string? Adviser = null);

/// <summary>Which case is next. Kept per tenant, each change a version; a case keeps the priority it was given.</summary>
/// <remarks>P1 comes before all others. Every other case has its turn when it has waited as long as its priority may: whatever comes after that can no longer overtake it, so nothing starves.</remarks>
public sealed record QueuePolicy
{
    /// <summary>Priority by urgency and impact.</summary>
    public IReadOnlyDictionary<Urgency, IReadOnlyDictionary<Impact, Priority>> Matrix { get; init; } = new Dictionary<Urgency, IReadOnlyDictionary<Impact, Priority>>
    {
        [Urgency.Critical] = Row(Priority.P1, Priority.P1, Priority.P2),
        [Urgency.High] = Row(Priority.P1, Priority.P2, Priority.P3),
        [Urgency.Medium] = Row(Priority.P2, Priority.P3, Priority.P4),
        [Urgency.Low] = Row(Priority.P3, Priority.P4, Priority.P4),
    };

    /// <summary>For how long what comes later and is more urgent may overtake a case.</summary>
    public IReadOnlyDictionary<Priority, int> WaitMinutes { get; init; } = new Dictionary<Priority, int> { [Priority.P2] = 240, [Priority.P3] = 1440, [Priority.P4] = 4320 };

    public IReadOnlyDictionary<string, TierTerms> Tiers { get; init; } = new Dictionary<string, TierTerms> { ["premium"] = new(120) };

    /// <summary>A case never has its turn more than this before or after another of the same priority that was opened at the same time.</summary>
    public int FairnessBoundMinutes { get; init; } = 120;

    /// <summary>A customer's own adviser, by user name.</summary>
    public IReadOnlyDictionary<string, string> Advisers { get; init; } = new Dictionary<string, string>();

    public Priority PriorityOf(Urgency urgency, Impact impact) => Matrix[urgency][impact];

    public TierTerms TermsOf(string tier) => Tiers.FirstOrDefault(t => string.Equals(t.Key, tier, StringComparison.OrdinalIgnoreCase)).Value ?? new TierTerms();

    public string? AdviserOf(string customer, string tier) => Advisers.GetValueOrDefault(customer) ?? TermsOf(tier).Adviser;

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this switch
    {
        { Matrix: null } or { WaitMinutes: null } or { Tiers: null } or { Advisers: null } => "leave out what keeps its value; null is none",
        _ when Tiers.Values.Any(t => t is null) || Matrix.Values.Any(r => r is null) => "leave out what keeps its value; null is none",
        _ when Enum.GetValues<Urgency>().Any(u => !Matrix.TryGetValue(u, out var row) || Enum.GetValues<Impact>().Any(i => !row.ContainsKey(i))) => "'matrix' names a priority for each urgency (critical, high, medium, low) and impact (site, machine, minor)",
        _ when Rows.Any(pair => pair.Higher > pair.Lower) => "'matrix': what is more urgent or hits more is not less important",
        _ when new[] { Priority.P2, Priority.P3, Priority.P4 }.Any(p => WaitMinutes.GetValueOrDefault(p) is < 1 or > 525_600) || WaitMinutes.ContainsKey(Priority.P1) => "'waitMinutes' names P2, P3 and P4, each 1 to 525600; P1 does not wait",
        _ when WaitMinutes[Priority.P2] > WaitMinutes[Priority.P3] || WaitMinutes[Priority.P3] > WaitMinutes[Priority.P4] => "'waitMinutes': what is less important does not have its turn sooner",
        { FairnessBoundMinutes: < 0 or > 525_600 } => "'fairnessBoundMinutes' is 0 to 525600",
        _ when Tiers.FirstOrDefault(t => t.Value.HeadStartMinutes < 0 || t.Value.HeadStartMinutes > FairnessBoundMinutes) is { Key: { } tier } => $"the head start of '{tier}' is 0 to {FairnessBoundMinutes} minutes, the fairness bound",
        _ => null,
    };

    private IEnumerable<(Priority Higher, Priority Lower)> Rows =>
        from urgency in Enum.GetValues<Urgency>() from impact in Enum.GetValues<Impact>()
        from next in new[] { (Urgency: urgency + 1, Impact: impact), (Urgency: urgency, Impact: impact + 1) }
        where Enum.IsDefined(next.Urgency) && Enum.IsDefined(next.Impact) select (Matrix[urgency][impact], Matrix[next.Urgency][next.Impact]);

    private static Dictionary<Impact, Priority> Row(Priority site, Priority machine, Priority minor) => new() { [Impact.Site] = site, [Impact.Machine] = machine, [Impact.Minor] = minor };
}
