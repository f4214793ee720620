using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Why visits move, as the ticket's timeline tells it.</summary>
internal sealed record Occasion(string En, string Zh);

/// <summary>Something has happened: visits it touches are planned anew within the same piece of work, the others near them only where that helps.</summary>
internal sealed class Replanning(JobBook jobs)
{
    /// <summary>The planner counts in minutes, the desk in seconds: less than this is no move.</summary>
    private static readonly TimeSpan Slight = TimeSpan.FromMinutes(2);

    public static async Task<List<TicketRow>> OpenVisitsAsync(DeskWork work, string tenant, CancellationToken ct)
    {
        await work.Db.Tickets.Where(t => t.Tenant == tenant && t.Visit != null
            && t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled).LoadAsync(ct);
        return [.. work.Db.Tickets.Local.Where(t => t.Tenant == tenant && t.Visit is not null && t.IsOpen).OrderBy(t => t.Sequence)];
    }

    /// <param name="isAffected">The tickets whose visits the event touches.</param>
    /// <param name="also">A ticket that has no visit yet.</param>
    /// <returns>How many visits have moved.</returns>
    public async Task<int> AroundAsync(DeskWork work, string tenant, Func<TicketRow, bool> isAffected, Occasion occasion, string actor, CancellationToken ct, TicketRow? also = null)
    {
        var open = await OpenVisitsAsync(work, tenant, ct);
        var affected = open.Where(isAffected).ToList();
        if (also is not null && !open.Contains(also)) open.Add(also);
        if (affected.Count == 0 && also is null) return 0;
        var problem = await jobs.ProblemAsync(work.Db, tenant, open, work.Now, ct);
        HashSet<string> numbers = [.. affected.Select(t => t.Number), .. also is null ? (IEnumerable<string>)[] : [also.Number]];
        var plan = DispatchPlanner.Replan(problem, numbers, ct);
        Warn(work, problem, affected.FindAll(JobBook.IsPinned), occasion, actor);
        return Apply(work, problem, plan, open, occasion, actor);
    }

    /// <summary>Writes what the plan changes; what is pinned it never does.</summary>
    public static int Apply(DeskWork work, DispatchProblem problem, DispatchPlan plan, IReadOnlyList<TicketRow> tickets, Occasion occasion, string actor)
    {
        var planned = plan.Visits.ToLookup(v => v.Job, StringComparer.Ordinal);
        var left = plan.Unassigned.ToDictionary(u => u.Job, StringComparer.Ordinal);
        var moved = 0;
        foreach (var ticket in tickets.Where(t => !JobBook.IsPinned(t)))
        {
            if (planned[ticket.Number].FirstOrDefault() is { } visit) moved += Move(work, problem, ticket, visit, occasion, actor) ? 1 : 0;
            else if (left.TryGetValue(ticket.Number, out var unassigned) && ticket.Visit is not null)
            {
                TakeAway(work, ticket, unassigned.Reason, occasion, actor);
                moved++;
            }
        }
        return moved;
    }

    /// <returns>Whether the visit is another than before.</returns>
    public static bool IsMove(Visit? before, string technician, DateTimeOffset start) =>
        before is null || before.Technician != technician || (before.Start - start).Duration() >= Slight;

    private static bool Move(DeskWork work, DispatchProblem problem, TicketRow ticket, PlannedVisit visit, Occasion occasion, string actor)
    {
        var (before, start) = (ticket.Visit, problem.At(visit.Start));
        if (!IsMove(before, visit.Worker, start)) return false;
        (ticket.Visit, ticket.Assignee) = (new Visit(visit.Worker, start, problem.At(visit.End), null), visit.Worker);
        if (before is null) work.Note(ticket, "visit-planned", $"{visit.Worker} comes {start:u}", $"{visit.Worker} 将于 {start:u} 到场", actor);
        else
            work.Note(ticket, "visit-replanned", $"{occasion.En}: {visit.Worker} comes {start:u}, not {before.Technician} {before.Start:u}",
                $"{occasion.Zh}：改由 {visit.Worker} 于 {start:u} 到场（原为 {before.Technician} {before.Start:u}）", actor);
        TicketClocks.Schedule(work, ticket);
        return true;
    }

    private static void TakeAway(DeskWork work, TicketRow ticket, UnassignedReason reason, Occasion occasion, string actor)
    {
        var before = ticket.Visit!;
        (ticket.Visit, ticket.Assignee) = (null, null);
        if (ticket.Status is TicketStatus.Scheduled) ticket.MoveTo(TicketStatus.Acknowledged, work.Now);
        var why = ReasonWords.Of(reason);
        work.Note(ticket, "visit-replanned", $"{occasion.En}: {before.Technician} does not come {before.Start:u}; {why.En}", $"{occasion.Zh}：{before.Technician} 不再于 {before.Start:u} 到场；{why.ZhCn}", actor);
        TicketClocks.Schedule(work, ticket);
    }

    /// <summary>A person has fixed it and the event stands against it: told, not moved.</summary>
    private static void Warn(DeskWork work, DispatchProblem problem, List<TicketRow> pinned, Occasion occasion, string actor)
    {
        var workers = problem.Workers.ToDictionary(w => w.Id, StringComparer.Ordinal);
        foreach (var ticket in pinned.Where(t => t.Status is not (TicketStatus.EnRoute or TicketStatus.OnSite)))
        {
            var job = problem.Jobs.First(j => j.Id == ticket.Number);
            var (start, end) = (job.Current!.Start, job.Current.Start + job.Minutes);
            if (workers.TryGetValue(ticket.Visit!.Technician, out var worker) && start >= job.Earliest && Qualification.May(worker, job, problem.Now) && !worker.Absences.Any(a => a.Begin < end && a.End > start)) continue;
            work.Note(ticket, "visit-conflict", $"{occasion.En}: the confirmed visit of {ticket.Visit!.Technician} {ticket.Visit.Start:u} needs a person's decision",
                $"{occasion.Zh}：{ticket.Visit.Technician} 已确认的 {ticket.Visit.Start:u} 到访需人工决定", actor);
        }
    }
}
