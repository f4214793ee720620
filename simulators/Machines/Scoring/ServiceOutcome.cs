using Seamless.Machines.People;

namespace Seamless.Machines.Scoring;

/// <summary>What the service was like, by the truth; beside it the same year without a platform.</summary>
/// <param name="Visits">Times that a technician was on the road, second visits included.</param>
/// <param name="InVain">Of these, those that found nothing.</param>
/// <param name="SecondVisits">Because what was needed had not been brought.</param>
/// <param name="DowntimeMinutes">Of all machines and sites together.</param>
/// <param name="Promises">Kept promises, as the platform itself counts them.</param>
public sealed record ServiceOutcome(int Visits, int InVain, int SecondVisits, double DowntimeMinutes, TwinOutcome Twin, IReadOnlyList<PromiseView> Promises)
{
    /// <summary>Every way to a machine, as it was made.</summary>
    public IReadOnlyList<Visit> Trips { get; init; } = [];

    /// <summary>The way to the part and back costs a day, and the machine waits if it has failed.</summary>
    public static readonly TimeSpan SecondVisitDelay = TimeSpan.FromHours(24);
}

/// <param name="Code"><c>respondMet</c>, <c>arriveMet</c>, <c>resolveMet</c>.</param>
/// <param name="Value">Share kept; null when there was nothing to keep.</param>
public sealed record PromiseView(string Code, double? Value, int Samples);
