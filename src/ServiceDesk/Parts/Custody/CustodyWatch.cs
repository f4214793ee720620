using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>Watches what is between two hands: what was booked and not collected goes with another carrier, what was shipped and not received is lost, what was handed over and not confirmed is on the work list, what was not sent back is reminded of.</summary>
internal sealed class CustodyWatch(Logistics logistics, Deliveries deliveries, CompatibilityBook compatibility, AdvanceReturns advance, Replanning replanning)
{
    /// <summary>When the next look is due; null for none.</summary>
    public static async Task<DateTimeOffset?> NextDueAsync(DeskContext db, CancellationToken ct) => new[]
    {
        await db.Shipments.MinAsync(s => s.OverdueAt, ct), await db.StockOrders.MinAsync(o => o.OverdueAt, ct), await db.Returns.MinAsync(r => r.OverdueAt, ct),
        await db.Returns.MinAsync(r => r.NextAt, ct), await db.HandOvers.MinAsync(h => h.DueAt, ct),
    }.Min();

    public async Task SweepAsync(Workbench workbench, DateTimeOffset now, CancellationToken ct)
    {
        var due = await workbench.ReadAsync(async db => new
        {
            Shipments = await db.Shipments.Where(s => s.OverdueAt <= now).OrderBy(s => s.OverdueAt).ThenBy(s => s.Id).Select(s => s.Id).ToListAsync(ct),
            Orders = await db.StockOrders.Where(o => o.OverdueAt <= now).OrderBy(o => o.OverdueAt).ThenBy(o => o.Id).Select(o => o.Id).ToListAsync(ct),
            Returns = await db.Returns.Where(r => r.OverdueAt <= now || r.NextAt <= now).OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(ct),
            HandOvers = await db.HandOvers.Where(h => h.DueAt <= now).OrderBy(h => h.Id).Select(h => h.Id).ToListAsync(ct),
        }, ct);
        foreach (var id in due.Shipments) await workbench.CommitAsync(now, work => LookAtShipmentAsync(work, id, ct), ct);
        foreach (var id in due.Orders) await workbench.CommitAsync(now, work => LoseOrderAsync(work, id, ct), ct);
        foreach (var id in due.Returns) await workbench.CommitAsync(now, work => LookAtReturnAsync(work, id, ct), ct);
        foreach (var id in due.HandOvers) await workbench.CommitAsync(now, work => LookAtHandOverAsync(work, id, ct), ct);
    }

