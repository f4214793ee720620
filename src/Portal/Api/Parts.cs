using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.BackOrders;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

/// <param name="Criticality">VED: V vital, E essential, D desirable.</param>
/// <param name="Class">ABC by cost.</param>
public sealed record PartView(
    string Sku, string Title, string Criticality, string Class, int LeadTimeDays, decimal UnitCost, string Currency, IReadOnlyList<string> Types, string? Supersedes);

public sealed record DepotView(string Id, string Name, DepotTier Tier, GeoPoint Location, string TimeZone, string? Parent);

/// <summary>One piece by its serial number, with its whole life.</summary>
/// <param name="Custody">Whether its moves are the ones that were signed.</param>
public sealed record UnitView(
    string Serial, string Sku, UnitState State, string? Depot, string? Device, string? Ticket, string? Holder, string Quality, IReadOnlyList<UnitMove> History, CustodyCheck Custody);

public sealed record ShipmentView(
    string Id, string Ticket, string FromDepot, string ToSite, string Carrier, IReadOnlyList<string> Serials, ShipmentState State,
    DateTimeOffset CreatedAt, DateTimeOffset? PickedUpAt, DateTimeOffset Eta, DateTimeOffset? DeliveredAt, string? Waybill);

/// <param name="Resourced"><c>lateral</c> from another site, <c>express</c> from the supplier; null as long as it only waits.</param>
public sealed record BackOrderView(
    string Ticket, string Sku, string Title, int Quantity, string Site, string Customer, Priority Priority, DateTimeOffset Since, string? Resourced, DateTimeOffset? ResourcedAt, DateTimeOffset? Expected);

/// <param name="Disposition"><c>restock</c>, <c>repair</c> or <c>scrap</c>.</param>
/// <param name="Serial">What is written on the unit: another than the one that is due is refused. Demanded when its replacement was sent in advance.</param>
/// <param name="Repairer">For <c>repair</c>; the depot's own workshop when not given.</param>
public sealed record ReturnReceipt(string Disposition, string? Serial = null, string? Repairer = null);

/// <param name="Quantity">1 when not given.</param>
public sealed record ReservationRequest(string? Ticket, string? Sku, int? Quantity = null);

/// <param name="Serial">Of the defective unit, which is due back.</param>
/// <param name="Charge">What is billed when it does not come; what the part costs when not given.</param>
public sealed record AdvanceRequest(string? Sku, string? Serial, decimal? Charge = null);

public sealed record HitRateAnswer(DateTimeOffset From, DateTimeOffset To, int Lines, int Filled, double? Share, IReadOnlyList<HitRate> Items);

internal static class Parts
{
    public static void MapParts(this RouteGroupBuilder api)
    {
        var parts = api.MapGroup("").WithTags("Parts");
        parts.MapGet("/parts", CatalogAsync).WithName("listParts").RequireAuthorization(Policies.Read).WithSummary("The kinds of spare.");
        parts.MapGet("/parts/units/{serial}", UnitAsync).WithName("getUnit").RequireAuthorization(Policies.Read).Produces<UnitView>().WithSummary("A unit's whole history by serial.");
        parts.MapGet("/depots", DepotsAsync).WithName("listDepots").RequireAuthorization(Policies.Read).WithSummary("National, central and regional stores.");
        parts.MapGet("/stock", StockAsync).WithName("listStock").RequireAuthorization(Policies.Read).WithSummary("On hand and reserved, by part and depot.");
        parts.MapGet("/parts/back-orders", BackOrdersAsync).WithName("listBackOrders").RequireAuthorization(Policies.Read).Produces<Page<BackOrderView>>()
            .WithSummary("Parts that tickets wait for because no depot has one, the longest waiting first, and how they are got another way.");
        parts.MapGet("/reservations", ReservationsAsync).WithName("listReservations").RequireAuthorization(Policies.Read).WithSummary("Units put aside for tickets.");
        parts.MapPost("/reservations", ReserveAsync).WithName("reservePart").RequireAuthorization(Policies.Dispatch).Produces<ReservedParts>()
            .WithSummary("Reserves for a ticket the newest part that fits its device; one that does not fit is refused, and what does is named.");
        parts.MapPost("/tickets/{id}/advance-replacement", ReplaceAsync).WithName("replaceInAdvance").RequireAuthorization(Policies.Dispatch).Produces<PartReturn>()
            .WithSummary("Sends a replacement before the defective unit is back: due date, reminders, and a charge when it never comes.");
        parts.MapGet("/parts/hit-rate", HitRateAsync).WithName("getHitRate").RequireAuthorization(Policies.Read).Produces<HitRateAnswer>()
            .WithSummary("Lines filled on first request from the nearest depot, by depot, day and part class; the last 30 days unless told otherwise.");
        parts.MapGet("/shipments", ShipmentsAsync).WithName("listShipments").RequireAuthorization(Policies.Read).WithSummary("Parts on their way; open=true for what has not arrived.");
        parts.MapPost("/shipments/{id}/actions/{milestone}", ReportAsync).WithName("reportShipment").RequireAuthorization(Policies.Dispatch).Produces<ShipmentView>()
            .WithSummary("What the carrier reports: picked-up, delivered.");
        parts.MapGet("/returns", ReturnsAsync).WithName("listReturns").RequireAuthorization(Policies.Read).WithSummary("Removed units on their way back.");
        parts.MapPost("/returns/{id}/receive", ReceiveAsync).WithName("receiveReturn").RequireAuthorization(Policies.Dispatch).Produces<PartReturn>()
            .WithSummary("A returned unit has come in: restock, repair or scrap.");
    }

