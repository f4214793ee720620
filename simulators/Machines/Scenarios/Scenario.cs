namespace Seamless.Machines.Scenarios;

/// <summary>Which machines stand where, for how long, and what goes wrong.</summary>
/// <param name="Sampling">Between two samples of a machine.</param>
/// <param name="Step">How far simulated time moves at once; samples of a step travel together.</param>
/// <param name="RandomFaults">Drawn from the seed, beside the ones listed.</param>
/// <param name="Unmodelled">Draws also faults that no pack knows.</param>
public sealed record Scenario(
    string Name, DateTimeOffset Start, TimeSpan Duration, TimeSpan Sampling, TimeSpan Step,
    IReadOnlyList<ScenarioSite> Sites, IReadOnlyList<ScenarioMachine> Machines, IReadOnlyList<ScenarioFault> Faults, int RandomFaults,
    bool Unmodelled = false)
{
    /// <summary>Who is hired beside those the platform's starter network has.</summary>
    public IReadOnlyList<ScenarioTechnician> Technicians { get; init; } = [];

    public DateTimeOffset End => Start + Duration;
}

/// <param name="TimeZone">IANA id.</param>
public sealed record ScenarioSite(string Id, string Name, double Latitude, double Longitude, string TimeZone, string Customer);

/// <param name="Type"><c>pump</c>, <c>server</c> or <c>tv</c>.</param>
/// <param name="Tier">The customer's service tier.</param>
public sealed record ScenarioMachine(string Id, string Type, string Site, string Tier);

/// <param name="Home">The site beside which this technician lives, and from which every way begins.</param>
public sealed record ScenarioTechnician(string Id, ScenarioSite Home, IReadOnlyList<string> Skills);

/// <param name="Code">A code of <see cref="Faults.FaultKinds"/>.</param>
/// <param name="Device">The machine; null when the fault strikes <paramref name="Site"/>.</param>
/// <param name="Onset">After the start.</param>
/// <param name="TimeToFailure">Onset to functional failure; of what strikes a site, its length.</param>
public sealed record ScenarioFault(string Id, string Code, string? Device, string Site, TimeSpan Onset, TimeSpan TimeToFailure);
