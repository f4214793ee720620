using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Chooses who goes and when: skilled, first there, never before the parts. Only for a ticket whose shipment is already saved.</summary>
internal sealed class Dispatcher(IDeviceRegistry devices)
{
    private const double RoadKmPerHour = 60;
    private const double LongestRoadKm = 600;
    private const double AirKmPerHour = 700;
    private const double UnknownSiteKm = 50;
    private static readonly TimeSpan Preparation = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AirHandling = TimeSpan.FromHours(4);

    /// <returns>False when nobody with the skill is known.</returns>
    public async Task<bool> PlanAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var visit = await ProposeAsync(work, ticket, null, null, ct);
        if (visit is null) return false;
        Assign(work, ticket, visit, DeskWork.Desk);
        return true;
    }

    /// <summary>The earliest visit, by <paramref name="technician"/> when named and not before <paramref name="notBefore"/>.</summary>
    public async Task<Visit?> ProposeAsync(DeskWork work, TicketRow ticket, string? technician, DateTimeOffset? notBefore, CancellationToken ct)
    {
        var place = await PlaceAsync(ticket, ct);
        var lines = await work.LinesAsync(ticket.Number, ct);
        var parts = lines.Where(l => l.Status is PartLineStatus.Reserved or PartLineStatus.Shipped).ToList();
        var earliest = new[] { work.Now, parts.Max(l => l.Eta) ?? work.Now, notBefore ?? work.Now }.Max();
        var everybody = await work.Db.Technicians.AsNoTracking().Where(t => t.Tenant == ticket.Tenant).OrderBy(t => t.Id).ToListAsync(ct);
        var busy = await BusyAsync(work, ticket, ct);
        var length = TimeSpan.FromMinutes(ticket.WorkMinutes);
        return everybody.ConvertAll(t => t.ToTechnician())
            .Where(t => technician is null ? ticket.Skill is null || t.Skills.Contains(ticket.Skill) : t.Id == technician)
            .Select(t => (Technician: t, Km: place is null ? UnknownSiteKm : t.Home.DistanceKm(place)))
            .Select(t => (t.Technician, t.Km, Start: Free(busy[t.Technician.Id], Later(earliest, work.Now + Preparation + Travel(t.Km)), length, Travel(t.Km))))
            .OrderBy(t => t.Start).ThenBy(t => t.Km).ThenBy(t => t.Technician.Id, StringComparer.Ordinal)
            .Select(t => new Visit(t.Technician.Id, t.Start, t.Start + length, null))
            .FirstOrDefault();
    }

    public static void Assign(DeskWork work, TicketRow ticket, Visit visit, string actor)
    {
        (ticket.Visit, ticket.Assignee) = (visit, visit.Technician);
        work.Note(ticket, "visit-planned", $"{visit.Technician} comes {visit.Start:u}", $"{visit.Technician} 将于 {visit.Start:u} 到场", actor);
    }

    private static async Task<ILookup<string, Visit>> BusyAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var others = await work.Db.Tickets.AsNoTracking()
            .Where(t => t.Tenant == ticket.Tenant && t.Number != ticket.Number && t.Visit != null
                && t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled)
            .ToListAsync(ct);
        return others.Select(t => t.Visit!).ToLookup(v => v.Technician);
    }

    /// <summary>First start that leaves the way to and from the technician's other visits.</summary>
    private static DateTimeOffset Free(IEnumerable<Visit> visits, DateTimeOffset start, TimeSpan length, TimeSpan travel)
    {
        foreach (var visit in visits.OrderBy(v => v.Start))
        {
            if (start + length + travel <= visit.Start) break;
            if (visit.End + travel > start) start = visit.End + travel;
        }
        return start;
    }

    private async Task<GeoPoint?> PlaceAsync(TicketRow ticket, CancellationToken ct)
    {
        var device = ticket.Device is null ? null : await devices.FindAsync(new DeviceKey(ticket.Tenant, ticket.Device), ct);
        return device?.Location ?? (await devices.FindSiteAsync(ticket.Tenant, ticket.Site, ct))?.Location;
    }

    private static TimeSpan Travel(double km) =>
        km <= LongestRoadKm ? TimeSpan.FromHours(km / RoadKmPerHour) : AirHandling + TimeSpan.FromHours(km / AirKmPerHour);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
