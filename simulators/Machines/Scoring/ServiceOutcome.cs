using Seamless.Machines.People;
using Seamless.Machines.Rest;

namespace Seamless.Machines.Scoring;

/// <summary>What the service was like, by the truth; beside it the same year without a platform.</summary>
/// <param name="Visits">Times that a technician was on the road, second visits included.</param>
/// <param name="InVain">Of these, those that found nothing.</param>
/// <param name="SecondVisits">Because what was needed had not been brought.</param>
/// <param name="DowntimeMinutes">Of all machines and sites together.</param>
/// <param name="Promises">Kept promises, as the platform itself counts them.</param>
public sealed record ServiceOutcome(int Visits, int InVain, int SecondVisits, double DowntimeMinutes, TwinOutcome Twin, IReadOnlyList<KpiView> Promises)
{
    /// <summary>Every way to a machine, as it was made.</summary>
    public IReadOnlyList<Visit> Trips { get; init; } = [];

    /// <summary>The way to the part and back costs a day, and the machine waits if it has failed.</summary>
    public static readonly TimeSpan SecondVisitDelay = TimeSpan.FromHours(24);
}
