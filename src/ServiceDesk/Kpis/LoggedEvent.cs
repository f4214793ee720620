namespace Seamless.ServiceDesk.Kpis;

/// <summary>One event of the desk's log, as it is exported.</summary>
/// <param name="Number">Place in the tenant's log, from 1, without a gap.</param>
/// <param name="At">When it was recorded, UTC, whole milliseconds.</param>
/// <param name="Kind">What happened: <c>fixed ticket-opened answered playbook part-line clock diagnosis first-time-fix repeated turnaround escalated …</c></param>
/// <param name="Key">The same happening has the same key and is recorded once.</param>
/// <param name="Value">What it means depends on the kind: 1 for done in time, seconds, minutes.</param>
/// <param name="Hash">SHA-256 over the hash before and this event, 64 hexadecimal digits; see <see cref="EventChain"/>.</param>
public sealed record LoggedEvent(
    long Number, DateTimeOffset At, string Tenant, string Kind, string Key, string? Device, string Site, string? Ticket, double Value, string? Detail, string? Who, string Hash);

/// <summary>Where a log ends: who keeps it elsewhere can prove later that nothing before it was changed.</summary>
public sealed record LogHead(long Number, string Hash);

/// <param name="Whole">No event is changed, missing, added or out of place.</param>
/// <param name="Events">How many were checked.</param>
/// <param name="BrokenAt">Number of the first event that does not fit.</param>
/// <param name="Why">In words.</param>
public sealed record LogCheck(bool Whole, long Events, LogHead Head, long? BrokenAt, string? Why);
