using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Chooses who goes and when: qualified, on shift, first there, never before the parts. Only for a ticket whose shipment is already saved.</summary>
internal sealed class Dispatcher(JobBook jobs, Replanning replanning)
{
    /// <returns>False when nobody can.</returns>
    public async Task<bool> PlanAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var visit = await ProposeAsync(work, ticket, null, null, ct);
        if (ticket.Priority is Priority.P1 && (visit is null || visit.Start > ticket.ArriveBy) && await PartsAtAsync(work, ticket, ct) < (visit?.Start ?? DateTimeOffset.MaxValue)
            && await MakeRoomAsync(work, ticket, ct)) return true;
        if (visit is null) return false;
        Assign(work, ticket, visit, DeskWork.Desk);
        return true;
    }

    /// <summary>The earliest visit, by <paramref name="technician"/> when named and not before <paramref name="notBefore"/>.</summary>
    public async Task<Visit?> ProposeAsync(DeskWork work, TicketRow ticket, string? technician, DateTimeOffset? notBefore, CancellationToken ct)
    {
        var place = await jobs.PlaceAsync(ticket, ct);
        var earliest = Later(await PartsAtAsync(work, ticket, ct), notBefore ?? work.Now);
        var workers = await JobBook.WorkersAsync(work.Db, ticket.Tenant, work.Now, ct);
        var busy = await BusyAsync(work, ticket, ct);
        var length = TimeSpan.FromMinutes(ticket.WorkMinutes);
        var job = new Job(ticket.Number, ticket.Site, place, ticket.WorkMinutes, ticket.Skill, 1, 0, 0, (int)ticket.Priority);
        return workers
            .Where(w => technician is null ? Qualification.May(w, job, 0) : w.Id == technician)
            .Select(w => (Worker: w, Km: Travel.Km(w.Home, place), Calendar: new VisitCalendar(w, work.Now, busy[w.Id], Limits: technician is null ? job : null)))
            .Select(c => (c.Worker, c.Km, Start: c.Calendar.FirstFree(earliest, length, place)))
            .Where(c => c.Start is not null)
            .OrderBy(c => c.Start).ThenBy(c => c.Km).ThenBy(c => c.Worker.Id, StringComparer.Ordinal)
            .Select(c => new Visit(c.Worker.Id, c.Start!.Value, c.Start.Value + length, null))
            .FirstOrDefault();
    }

    public static void Assign(DeskWork work, TicketRow ticket, Visit visit, string actor)
    {
        (ticket.Visit, ticket.Assignee) = (visit, visit.Technician);
        work.Note(ticket, "visit-planned", $"{visit.Technician} comes {visit.Start:u}", $"{visit.Technician} 将于 {visit.Start:u} 到场", actor);
    }

    /// <summary>An urgent ticket that nobody can reach in time: visits that are not pinned may give way.</summary>
    private async Task<bool> MakeRoomAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var busy = await Replanning.OpenVisitsAsync(work, ticket.Tenant, ct);
        if (!busy.Exists(t => t.Priority > ticket.Priority && !JobBook.IsPinned(t))) return false;
        await replanning.AroundAsync(work, ticket.Tenant, _ => false, new Occasion($"{ticket.Number} is urgent", $"{ticket.Number} 紧急"), DeskWork.Desk, ct, ticket);
        return ticket.Visit is not null;
    }

    private static async Task<DateTimeOffset> PartsAtAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var lines = await work.LinesAsync(ticket.Number, ct);
        return Later(work.Now, lines.Where(l => l.Status is PartLineStatus.Reserved or PartLineStatus.Shipped).Max(l => l.Eta) ?? work.Now);
    }

    private async Task<ILookup<string, Engagement>> BusyAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var others = await work.Db.Tickets.AsNoTracking()
            .Where(t => t.Tenant == ticket.Tenant && t.Number != ticket.Number && t.Visit != null
                && t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled)
            .ToListAsync(ct);
        var engagements = new List<(string Technician, Engagement At)>(others.Count);
        foreach (var other in others) engagements.Add((other.Visit!.Technician, new Engagement(other.Visit.Start, other.Visit.End, await jobs.PlaceAsync(other, ct))));
        return engagements.ToLookup(e => e.Technician, e => e.At, StringComparer.Ordinal);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>A visit that somebody makes already.</summary>
internal sealed record Engagement(DateTimeOffset Start, DateTimeOffset End, GeoPoint? Place);
