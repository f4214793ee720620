using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Sla;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>What the clocks have already said, so that they say it once.</summary>
[Flags]
internal enum ClockMarks
{
    None = 0,
    RespondWarned = 1, ArriveWarned = 2, ResolveWarned = 4,
    RespondBreached = 8, ArriveBreached = 16, ResolveBreached = 32,
    ArrivePredicted = 64, ResolvePredicted = 128,
}

internal sealed class TicketRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public string? FaultKey { get; init; }
    public string? Device { get; init; }
    public string? Serial { get; init; }
    public required string Site { get; init; }
    public required string Customer { get; init; }
    public required string Tier { get; init; }
    public TicketStatus Status { get; set; }

    /// <summary>Where a paused ticket goes on.</summary>
    public TicketStatus? Resumes { get; set; }
    public Priority Priority { get; set; }
    public FaultClass Class { get; set; }
    public required LocalizedText Title { get; set; }
    public required IReadOnlyList<Cause> Causes { get; set; }

    /// <summary>The most probable cause when parts were sent: what closure is compared with.</summary>
    public string? DispatchedFor { get; set; }

    /// <summary>Causes that telemetry and what was tried remotely have put first, one after another, before anybody's experience with such names.</summary>
    public IReadOnlyList<string> Named { get; set; } = [];

    /// <summary>How its machine departed from its usual when its first alarm was raised; null when that is not known.</summary>
    public FaultSignature? Signature { get; set; }
    public required IReadOnlyList<string> Alarms { get; set; }

    public required string Policy { get; set; }

    /// <summary>The version of the service agreements that was in force at the opening; 0 is what the platform is delivered with.</summary>
    public int AgreementVersion { get; init; }
    public DateTimeOffset RespondBy { get; set; }
    public DateTimeOffset ArriveBy { get; set; }
    public DateTimeOffset ResolveBy { get; set; }
    public DateTimeOffset? RespondedAt { get; set; }
    public DateTimeOffset? ArrivedAt { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public required IReadOnlyList<Pause> Pauses { get; set; }
    public ClockMarks Marks { get; set; }
    public int EscalationLevel { get; set; }
    public int Stalls { get; set; }

    public string? Skill { get; set; }
    public int WorkMinutes { get; set; }
    public bool NeedsVisit { get; set; }
    public int Arrivals { get; set; }
    public int Reopened { get; set; }
    public Visit? Visit { get; set; }
    public string? Assignee { get; set; }

    /// <summary>The ended case that it goes on from; null when it stands by itself.</summary>
    public string? Follows { get; set; }

    /// <summary>When the customer wrote what nobody has answered yet.</summary>
    public DateTimeOffset? CustomerWroteAt { get; set; }

    /// <summary>The team of the desk that it is with; null when there are none.</summary>
    public string? Team { get; set; }
    public Closure? Closure { get; set; }

    /// <summary>As what it left the loop; set with its last status.</summary>
    public ClosureClass? ClosedAs { get; private set; }

    /// <summary>How its priority came about; null when a person set it.</summary>
    public Grading? Grading { get; set; }

    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset OnsetAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset StateChangedAt { get; set; }

    /// <summary>When the last step that a person has entered happened: none comes before it.</summary>
    public DateTimeOffset LastStepAt { get; set; }

    /// <summary>When the desk must look again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public required string TrackingCode { get; init; }
    public int Version { get; set; }

    public bool IsOpen => Status is not (TicketStatus.Resolved or TicketStatus.Closed or TicketStatus.Cancelled);

    /// <summary>When its device was down for the customer: faults of the two upper priorities until they were repaired. Null when it was not.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Down => Status is TicketStatus.Cancelled || Priority > Priority.P2 ? null : (OnsetAt, ResolvedAt ?? DateTimeOffset.MaxValue);

    /// <summary>The confirmed cause, else the most probable one; null when neither is known.</summary>
    public string? CauseCode => Closure?.FaultCode ?? (Causes.Count > 0 ? Causes[0].Code : null);

    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    /// <param name="happenedAt">Of a step that a person has entered.</param>
    public void MoveTo(TicketStatus status, DateTimeOffset now, DateTimeOffset? happenedAt = null)
    {
        if (status is TicketStatus.Closed or TicketStatus.Cancelled) throw new InvalidOperationException($"{Number} ends by End, with a closure class");
        Enter(status, now, happenedAt);
    }

    /// <summary>No case leaves the loop without a closure class, and none is closed without its codes. See <see cref="Endings"/>.</summary>
    public void End(TicketStatus status, ClosureClass closedAs, DateTimeOffset now)
    {
        if (status is TicketStatus.Closed && Closure is null) throw new InvalidOperationException($"{Number} has no closure codes");
        ClosedAs = closedAs;
        DueAt = null;
        Enter(status, now, null);
    }

    private void Enter(TicketStatus status, DateTimeOffset now, DateTimeOffset? happenedAt)
    {
        (Status, StateChangedAt, LastStepAt) = (status, now, happenedAt ?? LastStepAt);
        Touch(now);
    }
}

internal sealed class TimelineRow
{
    public long Id { get; init; }
    public required string Ticket { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Kind { get; init; }
    public required string Actor { get; init; }
    public required LocalizedText Text { get; init; }

    /// <summary>When it happened, when that was said; <see cref="At"/> is when it was entered.</summary>
    public DateTimeOffset? OccurredAt { get; init; }
    public bool Late { get; init; }
    public GeoPoint? Place { get; init; }
    public EntryProof? Proof { get; init; }
}

/// <summary>A spare that the ticket needs; its serials stand in the reservations, its arrival in the shipment.</summary>
internal sealed class PartLineRow
{
    public required string Ticket { get; init; }
    public required string Sku { get; init; }
    public required LocalizedText Title { get; init; }
    public int Quantity { get; init; }
    public required string Status { get; set; }
    public string? Depot { get; set; }
    public DateTimeOffset? Eta { get; set; }
    public string? Shipment { get; set; }

    /// <summary>The nearest depot, while every shelf is empty: it orders what is missing.</summary>
    public string? AwaitedAt { get; set; }

    /// <summary>What it orders: the newest part that fits. Null for the part itself.</summary>
    public string? AwaitedSku { get; set; }

    /// <summary>Since when every shelf has been empty.</summary>
    public DateTimeOffset? AwaitedSince { get; set; }

    /// <summary>How it was got another way, and since when.</summary>
    public string? Resourced { get; set; }
    public DateTimeOffset? ResourcedAt { get; set; }
}
