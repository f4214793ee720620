using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Parts.Promises;

/// <summary>One part of the way to a repaired machine.</summary>
/// <param name="Code"><c>parts</c> at the site, <c>visit</c> begun, <c>work</c> done.</param>
/// <param name="Likely">As probably earlier as later.</param>
/// <param name="Latest">Later with a probability of 5 %.</param>
public sealed record PromiseLeg(string Code, DateTimeOffset Likely, DateTimeOffset Latest, LocalizedText Why);

/// <summary>When a machine will work again, said while the repair goes on.</summary>
/// <param name="Revision">0 is the first, and the one that is scored; later ones were given when the plan could not keep it any more.</param>
/// <param name="Likely">P50.</param>
/// <param name="Latest">P95: what is promised.</param>
/// <param name="Kept">Null until the ticket is closed.</param>
public sealed record RepairPromise(
    string Ticket, int Revision, DateTimeOffset GivenAt, DateTimeOffset Likely, DateTimeOffset Latest, IReadOnlyList<PromiseLeg> Legs, DateTimeOffset? RepairedAt, bool? Kept);

public interface IPromises
{
    /// <summary>All that were given for a ticket, the first one first.</summary>
    Task<IReadOnlyList<RepairPromise>> OfTicketAsync(string tenant, string ticket, CancellationToken ct);
}

internal sealed class PromiseRow
{
    public required string Ticket { get; init; }
    public int Revision { get; init; }
    public required string Tenant { get; init; }
    public DateTimeOffset GivenAt { get; init; }
    public DateTimeOffset Likely { get; init; }
    public DateTimeOffset Latest { get; init; }

    /// <summary>What the model said before it was corrected by how earlier promises turned out.</summary>
    public DateTimeOffset ModelLikely { get; init; }
    public DateTimeOffset ModelLatest { get; init; }
    public required IReadOnlyList<PromiseLeg> Legs { get; init; }

    /// <summary>When it was repaired, pauses taken out.</summary>
    public DateTimeOffset? RepairedAt { get; set; }
    public bool? Kept { get; set; }

    public RepairPromise ToPromise() => new(Ticket, Revision, GivenAt, Likely, Latest, Legs, RepairedAt, Kept);
}
