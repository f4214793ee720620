using Seamless.ServiceDesk.Commerce.Coverage;

namespace Seamless.ServiceDesk.Commerce.Quotes;

internal sealed class QuoteRow
{
    public required string Number { get; init; }
    public int Revision { get; init; }
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Ticket { get; init; }
    public QuoteStatus Status { get; set; }
    public required string Currency { get; init; }
    public int PriceList { get; init; }
    public string? Contract { get; init; }
    public DamageCause Cause { get; init; }
    public required CoverageDecision Coverage { get; init; }
    public int CoverageTable { get; init; }
    public required IReadOnlyList<QuoteLine> Lines { get; init; }
    public decimal Total { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset ValidUntil { get; init; }
    public DateTimeOffset? DecidedAt { get; set; }
    public string? DecidedBy { get; set; }
    public string? Channel { get; set; }
    public string? Note { get; set; }

    /// <summary>No visit goes out for its ticket: the customer has not agreed to pay for one.</summary>
    public bool HoldsVisit { get; set; }

    /// <summary>When it expires; null once it is decided.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public void End(QuoteStatus status)
    {
        (Status, DueAt) = (status, null);
        Version++;
    }

    public Quote ToQuote() => new(
        Number, Revision, Ticket, Status, Currency, PriceList, Contract, Cause, Coverage, CoverageTable, Lines, Lines.Sum(l => l.Amount), Total, CreatedAt, CreatedBy, ValidUntil, DecidedAt, DecidedBy,
        Channel, Note, HoldsVisit);
}

internal sealed class InvoiceRow
{
    public required string Number { get; init; }

    /// <summary>Unique: two at once would each be within the quote, and together beyond it.</summary>
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Ticket { get; init; }
    public required string Quote { get; init; }
    public int Revision { get; init; }
    public required string Currency { get; init; }
    public required IReadOnlyList<QuoteLine> Lines { get; init; }
    public decimal Total { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Actor { get; init; }

    public Invoice ToInvoice() => new(Number, Ticket, Quote, Revision, Currency, Lines, Total, At, Actor);
}
