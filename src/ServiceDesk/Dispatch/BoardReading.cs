using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>What the board and a proposal show.</summary>
internal sealed class BoardReading(JobBook jobs, DateTimeOffset now)
{
    /// <summary>Open tickets that have a visit or want one; those that wait for a part that no depot has are not planned.</summary>
    public static async Task<List<TicketRow>> VisitsAsync(DeskContext db, string tenant, CancellationToken ct) => await db.Tickets
        .Where(t => t.Tenant == tenant && t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled
            && (t.Visit != null || (t.NeedsVisit && (t.Status == TicketStatus.New || t.Status == TicketStatus.Acknowledged)
                && !db.PartLines.Any(l => l.Ticket == t.Number && l.Status == PartLineStatus.Unavailable)
                && !db.Quotes.Any(q => q.Ticket == t.Number && q.HoldsVisit))))
        .OrderBy(t => t.Sequence).ToListAsync(ct);

    public async Task<DispatchBoard> ReadAsync(DeskContext db, string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var tickets = await VisitsAsync(db, tenant, ct);
        var problem = await jobs.ProblemAsync(db, tenant, tickets, now, ct);
        var places = problem.Jobs.ToDictionary(j => j.Id, StringComparer.Ordinal);
        var workers = problem.Workers.ToDictionary(w => w.Id, StringComparer.Ordinal);
        var visits = tickets.Where(t => t.Visit is { } v && v.End > from && v.Start < to).ToLookup(t => t.Visit!.Technician, StringComparer.Ordinal);
        var technicians = (await db.Technicians.Where(t => t.Tenant == tenant).OrderBy(t => t.Id).ToListAsync(ct)).ConvertAll(t => t.ToTechnician());
        var rows = technicians.ConvertAll(t => new BoardRow(t, IsAvailable(workers[t.Id], from, to, problem), VisitsOf([.. visits[t.Id]], workers[t.Id], places, problem)));
        var waiting = tickets.Where(t => t.Visit is null).OrderBy(t => t.Priority).ThenBy(t => t.ArriveBy).ThenBy(t => t.Sequence)
            .Select(t => new WaitingVisit(t.Number, t.Site, t.Priority, t.Skill, t.ArriveBy, ReasonWords.Of(PlanReport.ReasonOf(places[t.Number], problem)))).ToList();
        return new DispatchBoard(from, to, rows, waiting, DispatchPlanner.HasSolver);
    }

    public static DispatchProposal ProposalOf(DispatchProblem problem, DispatchPlan plan, List<TicketRow> tickets)
    {
        var planned = plan.Visits.ToLookup(v => v.Job, StringComparer.Ordinal);
        var left = plan.Unassigned.ToDictionary(u => u.Job, u => u.Reason, StringComparer.Ordinal);
        var changes = new List<DispatchChange>();
        foreach (var ticket in tickets.Where(t => !JobBook.IsPinned(t)))
        {
            if (planned[ticket.Number].FirstOrDefault() is { } visit)
            {
                if (Replanning.IsMove(ticket.Visit, visit.Worker, problem.At(visit.Start)))
                    changes.Add(new DispatchChange(ticket.Number, ticket.Site, ticket.Visit, new Visit(visit.Worker, problem.At(visit.Start), problem.At(visit.End), null), null));
            }
            else if (ticket.Visit is not null && left.TryGetValue(ticket.Number, out var reason))
                changes.Add(new DispatchChange(ticket.Number, ticket.Site, ticket.Visit, null, ReasonWords.Of(reason)));
        }
        // Of who goes where, not of the minute: looking at it for a minute must not make it another plan.
        var words = changes.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Ticket}>{c.After?.Technician}"));
        return new DispatchProposal(StableHash.Id("plan", [.. words]), changes, plan.Figures, plan.Solver);
    }

    private static bool IsAvailable(Worker worker, DateTimeOffset from, DateTimeOffset to, DispatchProblem problem)
    {
        var (begin, end) = ((int)(from - problem.Origin).TotalMinutes, (int)(to - problem.Origin).TotalMinutes);
        return !worker.Suspended && worker.ValidUntil > problem.Now && worker.Shifts.Any(s => s.End > begin && s.Begin < end && !worker.Absences.Any(a => a.Begin <= Math.Max(begin, s.Begin) && a.End >= Math.Min(end, s.End)));
    }

    private static List<BoardVisit> VisitsOf(List<TicketRow> tickets, Worker worker, Dictionary<string, Job> jobs, DispatchProblem problem)
    {
        var found = new List<BoardVisit>();
        var place = (Fleet.Registry.GeoPoint?)worker.Home;
        foreach (var ticket in tickets.OrderBy(t => t.Visit!.Start).ThenBy(t => t.Sequence))
        {
            var (job, visit) = (jobs[ticket.Number], ticket.Visit!);
            found.Add(new BoardVisit(ticket.Number, ticket.Site, ticket.Priority, ticket.Status, visit.Start, visit.End, Travel.Minutes(place, job.Place), job.Pinned, visit.Start > problem.At(job.DueStart + 1), ticket.Skill));
            place = job.Place;
        }
        return found;
    }
}

