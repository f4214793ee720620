using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch;

/// <param name="TravelMinutes">From the visit before, or from home.</param>
/// <param name="Pinned">Under way, paused, or fixed by a person.</param>
/// <param name="Late">Begins after the latest start in time.</param>
public sealed record BoardVisit(string Ticket, string Site, Priority Priority, TicketStatus Status, DateTimeOffset Start, DateTimeOffset End, int TravelMinutes, bool Pinned, bool Late, string? Skill);

/// <param name="Available">Neither suspended nor out of certificates nor absent all day.</param>
public sealed record BoardRow(Technician Technician, bool Available, IReadOnlyList<BoardVisit> Visits);

public sealed record WaitingVisit(string Ticket, string Site, Priority Priority, string? Skill, DateTimeOffset ArriveBy, LocalizedText Reason);

/// <summary>Who makes which visit between two instants, and what has nobody.</summary>
public sealed record DispatchBoard(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<BoardRow> Rows, IReadOnlyList<WaitingVisit> Waiting, bool Solver);

/// <summary>What a new plan would change. Null on either side: no visit.</summary>
public sealed record DispatchChange(string Ticket, string Site, Visit? Before, Visit? After, LocalizedText? Reason);

/// <param name="Fingerprint">Names just this proposal: what is applied is what was looked at.</param>
public sealed record DispatchProposal(string Fingerprint, IReadOnlyList<DispatchChange> Changes, PlanFigures Figures, bool Solver);

/// <param name="Site">Or a place.</param>
/// <param name="Tier">Whose P1 has the time to arrive that is asked about.</param>
public sealed record FeasibilityQuestion(string? Site, GeoPoint? Place, string Tier, string? Skill);

/// <param name="TravelMinutes">From the call to the site, preparation included.</param>
/// <param name="HoursPerWeek">On shift.</param>
public sealed record CoveringTechnician(string Id, TechnicianKind Kind, int TravelMinutes, int HoursPerWeek);

/// <param name="HoursWithoutCover">Of the 168 hours of a week.</param>
/// <param name="Gaps">When in the week, UTC, as <c>Mon 00:00–08:00</c>.</param>
/// <param name="WorstMinutes">The longest way of the first who would come, over the covered hours; null when there are none.</param>
public sealed record FeasibilityAnswer(
    bool Feasible, int ArriveWithinMinutes, int HoursWithoutCover, IReadOnlyList<string> Gaps, int? WorstMinutes,
    IReadOnlyList<CoveringTechnician> Covering, IReadOnlyList<LocalizedText> WouldHelp);

/// <summary>One who could make a visit, and how well he fits.</summary>
/// <param name="Score">0 to 1: 20 parts the start in time, 10 parts the spares on the van.</param>
public sealed record VisitCandidate(string Technician, DateTimeOffset Start, int TravelMinutes, double Score);

public sealed record VisitCandidates(IReadOnlyList<VisitCandidate> Items);

public interface IDispatch
{
    Task<DispatchBoard> BoardAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>The whole plan anew: what it would change. Nothing is saved.</summary>
    Task<DispatchProposal> ProposeAsync(string tenant, CancellationToken ct);

    /// <summary>Puts a proposal in force; refused when things have changed since it was made.</summary>
    Task<Outcome<DispatchProposal>> ApplyAsync(string tenant, string fingerprint, string actor, CancellationToken ct);

    /// <summary>The visit under way takes longer: the technician's next ones are planned anew.</summary>
    Task<Outcome<Visit>> OverrunAsync(string tenant, string ticket, int minutes, string actor, CancellationToken ct);

    /// <summary>The carrier expects the parts at another time: a visit before it is planned anew.</summary>
    Task<Outcome<DateTimeOffset>> DelayShipmentAsync(string tenant, string shipment, DateTimeOffset eta, string actor, CancellationToken ct);

    Task<Outcome<VisitCandidates>> CandidatesAsync(string tenant, string ticket, CancellationToken ct);
    Task<Outcome<FeasibilityAnswer>> FeasibilityAsync(string tenant, FeasibilityQuestion question, CancellationToken ct);
}
