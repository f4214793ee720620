using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Open tickets and technicians as a problem for the planner.</summary>
internal sealed class JobBook(IDeviceRegistry devices)
{
    public const int HorizonMinutes = 7 * 24 * 60;

    /// <summary>Under way, waiting, or fixed by a person: nobody but a person moves it.</summary>
    public static bool IsPinned(TicketRow ticket) =>
        ticket.Visit is { } visit && (visit.Confirmed || ticket.Status is TicketStatus.EnRoute or TicketStatus.OnSite or TicketStatus.Paused);

    public async Task<DispatchProblem> ProblemAsync(DeskContext db, string tenant, IReadOnlyList<TicketRow> tickets, DateTimeOffset now, CancellationToken ct)
    {
        var origin = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var etas = await EtasAsync(db, [.. tickets.Select(t => t.Number)], ct);
        var jobs = new List<Job>(tickets.Count);
        foreach (var ticket in tickets) jobs.Add(JobOf(ticket, await PlaceAsync(ticket, ct), etas.GetValueOrDefault(ticket.Number), origin));
        return new DispatchProblem(origin, now > origin ? 1 : 0, HorizonMinutes, await WorkersAsync(db, tenant, origin, ct), jobs);
    }

    /// <summary>Technicians as this piece of work leaves them, changes not yet saved included.</summary>
    public static async Task<IReadOnlyList<Worker>> WorkersAsync(DeskContext db, string tenant, DateTimeOffset origin, CancellationToken ct)
    {
        var partners = (await StandingAsync(db, db.Partners.Where(p => p.Tenant == tenant), ct)).Where(p => p.Tenant == tenant).ToDictionary(p => p.Id, p => p.ToPartner(), StringComparer.Ordinal);
        return [.. (await StandingAsync(db, db.Technicians.Where(t => t.Tenant == tenant), ct)).Where(t => t.Tenant == tenant).OrderBy(t => t.Id, StringComparer.Ordinal).Select(t => t.ToTechnician())
            .Select(t => Roll.WorkerOf(t, t.Profile.Partner is { } p ? partners.GetValueOrDefault(p) : null, origin, HorizonMinutes))];
    }

    public async Task<GeoPoint?> PlaceAsync(TicketRow ticket, CancellationToken ct)
    {
        var device = ticket.Device is null ? null : await devices.FindAsync(new DeviceKey(ticket.Tenant, ticket.Device), ct);
        return device?.Location ?? (await devices.FindSiteAsync(ticket.Tenant, ticket.Site, ct))?.Location;
    }

    private static async Task<Dictionary<string, DateTimeOffset?>> EtasAsync(DeskContext db, HashSet<string> numbers, CancellationToken ct)
    {
        var lines = await StandingAsync(db, db.PartLines.Where(l => l.Status == PartLineStatus.Reserved || l.Status == PartLineStatus.Shipped), ct);
        return lines.Where(l => numbers.Contains(l.Ticket) && l.Status is PartLineStatus.Reserved or PartLineStatus.Shipped)
            .GroupBy(l => l.Ticket).ToDictionary(g => g.Key, g => g.Max(l => l.Eta), StringComparer.Ordinal);
    }

    /// <summary>What is saved, with what this piece of work has changed, added and removed.</summary>
    private static async Task<IEnumerable<TRow>> StandingAsync<TRow>(DeskContext db, IQueryable<TRow> saved, CancellationToken ct) where TRow : class =>
        (await saved.ToListAsync(ct)).Concat(db.Set<TRow>().Local).Distinct().Where(row => db.Entry(row).State is not EntityState.Deleted);

    private static Job JobOf(TicketRow ticket, GeoPoint? place, DateTimeOffset? eta, DateTimeOffset origin)
    {
        int Down(DateTimeOffset at) => (int)Math.Floor((at - origin).TotalMinutes);
        int Up(DateTimeOffset at) => (int)Math.Ceiling((at - origin).TotalMinutes);
        var minutes = ticket.Visit is { } v && IsPinned(ticket) ? Math.Max(1, Up(v.End) - Down(v.Start)) : Math.Max(1, ticket.WorkMinutes);
        var due = ticket.ResolveBy.AddMinutes(-ticket.WorkMinutes);
        if (ticket.ArrivedAt is null && ticket.ArriveBy < due) due = ticket.ArriveBy;
        return new Job(
            ticket.Number, ticket.Site, place, minutes, ticket.Skill, 1, eta is { } at ? Up(at) : 0, Down(due), (int)ticket.Priority,
            ticket.Visit is { } visit ? new Appointment([visit.Technician], Down(visit.Start)) : null, IsPinned(ticket));
    }
}
