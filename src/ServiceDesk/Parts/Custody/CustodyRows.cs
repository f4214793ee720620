using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Parts.Custody;

internal sealed class HandOverRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public required string Sku { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Giver { get; init; }
    public string? Receiver { get; init; }
    public HandOverState State { get; set; }
    public DateTimeOffset At { get; init; }

    /// <summary>When the silence of the receiver is put on the work list; null once it is, or has ended.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public string? DecidedBy { get; set; }
    public string? Reason { get; set; }
    public int Version { get; set; }

    public bool IsOpen => State is HandOverState.Offered or HandOverState.Overdue;

    public HandOver ToHandOver() => new(Id, Serial, Sku, From, To, Giver, Receiver, State, At, DecidedAt, DecidedBy, Reason);
}

internal sealed class LossRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public required string Sku { get; init; }

    /// <summary>What it travelled for: a shipment, a stock order, a return.</summary>
    public required string Consignment { get; init; }
    public required string Carrier { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public string? Ticket { get; init; }
    public DateTimeOffset ShippedAt { get; init; }
    public DateTimeOffset ExpectedAt { get; init; }
    public DateTimeOffset LostAt { get; init; }
    public decimal Value { get; init; }
    public required string Currency { get; init; }
    public string? Replacement { get; set; }
    public LossState State { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedBy { get; set; }
    public string? Reason { get; set; }
    public int Version { get; set; }

    public void Found(DeskWork work, string actor)
    {
        (State, ClosedAt, ClosedBy) = (LossState.Found, work.Now, actor);
        Version++;
        work.Record(EventKind.LossFound, Id, Tenant, To, null, Ticket, (double)Value, Carrier);
    }

    public Loss ToLoss() => new(Id, Serial, Sku, Consignment, Carrier, From, To, Ticket, ShippedAt, ExpectedAt, LostAt, Value, Currency, Replacement, State, ClosedAt, ClosedBy, Reason);
}
