using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>HeldDown: waiting whether the site explains it · Commanded · Verifying: the command succeeded, the telemetry must prove it · Fixed · Failed: next rung, or the ticket.</summary>
public enum RemedyState : byte { HeldDown, Commanded, Verifying, Fixed, Failed, Ticketed }

/// <summary>How one fault occurrence was answered before (or instead of) a ticket.</summary>
/// <param name="AlarmId">The fault occurrence.</param>
/// <param name="Step">Rung of the ladder, from 0.</param>
/// <param name="CustomerVisibleSeconds">What the customer noticed; 0 is unnoticed.</param>
public sealed record RemedyRun(
    string AlarmId, string Tenant, string? Device, string Site, string FaultCode, int Step, string? Playbook, LocalizedText? Title, string? CommandId,
    RemedyState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome, int CustomerVisibleSeconds, string? TicketNumber)
{
    /// <summary>Rises with each run. 0: held down, not run yet.</summary>
    public long Number { get; init; }
}

public interface IRemedies
{
    /// <summary>What is held down, then what was run, newest first.</summary>
    /// <param name="before">Only runs of a lesser <see cref="RemedyRun.Number"/>; null from the newest on, with what is held down.</param>
    Task<IReadOnlyList<RemedyRun>> ListAsync(string tenant, string? device, long? before, int limit, CancellationToken ct);

    Task<IReadOnlyList<RemedyRun>> OfAlarmAsync(string tenant, string alarmId, CancellationToken ct);
}
