namespace Seamless.ServiceDesk.Parts;

/// <summary>A removed unit on its way back.</summary>
/// <param name="Number">Of the return authorisation, <c>RMA-000012</c>: what is written on the box.</param>
/// <param name="Advance">When its replacement was sent in advance.</param>
public sealed record PartReturn(
    string Id, string Serial, string Sku, string Ticket, DateTimeOffset DueAt, DateTimeOffset? ReceivedAt, string Status, string? Number = null, string? ToDepot = null, string? Carrier = null,
    DateTimeOffset? ShippedAt = null, DateTimeOffset? Eta = null, AdvanceTerms? Advance = null, int Reminders = 0)
{
    public bool IsOpen => ReceivedAt is null && Status is ReturnStatus.Due or ReturnStatus.Shipped;
}

/// <param name="Replacement">The serial that was sent.</param>
/// <param name="Charge">What is billed when the defective unit does not come back in time.</param>
/// <param name="BilledAt">When that was billed.</param>
/// <param name="RefundedAt">When it came back after all.</param>
public sealed record AdvanceTerms(string? Replacement, decimal Charge, string Currency, DateTimeOffset? BilledAt = null, DateTimeOffset? RefundedAt = null);

/// <summary>The words of <see cref="PartReturn.Status"/>.</summary>
public static class ReturnStatus
{
    public const string Due = "due";
    public const string Shipped = "shipped";
    public const string Restocked = "restocked";
    public const string InRepair = "in-repair";
    public const string Scrapped = "scrapped";
    public const string Lost = "lost";
}
