using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>New → Acknowledged (answered) → Scheduled → EnRoute → OnSite → Resolved (reversible within the window) → Closed; or Cancelled.</summary>
public enum TicketStatus : byte { New, Acknowledged, Scheduled, EnRoute, OnSite, Paused, Resolved, Closed, Cancelled }

/// <summary>P1 critical … P4 low.</summary>
public enum Priority : byte { P1 = 1, P2 = 2, P3 = 3, P4 = 4 }

/// <summary>The three clocks of a ticket, all UTC. <c>…Met</c> is null while the clock still runs within its time, then true or false.</summary>
public sealed record SlaClocks(
    string Policy, DateTimeOffset RespondBy, DateTimeOffset ArriveBy, DateTimeOffset ResolveBy,
    DateTimeOffset? RespondedAt, DateTimeOffset? ArrivedAt, DateTimeOffset? ResolvedAt,
    bool? RespondMet, bool? ArriveMet, bool? ResolveMet, bool RespondWarned, bool ArriveWarned, bool ResolveWarned);

/// <param name="Status">planned, reserved, shipped, delivered, installed, returned, unavailable.</param>
/// <param name="Serials">The units reserved.</param>
public sealed record TicketPart(string Sku, LocalizedText Title, int Quantity, IReadOnlyList<string> Serials, string? Depot, string Status, DateTimeOffset? Eta, string? Shipment);

/// <param name="At">Our clock.</param>
/// <param name="Kind">Stable code: opened, acknowledged, promised, promise-revised, back-order, parts-reserved, shipment-created, visit-planned, en-route, on-site, part-installed, resolved, closed, reopened, escalated, sla-warning, sla-breached, stalled, visit-replanned, visit-conflict, parts-delayed, visit-overruns, note, finding, guided-test, cause-found, needs-expert, article-drafted, article-refused, article-updated, release-asked, released, alarm-joined, diagnosis-changed, rerouted, customer-message, customer-answered, follows, followed.</param>
/// <param name="Text">For the person, in both languages.</param>
/// <param name="OccurredAt">When it happened, when the person or device said so; <paramref name="At"/> is when it was entered.</param>
/// <param name="Late">Entered later than allowed after it happened.</param>
/// <param name="Place">Where it was entered.</param>
/// <param name="Proof">What the person's device gave with it; null when nothing.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, string Kind, string Actor, LocalizedText Text, DateTimeOffset? OccurredAt = null, bool Late = false, GeoPoint? Place = null, EntryProof? Proof = null);

/// <summary>What a device adds to a milestone so that it can be proven later. Pictures themselves stay where they were taken; their hashes bind them to the ticket.</summary>
/// <param name="DeviceAt">When it happened by the device's own clock, its error not taken out.</param>
/// <param name="Photos">SHA-256 of each picture, 64 hexadecimal digits.</param>
/// <param name="Signature">Names the customer's signature: the number of the slip, or the SHA-256 of its picture.</param>
public sealed record EntryProof(DateTimeOffset? DeviceAt, IReadOnlyList<string> Photos, string? Signature);

/// <summary>A technician's slot. The shipment exists before it; its start is never before the parts' ETA.</summary>
/// <param name="Confirmed">Fixed by a person: the desk does not move it.</param>
public sealed record Visit(string Technician, DateTimeOffset Start, DateTimeOffset End, string? PickUpDepot, bool Confirmed = false);

/// <summary>ISO 14224: three separate mandatory fields, and the fault-model code that was true.</summary>
public sealed record Closure(string Mode, string Mechanism, string Cause, string FaultCode, string? Note, DateTimeOffset At, string Actor);

