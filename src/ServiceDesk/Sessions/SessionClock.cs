using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>What time alone does to sessions: nobody answered, the time is over, the ticket has ended, a result has come.</summary>
internal sealed class SessionClock(Workbench workbench, SessionCommands commands)
{
    public async Task<DateTimeOffset?> NextDueAsync(DeskContext db, CancellationToken ct) =>
        await WithoutTicket(db).AnyAsync(ct) ? DateTimeOffset.MinValue : new[] { await db.Sessions.MinAsync(s => s.DueAt, ct), await commands.NextDueAsync(db, ct) }.Min();

    public async Task LookAroundAsync(DateTimeOffset now, CancellationToken ct)
    {
        var due = await workbench.ReadAsync(async db => (await WithoutTicket(db).Concat(db.Sessions.Where(s => s.DueAt <= now)).Select(s => new { s.Ticket, s.Number }).Distinct().ToListAsync(ct))
            .OrderBy(s => s.Ticket, StringComparer.Ordinal).ThenBy(s => s.Number), ct);
        foreach (var session in due) await workbench.CommitAsync(now, work => EndAsync(work, session.Ticket, session.Number, ct), ct);
        await commands.LookAroundAsync(now, ct);
    }

    private static async Task<bool> EndAsync(DeskWork work, string number, int session, CancellationToken ct)
    {
        if (await work.Db.Sessions.FindAsync([number, session], ct) is not { State: not SessionState.Ended } row || await work.Db.Tickets.FindAsync([number], ct) is not { } ticket) return false;
        SessionEnding? ending = row switch
        {
            { State: SessionState.Asked } when row.LapsesAt <= work.Now => SessionEnding.Lapsed,
            { State: SessionState.Open } when row.EndsAt <= work.Now => SessionEnding.Expired,
            _ when ticket.Status is TicketStatus.Closed or TicketStatus.Cancelled => SessionEnding.TicketEnded,
            _ => null,
        };
        if (ending is not { } how) return false;
        await work.EndAsync(ticket, row, how, DeskWork.Desk, ct);
        return true;
    }

    /// <summary>What has not ended is due at some time.</summary>
    private static IQueryable<SessionRow> WithoutTicket(DeskContext db) => db.Sessions.Where(s =>
        s.DueAt != null && db.Tickets.Any(t => t.Number == s.Ticket && (t.Status == TicketStatus.Closed || t.Status == TicketStatus.Cancelled)));
}
