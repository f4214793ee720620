namespace Seamless.ServiceDesk.Parts;

internal sealed class ReturnRow
{
    public required string Id { get; init; }

    /// <summary>The running number of the return authorisation; 0 for those from before there were numbers.</summary>
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public required string Sku { get; init; }
    public required string Ticket { get; init; }
    public required string ToDepot { get; init; }
    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? ReceivedAt { get; set; }
    public required string Status { get; set; }

    public string? Carrier { get; set; }
    public DateTimeOffset? ShippedAt { get; set; }
    public DateTimeOffset? Eta { get; set; }

    /// <summary>Shipped and not received by then, it is lost.</summary>
    public DateTimeOffset? OverdueAt { get; set; }

    /// <summary>Of a unit for which the replacement was sent in advance.</summary>
    public AdvanceTerms? Advance { get; set; }

    /// <summary>The next reminder, or the bill; null when there is none to come.</summary>
    public DateTimeOffset? NextAt { get; set; }
    public int Reminders { get; set; }
    public int Version { get; set; }

    public bool IsOpen => ReceivedAt is null && Status is ReturnStatus.Due or ReturnStatus.Shipped;
    public string? Number => Sequence == 0 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"RMA-{Sequence:000000}");

    public PartReturn ToReturn() => new(Id, Serial, Sku, Ticket, DueAt, ReceivedAt, Status, Number, ToDepot, Carrier, ShippedAt, Eta, Advance, Reminders);
}
