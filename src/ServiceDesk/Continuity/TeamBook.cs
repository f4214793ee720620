using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Continuity;

internal sealed class TeamBook(Workbench workbench, DeskSignals signals, IAudit audit, TimeProvider clock) : ITeams
{
    public Task<IReadOnlyList<TeamState>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<TeamState>>(async db =>
    {
        var open = await db.Tickets
            .Where(t => t.Tenant == tenant && t.Team != null && t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled)
            .GroupBy(t => t.Team!).Select(g => new { Team = g.Key, Tickets = g.Count() }).ToDictionaryAsync(g => g.Team, g => g.Tickets, ct);
        return (await db.Teams.Where(t => t.Tenant == tenant).OrderBy(t => t.Ordinal).ToListAsync(ct)).ConvertAll(t => new TeamState(t.Team, t.IsUp, t.BeatAt, t.DownSince, open.GetValueOrDefault(t.Id)));
    }, ct);

    public async Task<Outcome<IReadOnlyList<TeamState>>> PutAsync(string tenant, IReadOnlyList<Team> teams, string actor, CancellationToken ct)
    {
        var put = await workbench.TryAsync<int>(clock.GetUtcNow(), async work =>
        {
            if (TeamChecks.Of(teams, await work.Db.Partners.Where(p => p.Tenant == tenant).Select(p => p.Id).ToListAsync(ct)) is { } refusal) return refusal;
            await Switchboard.RouteAllAsync(work, tenant, Replace(work, tenant, teams, await Switchboard.TeamsAsync(work, tenant, ct)), ct);
            return teams.Count;
        }, ct);
        await audit.RecordAsync(tenant, actor, "teams.put", "teams", null, put.Refusal?.Code ?? "ok", put.Refusal?.Reason ?? string.Join(' ', teams.Select(t => t.Id)), ct);
        if (!put.Succeeded) return put.Refusal;
        signals.Touch();
        return (await ListAsync(tenant, ct)).ToList();
    }

    public async Task<Outcome<TeamState>> BeatAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        var wasDown = false;
        var heard = await workbench.TryAsync<TeamRow>(clock.GetUtcNow(), async work =>
        {
            var teams = await Switchboard.TeamsAsync(work, tenant, ct);
            if (teams.Find(t => t.Id == id) is not { } team) return Refusal.NotFound($"there is no team '{id}'; put the teams first (PUT /api/v1/teams)");
            wasDown = !team.IsUp;
            TeamWatch.BringBack(work, team);
            if (wasDown) await Switchboard.RouteAllAsync(work, tenant, teams, ct);
            return team;
        }, ct);
        if (!heard.Succeeded) return heard.Refusal;
        if (wasDown)
        {
            await audit.RecordAsync(tenant, actor, "team.back", $"team:{id}", null, "ok", null, ct);
            signals.Touch();
        }
        return (await ListAsync(tenant, ct)).First(t => t.Team.Id == id);
    }

    private static List<TeamRow> Replace(DeskWork work, string tenant, IReadOnlyList<Team> teams, List<TeamRow> before)
    {
        work.Db.Teams.RemoveRange(before.Where(b => teams.All(t => t.Id != b.Id)));
        return [.. teams.Select((team, at) => Placed(work, tenant, team, at, before.Find(b => b.Id == team.Id)))];
    }

    private static TeamRow Placed(DeskWork work, string tenant, Team team, int at, TeamRow? row)
    {
        if (row is null)
        {
            row = new TeamRow { Tenant = tenant, Id = team.Id, Team = team, BeatAt = work.Now };
            work.Db.Teams.Add(row);
        }
        (row.Ordinal, row.Team) = (at, team);
        row.DueAt = row.IsUp ? row.BeatAt + row.Limit : null;
        row.Version++;
        return row;
    }
}
