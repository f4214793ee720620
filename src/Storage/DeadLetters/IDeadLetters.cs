using Seamless.Telemetry.Payloads;

namespace Seamless.Storage.DeadLetters;

/// <summary>A refused message, kept whole.</summary>
/// <param name="Channel">How it came: <c>mqtt</c>, <c>http</c>.</param>
/// <param name="Source">Who sent it: the authenticated name, or the remote address.</param>
/// <param name="Rejects">At least one.</param>
/// <param name="ReplayedAt">When it was last sent through ingest again, or null.</param>
public sealed record DeadLetter(
    long Id, string Tenant, string? Device, string Channel, string Topic, string Source, string? ContentType, byte[] Payload,
    IReadOnlyList<Reject> Rejects, DateTimeOffset ReceivedAt, DateTimeOffset? ReplayedAt, string? ReplayOutcome);

public interface IDeadLetters
{
    /// <summary>Durable when it returns; gives the id. The incoming <see cref="DeadLetter.Id"/> is ignored.</summary>
    Task<long> AddAsync(DeadLetter letter, CancellationToken ct);

    /// <summary>Newest first, from just before the id <paramref name="before"/>.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(string tenant, string? device, long? before, int limit, CancellationToken ct);

    Task<DeadLetter?> FindAsync(string tenant, long id, CancellationToken ct);

    Task MarkReplayedAsync(long id, DateTimeOffset at, string outcome, CancellationToken ct);

    Task<long> CountAsync(string tenant, CancellationToken ct);

    Task<int> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct);
}