    private static async Task<Page<BackOrderView>> BackOrdersAsync([AsParameters] PageQuery page, ClaimsPrincipal user, HttpContext http, IBackOrders backOrders, CancellationToken ct)
    {
        var text = http.Texts();
        return (await backOrders.ListAsync(user.Tenant(), ct)).SliceInOrder(page, b => $"{b.Ticket}:{b.Sku}", b => new BackOrderView(
            b.Ticket, b.Sku, text(b.Title), b.Quantity, b.Site, b.Customer, b.Priority, b.Since, b.Resourced, b.ResourcedAt, b.Expected));
    }

    private static async Task<Page<PartView>> CatalogAsync([AsParameters] PageQuery page, ClaimsPrincipal user, HttpContext http, IPartsNetwork network, CancellationToken ct) =>
        (await network.CatalogAsync(user.Tenant(), ct)).Slice(page, part => part.Sku, part => View(part, http.Texts()));

    private static async Task<IResult> UnitAsync(string serial, ClaimsPrincipal user, IPartsNetwork network, ICustody custody, CancellationToken ct)
    {
        if (await network.FindUnitAsync(user.Tenant(), serial, ct) is not { } unit) return Problems.NotFound($"no unit has the serial number '{serial}'");
        var history = await network.HistoryAsync(user.Tenant(), serial, ct);
        return TypedResults.Ok(new UnitView(unit.Serial, unit.Sku, unit.State, unit.Depot, unit.Device, unit.Ticket, unit.Holder, unit.Quality, history, await custody.CheckAsync(user.Tenant(), serial, ct)));
    }

    private static async Task<Page<DepotView>> DepotsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.DepotsAsync(user.Tenant(), ct)).Slice(page, depot => depot.Id,
            depot => new DepotView(depot.Id, depot.Name, depot.Tier, depot.Location, depot.TimeZone, depot.Parent));

    private static async Task<Page<StockLevel>> StockAsync(
        [AsParameters] PageQuery page, string? sku, string? depot, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.StockAsync(user.Tenant(), ct))
            .Where(level => (sku is null || level.Sku == sku) && (depot is null || level.Depot == depot))
            .Slice(page, level => $"{level.Sku}@{level.Depot}", level => level);

    private static async Task<Page<Reservation>> ReservationsAsync(
        [AsParameters] PageQuery page, string? ticket, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.ReservationsAsync(user.Tenant(), ticket, ct)).Slice(page, reservation => reservation.Id, reservation => reservation);

    private static async Task<IResult> ReserveAsync([FromBody] ReservationRequest request, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) => request.Ticket is null || request.Sku is null
        ? Problems.Invalid("give 'ticket' and 'sku'")
        : (await network.ReserveAsync(user.Tenant(), request.Ticket, request.Sku, request.Quantity ?? 1, user.Actor(), ct)).ToResult(reserved => reserved);

    private static async Task<IResult> ReplaceAsync(string id, [FromBody] AdvanceRequest request, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) => request.Sku is null || request.Serial is null
        ? Problems.Invalid("give 'sku', and in 'serial' which defective unit is due back")
        : (await network.ReplaceInAdvanceAsync(user.Tenant(), id, request.Sku, request.Serial, request.Charge, user.Actor(), ct)).ToResult(part => part);

    private static async Task<IResult> HitRateAsync(Instant? from, Instant? to, ClaimsPrincipal user, IPartsNetwork network, TimeProvider time, CancellationToken ct)
    {
        if (!KpiEndpoints.Period(from, to, time, out var begin, out var end)) return Problems.Invalid("'from' must be before 'to'");
        var rates = await network.HitRatesAsync(user.Tenant(), begin, end, ct);
        var (lines, filled) = (rates.Sum(r => r.Lines), rates.Sum(r => r.Filled));
        return TypedResults.Ok(new HitRateAnswer(begin, end, lines, filled, lines == 0 ? null : (double)filled / lines, rates));
    }

    private static async Task<Page<ShipmentView>> ShipmentsAsync(
        [AsParameters] PageQuery page, string? ticket, bool? open, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.ShipmentsAsync(user.Tenant(), ticket, open ?? false, ct)).Slice(page, shipment => shipment.Id, View);

    private static async Task<IResult> ReportAsync(string id, string milestone, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.ReportShipmentAsync(user.Tenant(), id, milestone, user.Actor(), ct)).ToResult(View);

    private static async Task<Page<PartReturn>> ReturnsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.ReturnsAsync(user.Tenant(), ct)).Slice(page, part => part.Id, part => part);

    private static async Task<IResult> ReceiveAsync(string id, [FromBody] ReturnReceipt receipt, ClaimsPrincipal user, IPartsNetwork network, CancellationToken ct) =>
        (await network.ReceiveReturnAsync(user.Tenant(), id, receipt.Disposition, user.Actor(), ct, receipt.Serial, receipt.Repairer)).ToResult(part => part);

    private static PartView View(PartDefinition part, Func<LocalizedText, string> text) => new(
        part.Sku, text(part.Title), part.Criticality.ToString(), part.Class.ToString(), part.LeadTimeDays, part.UnitCost, part.Currency, part.Types, part.Supersedes);

    private static ShipmentView View(Shipment shipment) => new(
        shipment.Id, shipment.Ticket, shipment.FromDepot, shipment.ToSite, shipment.Carrier, shipment.Serials, shipment.State,
        shipment.CreatedAt, shipment.PickedUpAt, shipment.Eta, shipment.DeliveredAt, shipment.Waybill);
}
