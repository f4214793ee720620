using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Care.Loop;

public sealed record LoopStage(TicketStatus Status, int Cases);

public sealed record LoopEnd(ClosureClass ClosedAs, int Cases);

/// <summary>A case that is repaired and waits for its closure codes.</summary>
public sealed record LoopCase(string Ticket, string Customer, string Site, Priority Priority, string? Assignee, DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt);

/// <summary>The way of cases from the call to completion, as it stands.</summary>
/// <param name="Entered">Cases opened in the period, by the desk and by people.</param>
/// <param name="Left">Cases that left the loop in the period.</param>
/// <param name="InLoop">Cases that have not left it.</param>
/// <param name="Stages">These by status.</param>
/// <param name="LeftAs">Those that left, by closure class.</param>
/// <param name="Figures">respondMet (intake), arriveMet (on site), resolveMet and nps of the period, from the event log.</param>
/// <param name="WithoutCode">Cases that ended without a closure class: those of a release that did not ask for it.</param>
/// <param name="Head">The end of the event log that the figures rest on.</param>
public sealed record LoopBoard(
    DateTimeOffset From, DateTimeOffset To, int Entered, int Left, int InLoop, IReadOnlyList<LoopStage> Stages, IReadOnlyList<LoopEnd> LeftAs, IReadOnlyList<Kpi> Figures, int WithoutCode,
    IReadOnlyList<LoopCase> AwaitingCode, LogHead Head);

public interface ILoop
{
    Task<LoopBoard> BoardAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}

internal sealed class LoopBook(Workbench workbench, IKpis kpis) : ILoop
{
    private static readonly string[] Shown = ["respondMet", "arriveMet", "resolveMet", "nps"];

    public async Task<LoopBoard> BoardAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var measured = (await kpis.MeasureAsync(tenant, from, to, null, ct)).Value!;   // only an unknown end of the log is refused
        return await workbench.ReadAsync(async db =>
        {
            var tickets = db.Tickets.Where(t => t.Tenant == tenant);
            var within = tickets.Where(t => t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled);
            var stages = await within.GroupBy(t => t.Status).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
            var left = await EventsOf(db, tenant, from, to).Where(e => e.Kind == EventKind.Left).GroupBy(e => e.Detail).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
            var awaiting = await within.Where(t => t.Status == TicketStatus.Resolved && t.Closure == null).OrderBy(t => t.Sequence).ToListAsync(ct);
            return new LoopBoard(
                from, to, await EventsOf(db, tenant, from, to).CountAsync(e => e.Kind == EventKind.TicketOpened || e.Kind == EventKind.TicketByHand, ct), left.Sum(l => l.Count), stages.Sum(s => s.Count),
                [.. stages.OrderBy(s => s.Key).Select(s => new LoopStage(s.Key, s.Count))],
                [.. left.OrderByDescending(l => l.Count).ThenBy(l => l.Key, StringComparer.Ordinal).Select(l => new LoopEnd(Enum.Parse<ClosureClass>(l.Key!), l.Count))],
                [.. Shown.Select(code => measured.Figures.Single(f => f.Code == code))],
                await tickets.CountAsync(t => (t.Status == TicketStatus.Closed || t.Status == TicketStatus.Cancelled) && t.ClosedAs == null, ct),
                awaiting.ConvertAll(t => new LoopCase(t.Number, t.Customer, t.Site, t.Priority, t.Assignee, t.OpenedAt, t.ResolvedAt)), measured.Head);
        }, ct);
    }

    private static IQueryable<EventRow> EventsOf(DeskContext db, string tenant, DateTimeOffset from, DateTimeOffset to) =>
        db.Events.Where(e => e.Tenant == tenant && e.At >= from && e.At < to);
}
