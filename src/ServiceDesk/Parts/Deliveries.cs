using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

/// <summary>What carriers do with shipments: collect, deliver, or not come at all.</summary>
internal sealed class Deliveries(CarrierDesk carriers, ReturnNotes returns, IOptions<ServiceDeskOptions> options)
{
    /// <summary>The carrier's milestone: <c>picked-up</c> or <c>delivered</c>. A milestone twice is once.</summary>
    public async Task<Outcome<ShipmentRow>> ReportAsync(DeskWork work, ShipmentRow shipment, string milestone, DateTimeOffset at, string actor, CancellationToken ct)
    {
        switch (milestone, shipment.State)
        {
            case ("picked-up", ShipmentState.InTransit or ShipmentState.Delivered) or ("delivered", ShipmentState.Delivered):
                return shipment;
            case ("picked-up", ShipmentState.Created):
                await PickUpAsync(work, shipment, at, actor, ct);
                return shipment;
            case ("delivered", ShipmentState.Created or ShipmentState.InTransit):
                if (shipment.State is ShipmentState.Created) await PickUpAsync(work, shipment, at, actor, ct);
                await DeliverAsync(work, shipment, at, actor, ct);
                return shipment;
            case ("delivered", ShipmentState.Lost):
                await TurnUpAsync(work, shipment, at, actor, ct);
                return shipment;
            case ("picked-up" or "delivered", _):
                return Refusal.Because("shipment-not-now", $"shipment {shipment.Id} is {shipment.State}; it cannot be reported {milestone}");
            default:
                return Refusal.Invalid("milestone-unknown", $"'{milestone}' is no milestone; picked-up and delivered are");
        }
    }

    /// <summary>By its timetable, for a carrier that plays it.</summary>
    public async Task TrackAsync(DeskWork work, ShipmentRow shipment, DateTimeOffset at, CancellationToken ct)
    {
        var carrier = (await carriers.OfAsync(work.Db, shipment.Tenant, ct)).Find(shipment.Carrier);
        if (carrier is { Reports: MilestoneReports.Messages }) shipment.DueAt = null;   // it was played once; somebody reports now
        else if ((carrier is null ? Played(shipment) : carrier.Track(QuoteOf(shipment), at)) is { } milestone and not "booked") await ReportAsync(work, shipment, milestone, at, shipment.Carrier, ct);
    }

    public static void Cancel(ShipmentRow shipment)
    {
        (shipment.State, shipment.DueAt, shipment.OverdueAt) = (ShipmentState.Cancelled, null, null);
        shipment.Version++;
    }

    /// <summary>What a carrier would have collected during its outage goes with whoever is best now; with nobody else it waits for the end.</summary>
    public static async Task FailOverAsync(DeskWork work, CarrierRow failed, CarrierSet now, CancellationToken ct)
    {
        var waiting = await work.Db.Shipments.Where(s => s.Tenant == failed.Tenant && s.Carrier == failed.Id && s.State == ShipmentState.Created).OrderBy(s => s.CreatedAt).ThenBy(s => s.Id).ToListAsync(ct);
        foreach (var shipment in waiting.Where(s => failed.Outage!.Covers(s.PickUpAt))) await RebookAsync(work, shipment, now, _ => true, ct);
    }

