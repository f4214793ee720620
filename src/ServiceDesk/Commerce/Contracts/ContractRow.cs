using Seamless.ServiceDesk.Commerce.Coverage;

namespace Seamless.ServiceDesk.Commerce.Contracts;

internal sealed class ContractRow
{
    public required string Number { get; init; }
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public required string Site { get; init; }
    public required string Customer { get; init; }
    public required string Tier { get; init; }
    public CoveragePack Pack { get; init; }
    public DateTimeOffset Start { get; init; }
    public DateTimeOffset End { get; init; }
    public decimal Price { get; init; }
    public required string Currency { get; init; }
    public string? Renews { get; init; }
    public string? RenewedBy { get; set; }
    public DateTimeOffset? CancelledAt { get; set; }
    public OutcomeTerms? Outcome { get; init; }

    /// <summary>The last of <see cref="ExpiryNotices.Days"/> that has been told, or was over at the beginning; null before the first.</summary>
    public int? Noticed { get; set; }

    /// <summary>When the desk must look again.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public Contract ToContract() => new(Number, Tenant, Device, Customer, Tier, Pack, Start, End, Price, Currency, Renews, RenewedBy, CancelledAt, Outcome, Version);
}
