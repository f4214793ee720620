using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Queue;

/// <param name="Version">0 is what the platform is delivered with.</param>
public sealed record QueuePolicyVersion(int Version, QueuePolicy Policy, string Actor, DateTimeOffset? At);

/// <param name="Person">What a technician may do: theirs, and what is nobody's and within their skills; of somebody else of the desk what is theirs or nobody's.</param>
/// <param name="Team">What is with a team of the desk; of a partner, the same as for a person for any of its technicians.</param>
public sealed record QueueFilter(string Tenant, string? Person = null, string? Team = null);

/// <param name="Position">From 1.</param>
/// <param name="Since">When it was opened.</param>
/// <param name="Turn">From when on nothing that comes later overtakes it, P1 excepted.</param>
public sealed record QueuePlace(
    int Position, string Ticket, LocalizedText Title, string? Device, string Site, string Customer, string Tier, Priority Priority, Grading? Grading, TicketStatus Status, string? Assignee, string? Adviser,
    DateTimeOffset Since, DateTimeOffset Turn, IReadOnlyList<LocalizedText> Reasons);

/// <summary>What a customer's tier comes to.</summary>
/// <param name="SlaPolicy">Of a P3.</param>
/// <param name="CarePlans">That hold a device of this customer or tier.</param>
public sealed record CustomerTerms(string Customer, string Tier, string SlaPolicy, int HeadStartMinutes, int FairnessBoundMinutes, string? Adviser, IReadOnlyList<string> CarePlans);

public interface IQueue
{
    /// <summary>What waits to be begun or visited, the next first.</summary>
    Task<Outcome<IReadOnlyList<QueuePlace>>> ListAsync(QueueFilter filter, CancellationToken ct);
    Task<QueuePolicyVersion> PolicyAsync(string tenant, CancellationToken ct);
    Task<IReadOnlyList<QueuePolicyVersion>> VersionsAsync(string tenant, CancellationToken ct);

    /// <param name="expected">The version that was looked at; refused when another has been put meanwhile.</param>
    Task<Outcome<QueuePolicyVersion>> PutAsync(string tenant, QueuePolicy policy, int? expected, string actor, CancellationToken ct);
    Task<CustomerTerms> TermsAsync(string tenant, string customer, string tier, CancellationToken ct);
}

internal sealed class QueuePolicyRow
{
    public required string Tenant { get; init; }
    public int Version { get; init; }
    public required QueuePolicy Policy { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public QueuePolicyVersion ToVersion() => new(Version, Policy, Actor, At);
}
