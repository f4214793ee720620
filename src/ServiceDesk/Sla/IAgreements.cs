using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sla;

/// <param name="Text">As it was given, in YAML; of version 0 as it would be written.</param>
public sealed record AgreementsVersion(int Version, string Text, string Actor, DateTimeOffset? At);

/// <summary>The deadlines that a ticket opened at a certain time would have.</summary>
public sealed record Promise(string Policy, DateTimeOffset OpenedAt, DateTimeOffset RespondBy, DateTimeOffset ArriveBy, DateTimeOffset ResolveBy);

/// <summary>Service agreements by tenant and version. A ticket keeps the version that was in force when it was opened.</summary>
public interface IAgreements
{
    Task<AgreementsVersion> CurrentAsync(string tenant, CancellationToken ct);

    Task<AgreementsVersion?> FindAsync(string tenant, int version, CancellationToken ct);

    /// <summary>Newest first, with what the platform is delivered with as the last.</summary>
    Task<IReadOnlyList<AgreementsVersion>> ListAsync(string tenant, CancellationToken ct);

    IReadOnlyList<PackProblem> Check(string text);

    /// <summary>In force from now on for new tickets.</summary>
    /// <param name="expected">The version that the writer has seen; refused as a conflict when another is in force. Null to put it in any case.</param>
    Task<Outcome<AgreementsVersion>> PutAsync(string tenant, string text, int? expected, string actor, CancellationToken ct);

    Task<Promise> PromiseAsync(string tenant, string customer, string tier, Priority priority, DateTimeOffset openedAt, CancellationToken ct);
}
