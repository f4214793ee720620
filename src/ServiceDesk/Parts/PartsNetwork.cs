using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts;

public enum DepotTier : byte { National, Central, Regional }

/// <param name="Parent">The depot that replenishes it; null for the national centre.</param>
public sealed record Depot(string Tenant, string Id, string Name, DepotTier Tier, GeoPoint Location, string TimeZone, string? Parent);

public enum UnitState : byte { InStock, Reserved, InTransit, Delivered, Installed, ReturnDue, Returned, InRepair, Scrapped }

/// <summary>One piece with its serial number; in exactly one place at any time.</summary>
public sealed record PartUnit(string Tenant, string Serial, string Sku, UnitState State, string? Depot, string? Device, string? Ticket, int Version);

/// <summary>A step in a unit's life: the custody ledger.</summary>
public sealed record UnitMove(long Id, string Serial, DateTimeOffset At, string Kind, string? From, string? To, string Actor, string? Ticket);

public sealed record StockLevel(string Sku, string Depot, int OnHand, int Reserved);

public enum ReservationState : byte { Hard, Shipped, Delivered, Consumed, Released }

public sealed record Reservation(string Id, string Ticket, string Sku, string Serial, string Depot, ReservationState State, DateTimeOffset At);

public enum ShipmentState : byte { Created, InTransit, Delivered, Cancelled }

/// <param name="Eta">When it will be at the site.</param>
public sealed record Shipment(
    string Id, string Tenant, string Ticket, string FromDepot, string ToSite, string Carrier, IReadOnlyList<string> Serials,
    ShipmentState State, DateTimeOffset CreatedAt, DateTimeOffset? PickedUpAt, DateTimeOffset Eta, DateTimeOffset? DeliveredAt);

/// <summary>A removed unit on its way back.</summary>
public sealed record PartReturn(string Id, string Serial, string Sku, string Ticket, DateTimeOffset DueAt, DateTimeOffset? ReceivedAt, string Status);

public interface IPartsNetwork
{
    IReadOnlyList<PartDefinition> Catalog { get; }
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
    Task<Outcome<PartReturn>> ReceiveReturnAsync(string tenant, string id, string disposition, string actor, CancellationToken ct);
}
