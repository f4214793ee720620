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

    /// <summary>The technician who has it in hand, or the repairer.</summary>
    public string? Holder { get; set; }

    /// <summary>See <see cref="UnitQuality"/>.</summary>
    public string Quality { get; set; } = UnitQuality.New;

    /// <summary>How many moves it has made, and the seal of the last: the head of its chain.</summary>
    public int Moves { get; set; }
    public string Seal { get; set; } = "";

    /// <summary>Two tickets that want the same unit both name this version; the second to save loses and chooses again.</summary>
    public int Version { get; set; }

    /// <summary>Where it is, in one word: the ledger's From and To.</summary>
    public string Place => State switch
    {
        UnitState.InRepair when Holder is not null => $"repairer:{Holder}",
        UnitState.InStock or UnitState.Reserved or UnitState.Returned or UnitState.InRepair => $"depot:{Depot}",
        UnitState.InTransit => $"transit:{Ticket ?? Order}",
        UnitState.Held => $"technician:{Holder}",
        UnitState.Delivered or UnitState.ReturnDue => Holder is null ? $"site:{Ticket}" : $"technician:{Holder}",
        UnitState.Installed => $"device:{Device}",
        UnitState.Lost => "lost",
        _ => "scrap",
    };

    public PartUnit ToUnit() => new(Tenant, Serial, Sku, State, Depot, Device, Ticket, Version, Holder, Quality);
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

    /// <summary>Who gave it away, where <see cref="Actor"/> took it over.</summary>
    public string? Giver { get; init; }
    public string? Reason { get; init; }

    /// <summary>The how-manieth of its unit, from 1; 0 as long as it is not sealed.</summary>
    public int Number { get; set; }

    /// <summary>See <see cref="Custody.CustodySeal"/>.</summary>
    public string Seal { get; set; } = "";

    public UnitMove ToMove() => new(Id, Serial, At, Kind, From, To, Actor, Ticket, Giver, Reason, Number, Seal);
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

    /// <summary>The part that was asked for, where another stands in for it.</summary>
    public string? Wanted { get; init; }
    public string WantedSku => Wanted ?? Sku;
    public ReservationState State { get; set; }
    public DateTimeOffset At { get; init; }

    public Reservation ToReservation() => new(Id, Ticket, Sku, Serial, Depot, State, At, WantedSku);
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
    public required string Carrier { get; set; }

    /// <summary>The carrier's number of the consignment.</summary>
    public string? Waybill { get; set; }
    public double DistanceKm { get; init; }
    public required IReadOnlyList<string> Serials { get; set; }
    public ShipmentState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset PickUpAt { get; set; }
    public DateTimeOffset? PickedUpAt { get; set; }
    public DateTimeOffset Eta { get; set; }
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>The carrier's next milestone by its timetable; null when there is none left.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Not received by then, it is lost; null before it was shipped and for a carrier that plays its timetable.</summary>
    public DateTimeOffset? OverdueAt { get; set; }
    public int Version { get; set; }

    public Shipment ToShipment() => new(Id, Tenant, Ticket, FromDepot, ToSite, Carrier, Serials, State, CreatedAt, PickedUpAt, Eta, DeliveredAt, Waybill);
}
