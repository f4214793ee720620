using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Supervision;

/// <summary>A supervisor's word that somebody new may go beyond their limits on one ticket and its device.</summary>
/// <param name="At">Null while it is only asked for.</param>
public sealed record Release(string Ticket, string Novice, string Supervisor, DateTimeOffset AskedAt, DateTimeOffset? At, string? Note);

public interface ISupervision
{
    /// <summary>What was asked and released on a ticket.</summary>
    Task<IReadOnlyList<Release>> OnAsync(string tenant, string ticket, CancellationToken ct);

    /// <summary>Who supervises a colleague; null when they are not new.</summary>
    Task<string?> SupervisorOfAsync(string tenant, string person, CancellationToken ct);

    /// <summary>By somebody new, of their supervisor.</summary>
    Task<Outcome<Release>> AskAsync(string tenant, string ticket, string novice, CancellationToken ct);

    /// <summary>By the supervisor, asked or not.</summary>
    Task<Outcome<Release>> ReleaseAsync(string tenant, string ticket, string novice, string? note, string supervisor, CancellationToken ct);

    /// <summary>Whether a person may send a command of this class to a device.</summary>
    /// <returns>Null when they may.</returns>
    Task<Refusal?> WhyNotCommandAsync(DeviceKey device, string riskClass, string person, CancellationToken ct);
}

internal sealed class ReleaseRow
{
    public required string Ticket { get; init; }
    public required string Novice { get; init; }
    public required string Supervisor { get; set; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset? At { get; set; }
    public string? Note { get; set; }

    public Release ToRelease() => new(Ticket, Novice, Supervisor, AskedAt, At, Note);
}