    /// <summary>A carrier that reports has said nothing by the time of collection and its tolerance: another one is sent for, and with nobody else a person is told, once.</summary>
    public async Task NotCollectedAsync(DeskWork work, ShipmentRow shipment, CancellationToken ct)
    {
        var (late, since) = (shipment.Carrier, shipment.PickUpAt);
        if (await RebookAsync(work, shipment, await carriers.OfAsync(work.Db, shipment.Tenant, ct), quote => quote.Carrier != late, ct)) return;
        shipment.OverdueAt = null;
        shipment.Version++;
        if (await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct) is { IsOpen: true } ticket)
            Escalation.Climb(work, ticket, options.Value, $"not-collected:{shipment.Id}", $"{late} was to collect the parts at {since:u} and has not reported it; nobody else goes there", $"{late} 应于 {since:u} 揽收备件但未上报；没有其他承运商可用");
    }

    /// <returns>False when nobody takes it: it waits.</returns>
    private static async Task<bool> RebookAsync(DeskWork work, ShipmentRow shipment, CarrierSet now, Func<CarrierQuote, bool> may, CancellationToken ct)
    {
        var before = shipment.Carrier;
        var depot = await work.Db.Depots.AsNoTracking().FirstAsync(d => d.Tenant == shipment.Tenant && d.Id == shipment.FromDepot, ct);
        if (Take(now, shipment.Id, now.Quotes(depot.ToDepot(), shipment.DistanceKm, work.Now).Where(may).OrderBy(q => q.Eta)) is not { } taken) return false;
        Hand(shipment, taken.Quote, taken.Waybill, now);
        foreach (var reservation in await work.OnBoardAsync(shipment, ct)) (await work.LineOfAsync(shipment.Ticket, reservation, ct)).Eta = shipment.Eta;
        if (await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct) is not { } ticket) return true;
        work.Note(ticket, "carrier-changed", $"{before} does not collect; {shipment.Carrier} takes the parts, expected {shipment.Eta:u}", $"{before} 无法揽收；改由 {shipment.Carrier} 承运，预计 {shipment.Eta:u} 到达");
        TicketClocks.Schedule(work, ticket);
        return true;
    }

    /// <summary>The first of the quotes whose carrier takes the consignment.</summary>
    public static (CarrierQuote Quote, string Waybill)? Take(CarrierSet carriers, string reference, IEnumerable<CarrierQuote> quotes)
    {
        foreach (var quote in quotes)
            if (carriers.Find(quote.Carrier)?.Book(reference, quote) is { Succeeded: true, Value: { } waybill }) return (quote, waybill);
        return null;
    }

    public static void Hand(ShipmentRow shipment, CarrierQuote quote, string? waybill, CarrierSet carriers)
    {
        (shipment.Carrier, shipment.Waybill, shipment.PickUpAt, shipment.Eta) = (quote.Carrier, waybill, quote.PickUpAt, quote.Eta);
        shipment.OverdueAt = carriers.OverdueAt(quote.Carrier, quote.PickUpAt);
        shipment.DueAt = shipment.OverdueAt is null ? quote.PickUpAt : null;
        shipment.Version++;
    }

    private async Task PickUpAsync(DeskWork work, ShipmentRow shipment, DateTimeOffset at, string actor, CancellationToken ct)
    {
        shipment.OverdueAt = (await carriers.OfAsync(work.Db, shipment.Tenant, ct)).OverdueAt(shipment.Carrier, shipment.Eta);
        (shipment.State, shipment.PickedUpAt, shipment.DueAt) = (ShipmentState.InTransit, at, shipment.OverdueAt is null ? shipment.Eta : null);
        shipment.Version++;
        foreach (var reservation in await work.OnBoardAsync(shipment, ct))
        {
            work.Move(await work.UnitAsync(shipment.Tenant, reservation.Serial, ct), UnitState.InTransit, "picked-up", actor, ticket: shipment.Ticket);
            reservation.State = ReservationState.Shipped;
            (await work.LineOfAsync(shipment.Ticket, reservation, ct)).Status = PartLineStatus.Shipped;
        }
        if (await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct) is { } ticket)
            work.Note(ticket, "shipment-picked-up", $"parts on their way from {shipment.FromDepot}", $"备件已从 {shipment.FromDepot} 发出", actor);
    }

    private async Task DeliverAsync(DeskWork work, ShipmentRow shipment, DateTimeOffset at, string actor, CancellationToken ct)
    {
        Arrive(shipment, at);
        var ticket = await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct);
        foreach (var reservation in await work.OnBoardAsync(shipment, ct))
        {
            var unit = await work.UnitAsync(shipment.Tenant, reservation.Serial, ct);
            work.Move(unit, UnitState.Delivered, "delivered", actor, ticket: shipment.Ticket);
            reservation.State = ReservationState.Delivered;
            var line = await work.LineOfAsync(shipment.Ticket, reservation, ct);
            (line.Status, line.Eta) = (PartLineStatus.Delivered, at);   // no longer expected: there since then
            if (ticket is not { IsOpen: false }) continue;
            await returns.SendBackAsync(work, ticket, unit, DeskWork.Desk, reservation.Depot, ct);   // it came too late to be needed
            (reservation.State, line.Status) = (ReservationState.Released, PartLineStatus.Returned);
        }
        if (ticket is not null) work.Note(ticket, "parts-delivered", $"parts from {shipment.FromDepot} are at the site", $"来自 {shipment.FromDepot} 的备件已送达现场", actor);
    }

    /// <summary>What was given up arrives after all. Its replacement is on its way, so it goes back.</summary>
    private async Task TurnUpAsync(DeskWork work, ShipmentRow shipment, DateTimeOffset at, string actor, CancellationToken ct)
    {
        Arrive(shipment, at);
        var ticket = await work.TicketAsync(shipment.Tenant, shipment.Ticket, ct) ?? throw new InvalidOperationException($"ticket {shipment.Ticket} of shipment {shipment.Id} has disappeared");
        foreach (var loss in await work.Db.Losses.Where(l => l.Tenant == shipment.Tenant && l.Consignment == shipment.Id && l.State != LossState.Found).ToListAsync(ct))
        {
            var unit = await work.UnitAsync(shipment.Tenant, loss.Serial, ct);
            if (unit.State is not UnitState.Lost) continue;
            work.Move(unit, UnitState.Delivered, "found", actor, ticket: shipment.Ticket);
            await returns.SendBackAsync(work, ticket, unit, DeskWork.Desk, shipment.FromDepot, ct);
            loss.Found(work, actor);
        }
        work.Note(ticket, "parts-delivered", $"parts from {shipment.FromDepot} that were given up are at the site; they go back", $"来自 {shipment.FromDepot} 的曾判定丢失的备件已送达，将退回", actor);
    }

    private static void Arrive(ShipmentRow shipment, DateTimeOffset at)
    {
        (shipment.State, shipment.DeliveredAt, shipment.DueAt, shipment.OverdueAt) = (ShipmentState.Delivered, at, null, null);
        shipment.Version++;
    }

    private static CarrierQuote QuoteOf(ShipmentRow shipment) => new(shipment.Carrier, shipment.PickUpAt, shipment.Eta, 0);

    /// <summary>Of a carrier that has been removed meanwhile.</summary>
    private static string Played(ShipmentRow shipment) => shipment.State is ShipmentState.Created ? "picked-up" : "delivered";
}
