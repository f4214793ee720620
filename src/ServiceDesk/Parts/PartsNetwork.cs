using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

public enum DepotTier : byte { National, Central, Regional }

/// <param name="Parent">The depot that replenishes it; null for the national centre.</param>
public sealed record Depot(string Tenant, string Id, string Name, DepotTier Tier, GeoPoint Location, string TimeZone, string? Parent);

public enum UnitState : byte
{
    InStock, Reserved, InTransit, Delivered, Installed, ReturnDue, Returned, InRepair, Scrapped,

    /// <summary>In a technician's hands.</summary>
    Held,

    /// <summary>Shipped and not received, or not found by a count.</summary>
    Lost,
}

/// <summary>What a unit is worth to the one who gets it.</summary>
public static class UnitQuality
{
    public const string New = "new";
    public const string Refurbished = "refurbished";
    public static readonly IReadOnlyList<string> All = [New, Refurbished];
}

/// <summary>One piece with its serial number; in exactly one place at any time.</summary>
public sealed record PartUnit(string Tenant, string Serial, string Sku, UnitState State, string? Depot, string? Device, string? Ticket, int Version, string? Holder = null, string Quality = UnitQuality.New);

/// <summary>A step in a unit's life: the custody ledger.</summary>
/// <param name="Giver">Who gave it away, where the actor took it over.</param>
/// <param name="Number">The how-manieth of this unit, from 1.</param>
/// <param name="Seal">The platform's signature over this step and the one before it; see <see cref="Custody.CustodySeal"/>.</param>
public sealed record UnitMove(
    long Id, string Serial, DateTimeOffset At, string Kind, string? From, string? To, string Actor, string? Ticket, string? Giver = null, string? Reason = null, int Number = 0, string? Seal = null);

public sealed record StockLevel(string Sku, string Depot, int OnHand, int Reserved);

public enum ReservationState : byte { Hard, Shipped, Delivered, Consumed, Released }

/// <param name="Wanted">The part that was asked for; the unit is one of it, or of a part that stands in for it.</param>
public sealed record Reservation(string Id, string Ticket, string Sku, string Serial, string Depot, ReservationState State, DateTimeOffset At, string? Wanted = null);

/// <param name="Items">Empty when every shelf was: they are on order.</param>
public sealed record ReservedParts(string Sku, IReadOnlyList<Reservation> Items);

public enum ShipmentState : byte { Created, InTransit, Delivered, Cancelled, Lost }

/// <param name="Eta">When it will be at the site.</param>
public sealed record Shipment(
    string Id, string Tenant, string Ticket, string FromDepot, string ToSite, string Carrier, IReadOnlyList<string> Serials,
    ShipmentState State, DateTimeOffset CreatedAt, DateTimeOffset? PickedUpAt, DateTimeOffset Eta, DateTimeOffset? DeliveredAt, string? Waybill = null);

public interface IPartsNetwork
{
    /// <summary>All kinds of spare, of the packs and the tenant's own, by SKU.</summary>
    Task<IReadOnlyList<PartDefinition>> CatalogAsync(string tenant, CancellationToken ct);

    Task<IReadOnlyList<Depot>> DepotsAsync(string tenant, CancellationToken ct);
    Task<IReadOnlyList<StockLevel>> StockAsync(string tenant, CancellationToken ct);
    Task<IReadOnlyList<Reservation>> ReservationsAsync(string tenant, string? ticket, CancellationToken ct);
    Task<IReadOnlyList<Shipment>> ShipmentsAsync(string tenant, string? ticket, bool openOnly, CancellationToken ct);
    Task<IReadOnlyList<PartReturn>> ReturnsAsync(string tenant, CancellationToken ct);
    Task<PartUnit?> FindUnitAsync(string tenant, string serial, CancellationToken ct);
    Task<IReadOnlyList<UnitMove>> HistoryAsync(string tenant, string serial, CancellationToken ct);

    /// <summary>What the carrier reports: <c>picked-up</c>, <c>delivered</c>.</summary>
    Task<Outcome<Shipment>> ReportShipmentAsync(string tenant, string id, string milestone, string actor, CancellationToken ct);

    /// <summary>A returned unit has come in: <c>restock</c>, <c>repair</c> or <c>scrap</c>.</summary>
    /// <param name="serial">What is written on the unit; another than expected is refused. Null when nobody has looked.</param>
    /// <param name="repairer">For <c>repair</c>; null for the depot's own workshop.</param>
    Task<Outcome<PartReturn>> ReceiveReturnAsync(string tenant, string id, string disposition, string actor, CancellationToken ct, string? serial = null, string? repairer = null);

    /// <summary>Sends a replacement before the defective unit is back.</summary>
    /// <param name="serial">Of the defective unit, which is due back.</param>
    /// <param name="charge">What is billed when it does not come; null for what the part costs.</param>
    Task<Outcome<PartReturn>> ReplaceInAdvanceAsync(string tenant, string ticket, string sku, string serial, decimal? charge, string actor, CancellationToken ct);

    /// <summary>Reserves for a ticket what fits its device: the newest that can stand in for <paramref name="sku"/>. An incompatible part is refused.</summary>
    Task<Outcome<ReservedParts>> ReserveAsync(string tenant, string ticket, string sku, int quantity, string actor, CancellationToken ct);

    /// <summary>By depot, day and part class, the newest day first.</summary>
    Task<IReadOnlyList<HitRate>> HitRatesAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}
