using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Quotes;

/// <summary>Open until the customer decides or it expires. A newer revision takes an open one's place at once, and an approved one's when it is approved itself.</summary>
public enum QuoteStatus : byte { Open, Approved, Declined, Expired, Superseded, Withdrawn }

/// <summary>One line, to the smallest coin.</summary>
/// <param name="Amount">Quantity × price.</param>
/// <param name="CoveredPercent">What the contract covers of it.</param>
/// <param name="Payable">What the customer pays: amount less covered.</param>
public sealed record QuoteLine(
    PriceKind Kind, string Code, LocalizedText Name, string Unit, decimal Quantity, decimal UnitPrice, decimal Amount, int CoveredPercent, decimal Covered, decimal Payable);

/// <summary>An offer for one ticket.</summary>
/// <param name="Number"><c>Q-1001</c>, the same for all revisions.</param>
/// <param name="Revision">1, and one more for each new version.</param>
/// <param name="Coverage">What decided what the customer pays, by which version of the table.</param>
/// <param name="DecidedBy">The customer, or the colleague who wrote the decision down.</param>
/// <param name="Channel">How the customer said so: <c>status-page</c>, <c>phone</c>, <c>email</c> …</param>
public sealed record Quote(
    string Number, int Revision, string Ticket, QuoteStatus Status, string Currency, int PriceList, string? Contract, DamageCause Cause, CoverageDecision Coverage, int CoverageTable,
    IReadOnlyList<QuoteLine> Lines, decimal Amount, decimal Total, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ValidUntil, DateTimeOffset? DecidedAt, string? DecidedBy, string? Channel,
    string? Note, bool HoldsVisit);

/// <param name="Code">Of the price list.</param>
public sealed record AskedLine(string Code, decimal Quantity);

/// <param name="Cause">Environment for tickets of class ENV, otherwise a defect, when not given.</param>
/// <param name="Currency">The policy's when not given.</param>
/// <param name="Lines">The ticket's parts, its working time and a visit when one is needed, when not given.</param>
/// <param name="Hours">Working time instead of the ticket's; only without lines.</param>
/// <param name="ValidDays">The policy's when not given.</param>
public sealed record NewQuote(DamageCause? Cause = null, string? Currency = null, IReadOnlyList<AskedLine>? Lines = null, decimal? Hours = null, int? ValidDays = null, string? Note = null);

/// <param name="Revision">The one that the customer has seen.</param>
/// <param name="Note">Why not, or anything else.</param>
public sealed record QuoteDecision(int Revision, bool Approve, string Channel, string? Note);

/// <summary>A bill. All bills of a ticket together stay within its approved quote.</summary>
/// <param name="Number"><c>INV-1001</c>, increasing.</param>
public sealed record Invoice(
    string Number, string Ticket, string Quote, int Revision, string Currency, IReadOnlyList<QuoteLine> Lines, decimal Total, DateTimeOffset At, string Actor);

/// <param name="Quotes">Newest revision first.</param>
public sealed record TicketCharges(IReadOnlyList<Quote> Quotes, IReadOnlyList<Invoice> Invoices)
{
    public Quote? Approved => Quotes.FirstOrDefault(q => q.Status is QuoteStatus.Approved);

    /// <summary>What the bills come to in each currency: amounts of two currencies have no sum.</summary>
    public IReadOnlyDictionary<string, decimal> Invoiced => Invoices.GroupBy(i => i.Currency, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(i => i.Total), StringComparer.Ordinal);
}

/// <summary>Quotes and invoices of tickets.</summary>
public interface IQuotes
{
    Task<Outcome<TicketCharges>> OfTicketAsync(string tenant, string ticket, CancellationToken ct);
    Task<Outcome<Quote>> OpenAsync(string tenant, string ticket, NewQuote quote, string actor, CancellationToken ct);

    /// <summary>What the customer said by another way than the status page.</summary>
    Task<Outcome<Quote>> DecideAsync(string tenant, string ticket, QuoteDecision decision, string actor, CancellationToken ct);

    /// <summary>Takes an open quote back: nothing is asked of the customer any more.</summary>
    Task<Outcome<Quote>> WithdrawAsync(string tenant, string ticket, string note, string actor, CancellationToken ct);

    /// <param name="lines">As quoted when null.</param>
    Task<Outcome<Invoice>> InvoiceAsync(string tenant, string ticket, IReadOnlyList<AskedLine>? lines, string actor, CancellationToken ct);

    /// <summary>The newest revision, without a login. Null when no repair is known under these, or it has no quote.</summary>
    Task<Quote?> TrackAsync(string code, string? serial, CancellationToken ct);
    Task<Outcome<Quote>> DecideAsCustomerAsync(string code, string? serial, int revision, bool approve, string? note, CancellationToken ct);
}
