using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Resupply;

/// <summary>Keeps each depot's base stock, one for one: on hand plus on order is kept at the target, from the depot above, and at the top from the supplier.</summary>
/// <remarks>A review looks at the state, not at what happened: it can be repeated after a crash, and finds nothing to do the second time.</remarks>
internal sealed class Replenishment(Logistics logistics, CarrierDesk carriers, CompatibilityBook compatibility, IOptions<ServiceDeskOptions> options)
{
    /// <summary>Of a part that is in no catalogue any more.</summary>
    private const int UnknownLeadTimeDays = 14;

    /// <summary>Serves who waits, orders again what was used, and sends what depots above have free.</summary>
    public async Task ReviewAsync(DeskWork work, StockedPart part, CancellationToken ct)
    {
        var catalogue = await compatibility.InForceAsync(work.Db, part.Tenant, ct);
        await ServeTicketsAsync(work, part, catalogue.ServedBy(part.Sku), ct);
        var depots = await DepotsAsync(work, part.Tenant, ct);
        var (book, carrying) = (await StockBook.OpenAsync(work, part, ct), await carriers.OfAsync(work.Db, part.Tenant, ct));
        // From the outside in, so that a depot knows what it is asked for before it asks itself.
        foreach (var depot in depots.OrderByDescending(d => d.Tier).ThenBy(d => d.Id, StringComparer.Ordinal))
        {
            KeepTarget(book, depot);
            if (catalogue.PartOf(part.Sku) is { } known) Redistribute(work, book, depot, depots, known, carrying);
            if (depot.Parent is null) OrderFromSupplier(work, book, depot, catalogue.PartOf(part.Sku)?.LeadTimeDays ?? UnknownLeadTimeDays);
        }
        foreach (var depot in depots) Allocate(work, book, depot, depots, carrying);
    }

    /// <summary>What was ordered is in the depot.</summary>
    public static async Task<Outcome<StockOrderRow>> ReceiveAsync(DeskWork work, StockOrderRow order, string? serial, string actor, CancellationToken ct)
    {
        if (order.State is StockOrderState.Received)
            return serial is null || serial == order.Serial ? order : Refusal.Conflict($"order {order.Id} was received as {order.Serial}");
        if (order.State is not StockOrderState.InTransit) return Refusal.Because($"order {order.Id} is {order.State}; it cannot be received");
        if (order.Source == StockOrder.Supplier)
        {
            var number = serial ?? await NextSerialAsync(work, order, ct);
            if (await work.Db.Units.FindAsync([order.Tenant, number], ct) is not null) return Refusal.Conflict($"unit {number} is in the ledger already");
            StarterNetwork.AddUnit(work, order.Tenant, order.Sku, number, order.Depot, actor);
            order.Serial = number;
        }
        else if (serial is not null && serial != order.Serial)
            return Refusal.Conflict($"order {order.Id} brings {order.Serial}, not {serial}");
        else
            work.Move(await work.UnitAsync(order.Tenant, order.Serial!, ct), UnitState.InStock, "received", actor, depot: order.Depot);
        (order.State, order.ReceivedAt, order.DueAt, order.OverdueAt) = (StockOrderState.Received, work.Now, null, null);
        order.Version++;
        return order;
    }

    /// <summary>Tickets come before shelves: those that found every shelf empty, the earliest deadline first.</summary>
    private async Task ServeTicketsAsync(DeskWork work, StockedPart part, IReadOnlyList<string> wanted, CancellationToken ct)
    {
        await work.Db.Units.Where(u => u.Tenant == part.Tenant && u.Sku == part.Sku && u.State == UnitState.InStock).LoadAsync(ct);
        var numbers = await work.Db.PartLines.Where(l => wanted.Contains(l.Sku) && l.Status == PartLineStatus.Unavailable)
            .Join(work.Db.Tickets.Where(t => t.Tenant == part.Tenant), l => l.Ticket, t => t.Number, (l, t) => new { t.Number, t.ResolveBy, t.Sequence })
            .Distinct().OrderBy(t => t.ResolveBy).ThenBy(t => t.Sequence).Select(t => t.Number).ToListAsync(ct);
        foreach (var number in numbers)
        {
            if (!work.Db.Units.Local.Any(u => u.Tenant == part.Tenant && u.Sku == part.Sku && u.State is UnitState.InStock)) return;
            if (await work.TicketAsync(part.Tenant, number, ct) is not { IsOpen: true } ticket) continue;
            await logistics.SupplyMissingAsync(work, ticket, ct);
            TicketClocks.Schedule(work, ticket);
            ticket.Version++;
        }
    }

    private static void KeepTarget(StockBook book, Depot depot)
    {
        for (var missing = book.TargetOf(depot.Id) - book.PositionOf(depot.Id); missing > 0; missing--) book.Order(depot.Id, depot.Parent ?? StockOrder.Supplier);
        while (book.PositionOf(depot.Id) > book.TargetOf(depot.Id) && book.NewestWaitingFor(depot.Id) is { } needless)
        {
            needless.State = StockOrderState.Cancelled;
            needless.Version++;
        }
    }

