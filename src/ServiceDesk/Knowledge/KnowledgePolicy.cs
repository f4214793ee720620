using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge;

/// <summary>What closing a ticket asks of the knowledge base when no published article tells about the confirmed cause.</summary>
public enum ClosureGate : byte
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>A draft is made from the case; who closes may refuse it with a reason.</summary>
    Draft,

    /// <summary>Who closes must say: a draft, or none and why. What closes by itself gets its draft.</summary>
    Ask,
}

/// <summary>How a tenant keeps its knowledge. Until it is set, these values hold.</summary>
public sealed record KnowledgePolicy
{
    public ClosureGate ClosureGate { get; init; } = ClosureGate.Draft;

    /// <summary>Ids of the releases that customers may download.</summary>
    public IReadOnlyList<string> Downloads { get; init; } = [];

    public SupervisedAuthority Supervision { get; init; } = new();

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this is { Downloads: null } or { Supervision: null } ? "leave out what keeps its value; null is none" : Supervision.Fault();

    internal static string NameOf(string tenant) => $"knowledge:{tenant}";

    internal static Task<KnowledgePolicy> OfAsync(DeskContext db, string tenant, CancellationToken ct) => TenantSettings.ReadAsync<KnowledgePolicy>(db, NameOf(tenant), ct);
}

public interface IKnowledgePolicies
{
    Task<KnowledgePolicy> OfAsync(string tenant, CancellationToken ct);
    Task<Outcome<KnowledgePolicy>> SetAsync(string tenant, KnowledgePolicy policy, string actor, CancellationToken ct);
}
