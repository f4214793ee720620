namespace Seamless.ServiceDesk.Kpis;

/// <summary>Something that happened at the desk. Only ever added, each linked to the one before it: the scoreboard is computed from these alone.</summary>
internal sealed class EventRow
{
    public long Id { get; init; }

    /// <summary>The place in the tenant's log, from 1; 0 as long as it is not linked.</summary>
    public long Number { get; set; }

    /// <summary>See <see cref="EventChain"/>.</summary>
    public string Hash { get; set; } = "";
    public DateTimeOffset At { get; init; }
    public required string Tenant { get; init; }
    public required string Kind { get; init; }

    /// <summary>Natural key: the same happening is written once.</summary>
    public required string Key { get; init; }
    public string? Device { get; init; }
    public required string Site { get; init; }
    public string? Ticket { get; init; }
    public double Value { get; init; }
    public string? Detail { get; init; }

    /// <summary>Who had it in hand.</summary>
    public string? Who { get; init; }

    public LoggedEvent ToEvent() => new(Number, At, Tenant, Kind, Key, Device, Site, Ticket, Value, Detail, Who, Hash);
}

/// <summary>What the desk records, and what the value means.</summary>
internal static class EventKind
{
    /// <summary>Fixed remotely; value = seconds that the customer noticed.</summary>
    public const string Fixed = "fixed";

    /// <summary>Minutes from onset to restored, whichever way.</summary>
    public const string Restored = "restored";

    /// <summary>Cleared by itself before the desk acted.</summary>
    public const string Transient = "transient";

    /// <summary>Opened by the desk; value 1 when another ticket for the same fault of the device existed already.</summary>
    public const string TicketOpened = "ticket-opened";

    /// <summary>Opened by a person.</summary>
    public const string TicketByHand = "ticket-by-hand";

    /// <summary>What a ticket came from; value 1 when it was predicted by a detector or a model; detail hand, limit, detector or model.</summary>
    public const string Origin = "origin";

    /// <summary>Seconds from the alarm's raising to ticket, reservation and shipment.</summary>
    public const string Answered = "answered";

    /// <summary>A playbook ran; value 1 when telemetry proved it.</summary>
    public const string Playbook = "playbook";

    /// <summary>One part line; value 1 when stock could be there in time.</summary>
    public const string PartLine = "part-line";

    /// <summary>A part asked for the first time; value 1 when the assigned depot filled the whole line; detail names that depot.</summary>
    public const string FirstRequest = "first-request";

    /// <summary>A unit was shipped and not received; value = what it costs; detail names the carrier.</summary>
    public const string LostInTransit = "lost-in-transit";

    /// <summary>A count did not find a unit where the ledger has it; value = what it costs; detail names the part.</summary>
    public const string MissingAtCount = "missing-at-count";

    /// <summary>A unit was found again; value = what it costs; detail names the carrier.</summary>
    public const string LossFound = "loss-found";

    /// <summary>A repair order has ended; value 1 for repaired, 0 for condemned; detail names the part, who the repairer.</summary>
    public const string RepairOrder = "repair-order";

    /// <summary>A defective unit did not come back for its replacement; value = what was billed, negative for a refund; detail names the part.</summary>
    public const string ReturnBilled = "return-billed";

    /// <summary>A clock has ended; value 1 when in time; detail names the clock.</summary>
    public const string Clock = "clock";

    /// <summary>A clock that was recorded as missed had been met; only its entry came late. The same key but for the kind.</summary>
    public const string ClockCorrected = "clock-corrected";

    /// <summary>Diagnosis at dispatch against the confirmed cause; value 1 when equal.</summary>
    public const string Diagnosis = "diagnosis";

    /// <summary>A ticket with visits ended; value 1 when the first visit did it.</summary>
    public const string FirstTimeFix = "first-time-fix";

    /// <summary>The same fault of the same device within 30 days after a repair: that repair was no fix. The detail is the earlier ticket.</summary>
    public const string Repeated = "repeated";

