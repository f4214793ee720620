using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Parts;

internal static class PartLines
{
    /// <summary>The line of the ticket that a unit was reserved for.</summary>
    public static async Task<PartLineRow> LineOfAsync(this DeskWork work, string ticket, ReservationRow reservation, CancellationToken ct)
    {
        var lines = await work.LinesAsync(ticket, ct);
        return lines.FirstOrDefault(l => l.Sku == reservation.WantedSku) ?? lines.First(l => l.Shipment == reservation.Shipment);
    }

    public static async Task<List<ReservationRow>> OnBoardAsync(this DeskWork work, ShipmentRow shipment, CancellationToken ct) =>
        [.. (await work.ReservationsAsync(shipment.Ticket, ct)).Where(r => r.Shipment == shipment.Id && r.State is (ReservationState.Hard or ReservationState.Shipped))];
}

/// <summary>The words of <see cref="TicketPart.Status"/>.</summary>
internal static class PartLineStatus
{
    public const string Planned = "planned";
    public const string Reserved = "reserved";
    public const string Shipped = "shipped";
    public const string Delivered = "delivered";
    public const string Installed = "installed";
    public const string Returned = "returned";
    public const string Unavailable = "unavailable";
}
