using NodaTime;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Plans;

/// <summary>Whom a visit is for: each device that the plan holds, each site of them, or each customer.</summary>
public enum VisitPer : byte { Device, Site, Customer }

/// <summary>Which devices a plan holds: those that fit everything that is given.</summary>
public sealed record CareScope(string? Device = null, string? Site = null, string? Type = null, string? Customer = null, string? Tier = null)
{
    public bool IsEmpty => this is { Device: null, Site: null, Type: null, Customer: null, Tier: null };

    public bool Holds(Device device) =>
        (Device is null || Device == device.Id) && (Site is null || Site == device.Site) && (Type is null || Type == device.Type)
        && (Customer is null || Customer == device.Customer) && (Tier is null || string.Equals(Tier, device.Tier, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a visit is to achieve; its outcome is written down with the visit.</summary>
public sealed record VisitObjective(string Id, LocalizedText Text);

/// <summary>Visits that come round: an inspection with a checklist, a customer's care, or both.</summary>
/// <param name="Rule">When, as RFC 5545 writes it: <c>FREQ=WEEKLY;BYDAY=MO</c>.</param>
/// <param name="Start">The first day that can be one.</param>
/// <param name="At">Local time of the visit in <paramref name="Zone"/>.</param>
/// <param name="WindowDays">How long after that a visit is still in time.</param>
/// <param name="Checklist">What is gone through; the version of the day on which the visit is planned.</param>
/// <param name="Ended">No further visits; those planned are withdrawn.</param>
public sealed record CarePlan(
    string Tenant, string Id, LocalizedText Title, CareScope Scope, VisitPer Per, string Rule, DateOnly Start, DateOnly? Until, TimeOnly At, string Zone, int WindowDays,
    string? Checklist, IReadOnlyList<VisitObjective> Objectives, string? Technician, bool Ended, DateOnly? Next, int Version);

/// <param name="Start">Today when not given.</param>
public sealed record CarePlanOrder(
    LocalizedText Title, CareScope Scope, string Rule, VisitPer Per = VisitPer.Device, DateOnly? Start = null, DateOnly? Until = null, TimeOnly? At = null, string Zone = "UTC", int WindowDays = 3,
    string? Checklist = null, IReadOnlyList<VisitObjective>? Objectives = null, string? Technician = null);

public interface ICarePlans
{
    Task<IReadOnlyList<CarePlan>> ListAsync(string tenant, CancellationToken ct);
    Task<CarePlan?> FindAsync(string tenant, string id, CancellationToken ct);

    /// <summary>Whole. Visits that lie ahead are planned anew; those that are done, missed or under way stay.</summary>
    Task<Outcome<CarePlan>> PutAsync(string tenant, string id, CarePlanOrder order, string actor, CancellationToken ct);

    /// <summary>Ends it; what was done and missed stays.</summary>
    Task<Outcome<CarePlan>> EndAsync(string tenant, string id, string actor, CancellationToken ct);
}

internal sealed class CarePlanRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required LocalizedText Title { get; set; }
    public required CareScope Scope { get; set; }
    public VisitPer Per { get; set; }
    public required string Rule { get; set; }
    public DateOnly Start { get; set; }
    public DateOnly? Until { get; set; }
    public TimeOnly At { get; set; }
    public required string Zone { get; set; }
    public int WindowDays { get; set; }
    public string? Checklist { get; set; }
    public required IReadOnlyList<VisitObjective> Objectives { get; set; }
    public string? Technician { get; set; }
    public bool Ended { get; set; }

    /// <summary>The next day whose visits are not planned yet; null when none comes any more.</summary>
    public DateOnly? Next { get; set; }

    /// <summary>When the desk must look again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public DateTimeOffset InstantOf(DateOnly day) =>
        (LocalDate.FromDateOnly(day) + LocalTime.FromTimeOnly(At)).InZoneLeniently(DateTimeZoneProviders.Tzdb[Zone]).ToDateTimeOffset().ToUniversalTime();

    /// <summary>On to the first day after <paramref name="last"/>.</summary>
    public void MoveOn(DateOnly last)
    {
        var next = Recurrence.Parse(Rule).Value!.After(LocalDate.FromDateOnly(Start), LocalDate.FromDateOnly(last));   // was parsed when it was put
        Next = next?.ToDateOnly() is { } day && !(day > Until) ? day : null;
        DueAt = Next is { } planned ? InstantOf(planned) - CarePlanning.Horizon : null;
    }

    public CarePlan ToPlan() => new(Tenant, Id, Title, Scope, Per, Rule, Start, Until, At, Zone, WindowDays, Checklist, Objectives, Technician, Ended, Next, Version);
}
