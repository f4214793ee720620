using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Visits;

/// <summary>Missed once its window is over; a missed visit can still be done, late.</summary>
public enum VisitStatus : byte { Planned, Done, Missed, Skipped }

public enum ObjectiveResult : byte { Reached, Partly, NotReached }

/// <summary>What became of an objective.</summary>
public sealed record ObjectiveOutcome(string Objective, ObjectiveResult Result, string? Note = null);

/// <summary>The newest value of a metric when the visit was reported.</summary>
public sealed record SnapshotValue(string Device, string Metric, DateTimeOffset At, double Value, string? State);

/// <param name="Number"><c>V-1001</c>, increasing.</param>
/// <param name="Device">Null when it is a site's or a customer's.</param>
/// <param name="Until">In time until then.</param>
/// <param name="InTime">Null while it can still be either.</param>
/// <param name="Snapshot">Telemetry of the device, or of the site's devices.</param>
/// <param name="Ticket">Opened for what was found.</param>
public sealed record CareVisit(
    string Number, string Tenant, string Plan, LocalizedText Title, string? Device, string Site, string Customer, string Tier, DateTimeOffset From, DateTimeOffset Until, VisitStatus Status, bool? InTime,
    string? Checklist, int? ChecklistVersion, IReadOnlyList<ChecklistItem> Items, IReadOnlyList<VisitObjective> Objectives, string? Technician, IReadOnlyDictionary<string, ItemAnswer> Answers,
    IReadOnlyList<Finding> Findings, IReadOnlyList<ObjectiveOutcome> Outcomes, IReadOnlyList<SnapshotValue> Snapshot, string? Ticket, string? Note, string? DoneBy, DateTimeOffset? DoneAt,
    int EscalationLevel, int Version);

public sealed record VisitReport(IReadOnlyDictionary<string, ItemAnswer>? Answers = null, IReadOnlyList<ObjectiveOutcome>? Outcomes = null, string? Note = null);

/// <param name="After">The number after which the page begins, newest first.</param>
public sealed record VisitFilter(
    string Tenant, VisitStatus? Status = null, bool OpenOnly = false, string? Plan = null, string? Site = null, string? Device = null, string? Customer = null, string? After = null, int Limit = 100);

/// <summary>How far a plan, a customer or a tier was kept to.</summary>
/// <param name="Due">Visits whose time was up in the period, or that were done in it.</param>
/// <param name="Low">Of the 95 % interval by Wilson's score.</param>
/// <param name="ObjectivesReached">Share of the objectives of visits that were done; null when there were none.</param>
public sealed record Adherence(string Of, double? Value, double? Low, double? High, int Due, int InTime, int Late, int Missed, double? ObjectivesReached);

public enum AdherenceDimension : byte { All, Plan, Customer, Tier }

public interface ICareVisits
{
    Task<CareVisit?> FindAsync(string tenant, string number, CancellationToken ct);
    Task<IReadOnlyList<CareVisit>> ListAsync(VisitFilter filter, CancellationToken ct);
    Task<Outcome<CareVisit>> CompleteAsync(string tenant, string number, VisitReport report, string actor, CancellationToken ct);

    /// <summary>Will not take place, with the reason; it counts as missed and the desk escalates it.</summary>
    Task<Outcome<CareVisit>> SkipAsync(string tenant, string number, string reason, string actor, CancellationToken ct);
    Task<IReadOnlyList<Adherence>> AdherenceAsync(string tenant, AdherenceDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}

internal sealed class CareVisitRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }

    /// <summary>Unique: plan, day and whom it is for.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public required string Plan { get; init; }
    public required LocalizedText Title { get; init; }
    public string? Device { get; init; }
    public required string Site { get; init; }
    public required string Customer { get; init; }
    public required string Tier { get; init; }
    public DateTimeOffset From { get; init; }
    public DateTimeOffset Until { get; init; }
    public VisitStatus Status { get; set; }
    public bool? InTime { get; set; }

    /// <summary>When it was decided whether it was in time.</summary>
    public DateTimeOffset? CountedAt { get; set; }
    public string? Checklist { get; init; }
    public int? ChecklistVersion { get; init; }
    public required IReadOnlyList<VisitObjective> Objectives { get; init; }
    public string? Technician { get; init; }
    public IReadOnlyDictionary<string, ItemAnswer> Answers { get; set; } = new Dictionary<string, ItemAnswer>();
    public IReadOnlyList<Finding> Findings { get; set; } = [];
    public IReadOnlyList<ObjectiveOutcome> Outcomes { get; set; } = [];
    public IReadOnlyList<SnapshotValue> Snapshot { get; set; } = [];
    public string? Ticket { get; set; }
    public string? Note { get; set; }
    public string? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public int EscalationLevel { get; set; }

    /// <summary>When the desk must look again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public CareVisit ToVisit(IReadOnlyList<ChecklistItem> items) => new(
        Number, Tenant, Plan, Title, Device, Site, Customer, Tier, From, Until, Status, InTime, Checklist, ChecklistVersion, items, Objectives, Technician, Answers, Findings, Outcomes, Snapshot, Ticket, Note,
        DoneBy, DoneAt, EscalationLevel, Version);
}