/// <summary>Who could make a visit, the best first: in time counts twice what spares on the van count.</summary>
internal sealed class CandidateReading(JobBook jobs, DateTimeOffset now)
{
    private const int Most = 20;
    private const double InTime = 20;
    private const double SparesOnVan = 10;

    public async Task<IReadOnlyList<VisitCandidate>> ReadAsync(DeskContext db, TicketRow ticket, CancellationToken ct)
    {
        var tickets = (await BoardReading.VisitsAsync(db, ticket.Tenant, ct)).FindAll(t => t.Number != ticket.Number && t.Visit is not null);
        var problem = await jobs.ProblemAsync(db, ticket.Tenant, [.. tickets, ticket], now, ct);
        var job = problem.Jobs[^1] with { Current = null, Pinned = false };
        var state = new PlanState(problem with { Jobs = [.. problem.Jobs.SkipLast(1)] });
        state.SeatCurrent();
        var vans = (await db.Technicians.Where(t => t.Tenant == ticket.Tenant).ToListAsync(ct)).ToDictionary(t => t.Id, t => t.Profile?.Van, StringComparer.Ordinal);
        var needs = await db.PartLines.Where(l => l.Ticket == ticket.Number).ToListAsync(ct);
        var budget = Math.Max(60, job.DueStart);
        return [.. problem.Workers.Where(w => Qualification.May(w, job, problem.Now))
            .Select(w => (Worker: w, Best: state.RoutesOf(w).Select(r => Insertion.BestIn(r, job)).OfType<Insertion.Choice>().MinBy(c => StartIn(c, job))))
            .Where(c => c.Best is not null)
            .Select(c => (c.Worker, Start: StartIn(c.Best!, job)))
            .Select(c => new VisitCandidate(c.Worker.Id, problem.At(c.Start), Travel.Minutes(c.Worker.Home, job.Place),
                Math.Round(WeightedScore.Of(new Criterion(InTime, (double)c.Start / (2 * budget), LessIsBetter: true), new Criterion(SparesOnVan, OnVan(vans.GetValueOrDefault(c.Worker.Id), needs))), 4)))
            .OrderByDescending(c => c.Score).ThenBy(c => c.Start).ThenBy(c => c.Technician, StringComparer.Ordinal).Take(Most)];
    }

    private static int StartIn(Insertion.Choice choice, Job job) => choice.Timing.Starts[choice.Order.IndexOf(job)];

    private static double OnVan(IReadOnlyDictionary<string, int>? van, List<PartLineRow> needs) =>
        needs.Count == 0 ? 1 : needs.Average(n => Math.Min(1.0, (double)(van?.GetValueOrDefault(n.Sku) ?? 0) / Math.Max(1, n.Quantity)));
}