    private async Task<bool> LookAtShipmentAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.Shipments.FindAsync([id], ct) is not { State: ShipmentState.Created or ShipmentState.InTransit } shipment || !(shipment.OverdueAt <= work.Now)) return false;
        if (shipment.State is ShipmentState.Created) await deliveries.NotCollectedAsync(work, shipment, ct);
        else await LoseAsync(work, shipment, ct);
        return true;
    }

    private async Task LoseAsync(DeskWork work, ShipmentRow shipment, CancellationToken ct)
    {
        (shipment.State, shipment.DueAt, shipment.OverdueAt) = (ShipmentState.Lost, null, null);
        shipment.Version++;
        var ticket = await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct);
        foreach (var reservation in await work.OnBoardAsync(shipment, ct))
        {
            var line = await work.LineOfAsync(shipment.Ticket, reservation, ct);
            reservation.State = ReservationState.Released;
            var loss = await LoseAsync(work, reservation.Serial, new Consignment(shipment.Id, shipment.Tenant, shipment.Carrier, shipment.FromDepot, shipment.ToSite, ticket, shipment.PickedUpAt ?? shipment.PickUpAt, shipment.Eta), ct);
            loss.Replacement = ticket is { IsOpen: true } ? await ReplaceAsync(work, ticket, line, loss, ct) : null;
        }
        if (ticket is not { IsOpen: true }) return;
        TicketClocks.Schedule(work, ticket);
        if (await DispatchDesk.IsBeforePartsAsync(work, ticket, ct))
            await replanning.AroundAsync(work, ticket.Tenant, t => t == ticket, new Occasion("the parts were lost; others are on their way", "备件丢失，替换件已发出"), DeskWork.Desk, ct);
    }

    /// <summary>The loss is told, and another unit looked for at once.</summary>
    private async Task<string?> ReplaceAsync(DeskWork work, TicketRow ticket, PartLineRow line, LossRow loss, CancellationToken ct)
    {
        work.Note(ticket, "lost-in-transit", $"{loss.Serial} was to be here by {loss.ExpectedAt:u} with {loss.Carrier} and was not received; another one is sent", $"{loss.Serial} 由 {loss.Carrier} 承运，应于 {loss.ExpectedAt:u} 前送达但未收到；将另发一件");
        var before = (await work.ReservationsAsync(ticket.Number, ct)).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        (line.Status, line.Eta) = (PartLineStatus.Planned, null);
        await logistics.SupplyAsync(work, ticket, [new PartNeed(line.Sku, line.Quantity)], ct);
        return (await work.ReservationsAsync(ticket.Number, ct)).Find(r => !before.Contains(r.Id))?.Serial;
    }

    private async Task<bool> LoseOrderAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.StockOrders.FindAsync([id], ct) is not { State: StockOrderState.InTransit, Serial: { } serial } order || !(order.OverdueAt <= work.Now)) return false;
        (order.State, order.DueAt, order.OverdueAt) = (StockOrderState.Lost, null, null);
        order.Version++;
        await LoseAsync(work, serial, new Consignment(order.Id, order.Tenant, order.Carrier ?? "", order.Source, order.Depot, null, order.ShippedAt ?? order.OrderedAt, order.Eta ?? work.Now), ct);
        return true;
    }

    private async Task<bool> LookAtReturnAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.Returns.FindAsync([id], ct) is not { ReceivedAt: null } back) return false;
        var ticket = back.Ticket.Length == 0 ? null : await work.TicketAsync(back.Tenant, back.Ticket, ct);
        if (back.OverdueAt <= work.Now)
        {
            (back.Status, back.OverdueAt, back.NextAt) = (ReturnStatus.Lost, null, null);   // the carrier has lost it: the customer has done his part
            await LoseAsync(work, back.Serial, new Consignment(back.Id, back.Tenant, back.Carrier ?? "", ticket?.Site ?? "", back.ToDepot, ticket, back.ShippedAt ?? work.Now, back.Eta ?? work.Now), ct);
        }
        else if (back.NextAt <= work.Now) advance.Remind(work, ticket, back);
        back.Version++;
        return true;
    }

    private static async Task<bool> LookAtHandOverAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.HandOvers.FindAsync([id], ct) is not { State: HandOverState.Offered } offer || !(offer.DueAt <= work.Now)) return false;
        (offer.State, offer.DueAt) = (HandOverState.Overdue, null);
        offer.Version++;
        return true;
    }

    private async Task<LossRow> LoseAsync(DeskWork work, string serial, Consignment lost, CancellationToken ct)
    {
        var unit = await work.UnitAsync(lost.Tenant, serial, ct);
        var (value, currency) = (await compatibility.InForceAsync(work.Db, lost.Tenant, ct)).PriceOf(unit.Sku);
        work.Move(unit, UnitState.Lost, "lost-in-transit", DeskWork.Desk, ticket: lost.Ticket?.Number, reason: lost.Carrier);
        var loss = new LossRow
        {
            Id = StableHash.Id("loss", lost.Id, serial), Tenant = lost.Tenant, Serial = serial, Sku = unit.Sku, Consignment = lost.Id, Carrier = lost.Carrier, From = lost.From, To = lost.To, Ticket = lost.Ticket?.Number,
            ShippedAt = lost.ShippedAt, ExpectedAt = lost.ExpectedAt, LostAt = work.Now, Value = value, Currency = currency, State = LossState.Open,
        };
        work.Db.Losses.Add(loss);
        work.Record(EventKind.LostInTransit, loss.Id, lost.Tenant, lost.Ticket?.Site ?? lost.To, lost.Ticket?.Device, lost.Ticket?.Number, (double)value, lost.Carrier);
        return loss;
    }

    private sealed record Consignment(string Id, string Tenant, string Carrier, string From, string To, TicketRow? Ticket, DateTimeOffset ShippedAt, DateTimeOffset ExpectedAt);
}
