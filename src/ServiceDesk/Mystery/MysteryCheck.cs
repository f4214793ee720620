using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Mystery;

/// <summary>What a check came to. The first thing that went wrong names it.</summary>
public enum MysteryVerdict : byte
{
    Running,
    Passed,

    /// <summary>No alarm.</summary>
    Missed,

    /// <summary>The alarm was raised after the bound that the pack's test sets.</summary>
    Late,

    /// <summary>An alarm, and another cause than the one played.</summary>
    WrongCause,

    /// <summary>No ticket, or one whose clocks do not run.</summary>
    NoTicket,

    /// <summary>The alarm lasted though the telemetry was normal, or the ticket could not be closed.</summary>
    NotClosed,

    /// <summary>The check itself could not be played.</summary>
    NotRun,
}

/// <summary>A synthetic fault in production, and how it was answered.</summary>
/// <param name="Key">The day (<c>2026-11-26</c>) of the daily check; another for one asked for.</param>
/// <param name="Actor">Who asked; <c>clock</c> for the daily one.</param>
/// <param name="Test">The pack's test whose telemetry is sent.</param>
/// <param name="Fault">The cause that must be found.</param>
/// <param name="RaisedAfter">Event time from the first sample to the alarm …</param>
/// <param name="RaisedWithin">… and the bound for it.</param>
/// <param name="SeenAfter">Our clock from the telemetry being in the log to the alarm.</param>
/// <param name="Cause">The most probable cause as diagnosed.</param>
/// <param name="Why">What went wrong, in words; null when nothing did.</param>
public sealed record MysteryCheck(
    long Number, string Key, DateTimeOffset StartedAt, string Actor, string Type, string Device, string Test, string Fault, string? Alarm,
    TimeSpan? RaisedAfter, TimeSpan RaisedWithin, TimeSpan? SeenAfter, string? Cause, bool? CauseRight, string? Ticket, DateTimeOffset? ClosedAt,
    DateTimeOffset? EndedAt, MysteryVerdict Verdict, LocalizedText? Why);

/// <summary>Mystery checks, the service's own mystery shopper: a fault that nobody has is played through the real log and scored from the alarm to the closed ticket.</summary>
public interface IMysteryChecks
{
    /// <summary>Newest first.</summary>
    /// <param name="before">The number before which the page begins.</param>
    Task<IReadOnlyList<MysteryCheck>> ListAsync(string tenant, long? before, int limit, CancellationToken ct);

    /// <summary>Begins one now; the beat takes it on. Refused while another runs.</summary>
    /// <param name="type">Equipment type; null for any.</param>
    Task<Outcome<MysteryCheck>> RunAsync(string tenant, string? type, string actor, CancellationToken ct);

    /// <summary>Begins the daily check when it is time, and takes the running one a step on. Without either it costs a comparison.</summary>
    Task AdvanceAsync(DateTimeOffset now, CancellationToken ct);
}
