using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Continuity;

/// <summary>Puts tickets through to the team that is there. Nothing else of a ticket changes: its clocks and its place in the queue stay.</summary>
internal static class Switchboard
{
    /// <summary>A ticket that has just been opened.</summary>
    public static async Task RouteAsync(DeskWork work, TicketRow ticket, CancellationToken ct) => Route(work, await TeamsAsync(work, ticket.Tenant, ct), [ticket]);

    /// <summary>All tickets that have not ended; what is repaired may be taken back.</summary>
    /// <param name="teams">As this piece of work leaves them.</param>
    public static async Task RouteAllAsync(DeskWork work, string tenant, IReadOnlyList<TeamRow> teams, CancellationToken ct) =>
        Route(work, teams, await work.Db.Tickets.Where(t => t.Tenant == tenant && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled).OrderBy(t => t.Sequence).ToListAsync(ct));

    public static Task<List<TeamRow>> TeamsAsync(DeskWork work, string tenant, CancellationToken ct) => work.Db.Teams.Where(t => t.Tenant == tenant).OrderBy(t => t.Ordinal).ToListAsync(ct);

    private static void Route(DeskWork work, IReadOnlyList<TeamRow> teams, IEnumerable<TicketRow> tickets)
    {
        var routing = new Routing([.. teams.Select(t => (t.Team, t.IsUp))]);
        foreach (var ticket in tickets.Where(t => !MysteryDevice.Is(t.Site, t.Device)))
        {
            var (from, to) = (ticket.Team, routing.TeamOf(ticket.Site, ticket.Team, IsBegun(ticket)));
            if (from == to) continue;
            ticket.Team = to;
            ticket.Touch(work.Now);
            var home = routing.HomeOf(ticket.Site)?.Id;
            if (to is not null && (from ?? home) != to) Tell(work, ticket, from ?? home!, to, teams);
        }
    }

    /// <summary>By a person; what the desk itself proposes for a visit is nobody's work yet.</summary>
    private static bool IsBegun(TicketRow ticket) => ticket.Status is not TicketStatus.New || ticket.Visit is { Confirmed: true } || ticket is { Visit: null, Assignee: not null };

    private static void Tell(DeskWork work, TicketRow ticket, string from, string to, IReadOnlyList<TeamRow> teams)
    {
        var silent = teams.FirstOrDefault(t => t.Id == from && !t.IsUp);
        if (silent is not null) work.Note(ticket, "rerouted", $"{from} is down: {to} takes over", $"{from} 中断：由 {to} 接手");
        else work.Note(ticket, "rerouted", $"now with {to}, before with {from}", $"由 {from} 转至 {to}");
        work.Record(EventKind.Rerouted, $"{ticket.Version}", ticket, silent is null ? 0 : (work.Now - silent.BeatAt).TotalSeconds, $"{from}>{to}");
    }
}
