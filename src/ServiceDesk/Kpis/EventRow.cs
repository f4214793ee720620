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

    /// <summary>Seconds from the alarm's raising to ticket, reservation and shipment.</summary>
    public const string Answered = "answered";

    /// <summary>A playbook ran; value 1 when telemetry proved it.</summary>
    public const string Playbook = "playbook";

    /// <summary>One part line; value 1 when stock could be there in time.</summary>
    public const string PartLine = "part-line";

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

    /// <summary>An article was approved; value = languages, detail the fault code, who its author.</summary>
    public const string ArticlePublished = "article-published";

    /// <summary>A ticket was closed whose cause a published article tells; detail the article, who its author.</summary>
    public const string ArticleReused = "article-reused";

    /// <summary>A ticket was closed without an article about its cause; detail the reason.</summary>
    public const string ArticleRefused = "article-refused";

    public const string Escalated = "escalated";
    public const string Stalled = "stalled";
}