    /// <summary>What lies where the plan does not want it any more serves an order before anything is bought for it: from the nearest, when its way costs less than a new unit and that one's way.</summary>
    private void Redistribute(DeskWork work, StockBook book, Depot depot, IReadOnlyList<Depot> depots, PartDefinition part, CarrierSet carrying)
    {
        var inTurn = depot.Parent is { } parent ? book.FreeIn(parent).Count() - book.WaitingAt(parent).Count(o => o.Depot != depot.Id) : 0;
        var usual = depots.FirstOrDefault(d => d.Id == depot.Parent) is { } above && carrying.Quotes(above, above.Location.DistanceKm(depot.Location), work.Now) is [var way, ..] ? way.Cost : 0;
        foreach (var order in book.WaitingFor(depot.Id).Skip(Math.Max(0, inTurn)).ToList())
        {
            if (depots.Where(d => d.Id != depot.Id && book.SurplusOf(d.Id) > 0).OrderBy(d => d.Location.DistanceKm(depot.Location)).ThenBy(d => d.Id, StringComparer.Ordinal).FirstOrDefault() is not { } from) return;
            if (carrying.Quotes(from, from.Location.DistanceKm(depot.Location), work.Now) is not [var quote, ..] || quote.Cost >= part.UnitCost + usual) return;
            order.Source = from.Id;
            Ship(work, order, book.FreeIn(from.Id).First(), quote, carrying, "resupply", DeskWork.Desk);
        }
    }

    private void OrderFromSupplier(DeskWork work, StockBook book, Depot depot, int leadTimeDays)
    {
        foreach (var order in book.WaitingFor(depot.Id).ToList())
        {
            (order.State, order.ShippedAt, order.Eta) = (StockOrderState.InTransit, work.Now, work.Now + TimeSpan.FromDays(leadTimeDays));
            order.DueAt = options.Value.SupplierIsPlayed ? order.Eta : null;
        }
    }

    private void Allocate(DeskWork work, StockBook book, Depot depot, IReadOnlyList<Depot> depots, CarrierSet carrying)
    {
        foreach (var order in book.WaitingAt(depot.Id).ToList())
        {
            if (book.FreeIn(depot.Id).FirstOrDefault() is not { } unit) return;
            var to = depots.First(d => d.Id == order.Depot);
            if (carrying.Quotes(depot, depot.Location.DistanceKm(to.Location), work.Now) is not [var quote, ..]) return;   // nobody collects; the next review tries again
            Ship(work, order, unit, quote, carrying, "resupply", DeskWork.Desk);
        }
    }

    /// <summary>A unit leaves for another depot.</summary>
    public void Ship(DeskWork work, StockOrderRow order, UnitRow unit, CarrierQuote quote, CarrierSet carrying, string kind, string actor)
    {
        work.Move(unit, UnitState.InTransit, kind, actor, order: order.Id);
        (order.State, order.Serial, order.ShippedAt, order.Eta, order.Carrier) = (StockOrderState.InTransit, unit.Serial, quote.PickUpAt, quote.Eta, quote.Carrier);
        order.OverdueAt = carrying.OverdueAt(quote.Carrier, quote.Eta);
        order.DueAt = order.OverdueAt is null && options.Value.CourierKeepsTimetable ? quote.Eta : null;
        order.Version++;
    }

    /// <summary>A number after the highest of ours: <c>SKU-000029</c>.</summary>
    private static async Task<string> NextSerialAsync(DeskWork work, StockOrderRow order, CancellationToken ct)
    {
        var prefix = order.Sku + "-";
        var length = prefix.Length + 6;
        await work.Db.Units.Where(u => u.Tenant == order.Tenant && u.Sku == order.Sku && u.Serial.StartsWith(prefix) && u.Serial.Length == length)
            .OrderByDescending(u => u.Serial).Take(1).LoadAsync(ct);
        var highest = work.Db.Units.Local.Where(u => u.Tenant == order.Tenant && u.Sku == order.Sku && u.Serial.Length == length && u.Serial.StartsWith(prefix, StringComparison.Ordinal))
            .Select(u => int.TryParse(u.Serial.AsSpan(prefix.Length), out var number) ? number : 0).DefaultIfEmpty(0).Max();
        return StarterNetwork.SerialOf(order.Sku, highest + 1);
    }

    /// <summary>From the top to the outside.</summary>
    private static async Task<IReadOnlyList<Depot>> DepotsAsync(DeskWork work, string tenant, CancellationToken ct) =>
        [.. (await work.Db.Depots.AsNoTracking().Where(d => d.Tenant == tenant).ToListAsync(ct)).Select(d => d.ToDepot()).OrderBy(d => d.Tier).ThenBy(d => d.Id, StringComparer.Ordinal)];
}
