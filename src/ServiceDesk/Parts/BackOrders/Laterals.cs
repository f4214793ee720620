using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.BackOrders;

/// <summary>Sends unused units straight on from the site where they were not needed to one that waits, instead of by way of a depot.</summary>
internal sealed class Laterals(IDeviceRegistry devices, CarrierDesk carriers)
{
    public const string Redirected = "redirected";

    /// <summary>Between sites of unknown place.</summary>
    private const double UnknownKm = 300;

    /// <returns>False when there are not enough unused units elsewhere: nothing is sent then.</returns>
    public async Task<bool> SendAsync(DeskWork work, TicketRow ticket, PartLineRow line, CancellationToken ct)
    {
        var taken = (await work.ReservationsAsync(ticket.Number, ct)).Where(r => r.Sku == line.Sku).ToList();
        var missing = line.Quantity - taken.Count(r => r.State is not ReservationState.Released);
        var going = await carriers.OfAsync(work.Db, ticket.Tenant, ct);
        var offers = (await OffersAsync(work, ticket, line.Sku, going, ct)).OrderBy(o => o.Quote.Eta).ThenBy(o => o.Back.Serial, StringComparer.Ordinal).Take(missing).ToList();
        if (missing == 0 || offers.Count < missing) return false;
        for (var i = 0; i < offers.Count; i++) await RedirectAsync(work, ticket, line, offers[i], taken.Count + i, going, ct);
        line.Status = PartLineStatus.Reserved;
        return true;
    }

    /// <summary>Delivered and not fitted, on the way back, and whole: what was removed from a machine is not.</summary>
    private async Task<List<Offer>> OffersAsync(DeskWork work, TicketRow ticket, string sku, CarrierSet going, CancellationToken ct)
    {
        var unused = await work.Db.Returns.Where(b => b.Tenant == ticket.Tenant && b.Sku == sku && b.Status == "due" && b.Ticket != ticket.Number)
            .Where(b => work.Db.Reservations.Any(r => r.Ticket == b.Ticket && r.Serial == b.Serial && r.State == ReservationState.Released))
            .Join(work.Db.Tickets, b => b.Ticket, t => t.Number, (b, t) => new { Back = b, t.Site }).ToListAsync(ct);
        var offers = new List<Offer>(unused.Count);
        var to = await devices.FindSiteAsync(ticket.Tenant, ticket.Site, ct);
        foreach (var unit in unused)
        {
            var from = await devices.FindSiteAsync(ticket.Tenant, unit.Site, ct);
            var place = new Depot(ticket.Tenant, $"site:{unit.Site}", from?.Name ?? unit.Site, DepotTier.Regional, from?.Location ?? new GeoPoint(0, 0), from?.TimeZone ?? "Etc/UTC", null);
            var km = unit.Site == ticket.Site ? 0 : from?.Location is { } a && to?.Location is { } b ? a.DistanceKm(b) : UnknownKm;
            if (going.Quotes(place, km, work.Now).MinBy(q => q.Eta) is { } soonest) offers.Add(new Offer(unit.Back, place, km, soonest));
        }
        return offers;
    }

    private static async Task RedirectAsync(DeskWork work, TicketRow ticket, PartLineRow line, Offer offer, int ordinal, CarrierSet going, CancellationToken ct)
    {
        (offer.Back.Status, offer.Back.ReceivedAt) = (Redirected, work.Now);
        var shipment = await Logistics.ShipmentFromAsync(work, ticket, offer.Place, offer.Km, offer.Quote, going, ct);
        shipment.Serials = [.. shipment.Serials, offer.Back.Serial];
        work.Db.Reservations.Add(new ReservationRow
        {
            Id = StableHash.Id("rsv", ticket.Number, line.Sku, ordinal.ToString(CultureInfo.InvariantCulture)), Tenant = ticket.Tenant, Ticket = ticket.Number, Sku = line.Sku, Ordinal = ordinal,
            Serial = offer.Back.Serial, Depot = offer.Back.ToDepot, Shipment = shipment.Id, State = ReservationState.Hard, At = work.Now,
        });
        (line.Depot, line.Shipment) = (offer.Place.Id, shipment.Id);
        line.Eta = line.Eta is { } eta && eta > shipment.Eta ? eta : shipment.Eta;
    }

    private sealed record Offer(ReturnRow Back, Depot Place, double Km, CarrierQuote Quote);
}