/// <param name="Number"><c>T-1001</c>, increasing.</param>
/// <param name="Key">Fault occurrence: alarm id. One open fault, one ticket.</param>
/// <param name="Device">Null when it is the site's (ENV, NET).</param>
/// <param name="Class">Of the most probable cause; ENV and NET ship no parts.</param>
/// <param name="TrackingCode">For the customer's status page.</param>
/// <param name="ClosedAs">As what it left the loop.</param>
/// <param name="Grading">Urgency and impact that its priority comes from; null when a person set it.</param>
/// <param name="Team">Of the desk; null when there are none.</param>
/// <param name="Follows">The ended ticket that it goes on from.</param>
/// <param name="CustomerWroteAt">When the customer wrote what nobody has answered yet.</param>
public sealed record Ticket(
    string Number, string Key, string Tenant, string? Device, string? Serial, string Site, string Customer, string Tier,
    TicketStatus Status, Priority Priority, FaultClass Class, LocalizedText Title,
    IReadOnlyList<Cause> Causes, IReadOnlyList<string> Alarms, SlaClocks Sla, IReadOnlyList<TicketPart> Parts,
    Visit? Visit, string? Assignee, IReadOnlyList<TimelineEntry> Timeline, Closure? Closure,
    DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt, string TrackingCode, int Version, ClosureClass? ClosedAs = null, Grading? Grading = null, string? Team = null,
    string? Follows = null, DateTimeOffset? CustomerWroteAt = null)
{
    public bool IsOpen => Status is not (TicketStatus.Resolved or TicketStatus.Closed or TicketStatus.Cancelled);

    /// <summary>How its machine departed from its usual when its first alarm was raised; null when that is not known.</summary>
    public FaultSignature? Signature { get; init; }

    /// <summary>What it is called; null without causes.</summary>
    public Naming? Naming => Naming.Of(Causes);
}

/// <param name="After">The ticket number after which the page begins, newest first.</param>
/// <param name="Numbers">Only these.</param>
public sealed record TicketFilter(
    string Tenant, string? Device = null, string? Site = null, TicketStatus? Status = null, Priority? Priority = null, bool OpenOnly = false,
    string? After = null, int Limit = 100, IReadOnlyList<string>? Numbers = null);

/// <summary>A ticket opened by a person.</summary>
/// <param name="Urgency">Graded by the queue policy instead of <paramref name="Priority"/>.</param>
/// <param name="Impact">The site's without a device, else the machine's when not given.</param>
public sealed record NewTicket(string Tenant, string? Device, string Site, Priority Priority, LocalizedText Title, string? FaultCode, string? Note, Urgency? Urgency = null, Impact? Impact = null);

/// <summary>An action on a ticket: <c>acknowledge assign schedule depart arrive install-part resolve reopen close cancel pause resume note</c>.</summary>
/// <param name="Args">assign: technician · install-part: serial, removedSerial · close: mode, mechanism, cause, faultCode, note, class · cancel: class, note, article, articleReason · pause: reason · schedule: start, minutes, technician · note: text · acknowledge, depart, arrive, install-part, resolve: at, sentAt, latitude, longitude, photos, signature.</param>
public sealed record TicketAction(string Name, IReadOnlyDictionary<string, string> Args, string Actor);

public interface ITickets
{
    Task<Ticket?> FindAsync(string tenant, string number, CancellationToken ct);
    Task<IReadOnlyList<Ticket>> ListAsync(TicketFilter filter, CancellationToken ct);
    Task<Outcome<Ticket>> OpenAsync(NewTicket ticket, string actor, CancellationToken ct);
    Task<Outcome<Ticket>> SetPriorityAsync(string tenant, string number, Priority priority, string actor, CancellationToken ct);
    Task<Outcome<Ticket>> ActAsync(string tenant, string number, TicketAction action, CancellationToken ct);

    /// <summary>The actions that the ticket's status allows now.</summary>
    IReadOnlyList<string> AllowedActions(Ticket ticket);

    /// <summary>What a customer may know: by tracking code, or by ticket number and device serial.</summary>
    Task<TrackedRepair?> TrackAsync(string code, string? serial, CancellationToken ct);

    event Action? Changed;
}

/// <summary>A repair as its customer sees it; nothing else is revealed.</summary>
/// <param name="PromisedBy">What was promised last (P95); null as long as nothing was, or once it is repaired.</param>
public sealed record TrackedRepair(
    string Number, string Status, LocalizedText StatusText, DateTimeOffset OpenedAt, DateTimeOffset? ExpectedBy, IReadOnlyList<TimelineEntry> Milestones, DateTimeOffset? PromisedBy = null);
