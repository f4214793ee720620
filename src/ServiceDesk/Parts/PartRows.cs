using Seamless.Fleet.Registry;

namespace Seamless.ServiceDesk.Parts;

internal sealed class DepotRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public DepotTier Tier { get; init; }
    public double Latitude { get; init; }
    public double Longitude { get; init; }
    public required string TimeZone { get; init; }
    public string? Parent { get; init; }

    public Depot ToDepot() => new(Tenant, Id, Name, Tier, new GeoPoint(Latitude, Longitude), TimeZone, Parent);

    public static DepotRow Of(Depot d) => new()
    {
        Tenant = d.Tenant, Id = d.Id, Name = d.Name, Tier = d.Tier, Latitude = d.Location.Latitude, Longitude = d.Location.Longitude,
        TimeZone = d.TimeZone, Parent = d.Parent,
    };
}

internal sealed class UnitRow
{
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public required string Sku { get; init; }
    public UnitState State { get; set; }
    public string? Depot { get; set; }
    public string? Device { get; set; }
    public string? Ticket { get; set; }

    /// <summary>The stock order that it travels for, from depot to depot.</summary>
    public string? Order { get; set; }

    /// <summary>Two tickets that want the same unit both name this version; the second to save loses and chooses again.</summary>
    public int Version { get; set; }

    /// <summary>Where it is, in one word: the ledger's From and To.</summary>
    public string Place => State switch
    {
        UnitState.InStock or UnitState.Reserved or UnitState.Returned or UnitState.InRepair => $"depot:{Depot}",
        UnitState.InTransit => $"transit:{Ticket ?? Order}",
        UnitState.Delivered or UnitState.ReturnDue => $"site:{Ticket}",
        UnitState.Installed => $"device:{Device}",
        _ => "scrap",
    };

    public PartUnit ToUnit() => new(Tenant, Serial, Sku, State, Depot, Device, Ticket, Version);
}

internal sealed class UnitMoveRow
{
    public long Id { get; init; }
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Kind { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public required string Actor { get; init; }
    public string? Ticket { get; init; }

    public UnitMove ToMove() => new(Id, Serial, At, Kind, From, To, Actor, Ticket);
}

internal sealed class ReservationRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Ticket { get; init; }
    public required string Sku { get; init; }

    /// <summary>The how-manieth unit of this part for this ticket, from 0, never used again after a release.</summary>
    public int Ordinal { get; init; }
    public required string Serial { get; init; }
    public required string Depot { get; init; }
    public required string Shipment { get; init; }
    public ReservationState State { get; set; }
    public DateTimeOffset At { get; init; }

    public Reservation ToReservation() => new(Id, Ticket, Sku, Serial, Depot, State, At);
}

internal sealed class ShipmentRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Ticket { get; init; }
    public required string FromDepot { get; init; }

    /// <summary>0, or more when the first from this depot had already left.</summary>
    public int Ordinal { get; init; }
    public required string ToSite { get; init; }
    public required string Carrier { get; init; }
    public required IReadOnlyList<string> Serials { get; set; }
    public ShipmentState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset PickUpAt { get; init; }
    public DateTimeOffset? PickedUpAt { get; set; }
    public DateTimeOffset Eta { get; set; }
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>The carrier's next milestone by its timetable; null when there is none left.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Version { get; set; }

    public Shipment ToShipment() => new(Id, Tenant, Ticket, FromDepot, ToSite, Carrier, Serials, State, CreatedAt, PickedUpAt, Eta, DeliveredAt);
}

internal sealed class ReturnRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Serial { get; init; }
    public required string Sku { get; init; }
    public required string Ticket { get; init; }
    public required string ToDepot { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? ReceivedAt { get; set; }
    public required string Status { get; set; }

    public PartReturn ToReturn() => new(Id, Serial, Sku, Ticket, DueAt, ReceivedAt, Status);
}