    /// <summary>Minutes that a stage of a ticket took; detail names the stage, who had it in hand.</summary>
    public const string Turnaround = "turnaround";

    /// <summary>A milestone that a person entered; value = minutes from when it happened to when it was entered.</summary>
    public const string TimePoint = "time-point";

    // What customers say; of a ticket's answers the last of each kind counts, and a value below the scale takes the answer back.
    /// <summary>Would they recommend us, 0–10.</summary>
    public const string Recommend = "recommend";

    /// <summary>"They made it easy for me", 1–7.</summary>
    public const string Effort = "effort";

    /// <summary>1–5.</summary>
    public const string Satisfaction = "satisfaction";

    /// <summary>Received; detail names the type.</summary>
    public const string Complaint = "complaint";

    /// <summary>A clock of a complaint has ended; value 1 when in time; detail first-answer or solution.</summary>
    public const string ComplaintClock = "complaint-clock";

    /// <summary>Detail names the technician.</summary>
    public const string Compliment = "compliment";

    /// <summary>Asked; detail names the department.</summary>
    public const string Request = "request";

    /// <summary>Answered or overdue; value 1 when answered in time; detail names the department.</summary>
    public const string RequestClock = "request-clock";

    /// <summary>A customer had to deal with us once more; detail contact, visit, transfer or repeat.</summary>
    public const string Touch = "touch";

    /// <summary>Green clocks and an unhappy customer, once for each customer and month; value = answers.</summary>
    public const string Divergence = "divergence";

    /// <summary>What became of a quote; value = what the customer pays, detail sent, approved … and the currency.</summary>
    public const string Quote = "quote";

    /// <summary>Billed; value = total, detail the currency.</summary>
    public const string Invoice = "invoice";

    /// <summary>Of a device's contract: detail added, renewed (value = price), cancelled, expires (value = days before the end).</summary>
    public const string Contract = "contract";

    /// <summary>A visit of a care plan was done or its window is over; value 1 when in time; detail names the plan.</summary>
    public const string CareVisit = "care-visit";

    /// <summary>An objective of a visit that was done; value 1 when reached; detail names the plan.</summary>
    public const string CareObjective = "care-objective";

    /// <summary>Left the loop; value = minutes since its opening; detail names the closure class.</summary>
    public const string Left = "left";

    /// <summary>A customer's contact has left; detail names who took over from whom, by their ids.</summary>
    public const string HandOver = "hand-over";

    /// <summary>A customer's experience of a stage of their journey was entered; value = score, 0–100; detail names the stage.</summary>
    public const string Journey = "journey";

    /// <summary>A promise of a repair's end; value 1 when kept; detail latest (P95) or likely (P50).</summary>
    public const string Promise = "promise";

    /// <summary>A bundle of evidence was made; detail is the SHA-256 of its manifest.</summary>
    public const string Evidence = "evidence";

    /// <summary>An article was approved; value = languages, detail the fault code, who its author.</summary>
    public const string ArticlePublished = "article-published";

    /// <summary>A ticket was closed whose cause a published article tells; detail the article, who its author.</summary>
    public const string ArticleReused = "article-reused";

    /// <summary>A ticket was closed without an article about its cause; detail the reason.</summary>
    public const string ArticleRefused = "article-refused";

    /// <summary>A team of the desk was silent for too long; value = seconds since its last heartbeat, detail names it.</summary>
    public const string TeamDown = "team-down";

    /// <summary>It was heard of again; value = minutes that it was down, detail names it.</summary>
    public const string TeamBack = "team-back";

    /// <summary>A ticket went to another team; value = seconds since the last heartbeat of the team that was down, 0 when none was; detail names both.</summary>
    public const string Rerouted = "rerouted";

    /// <summary>A remote session has ended; value = minutes that it was open, detail = the last hash of its transcript, who asked for it.</summary>
    public const string RemoteSession = "remote-session";

    public const string Escalated = "escalated";
    public const string Stalled = "stalled";
}
