namespace Seamless.ServiceDesk.Parts.Repairs;

internal sealed class RepairRow
{
    public required string Id { get; init; }
    public int Sequence { get; init; }
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public required string Sku { get; init; }
    public required string Repairer { get; init; }
    public required string Depot { get; init; }
    public string? Return { get; init; }
    public RepairState State { get; set; }
    public DateTimeOffset OrderedAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public decimal? Cost { get; set; }
    public string? Currency { get; set; }
    public string? Note { get; set; }
    public int Version { get; set; }

    public RepairOrder ToOrder() => new(Id, Serial, Sku, Repairer, Depot, Return, State, OrderedAt, DueAt, EndedAt, Cost, Currency, Note);
}
