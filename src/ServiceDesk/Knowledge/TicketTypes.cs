using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge;

/// <summary>Of which type of equipment a ticket is: its device's, or that of the alarm it was opened for.</summary>
internal static class TicketTypes
{
    /// <returns>Empty when nothing tells.</returns>
    public static async Task<string> OfAsync(DeskContext db, IDeviceRegistry devices, TicketRow ticket, CancellationToken ct)
    {
        if (ticket.Device is { } id && await devices.FindAsync(new DeviceKey(ticket.Tenant, id), ct) is { } device) return device.Type;
        return ticket.Alarms is [var alarm, ..] && await db.Cases.AsNoTracking().FirstOrDefaultAsync(c => c.AlarmId == alarm, ct) is { } fault ? fault.Type : "";
    }
}
