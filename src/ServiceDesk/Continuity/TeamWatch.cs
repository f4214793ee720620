using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Continuity;

/// <summary>Notices that a team is silent, and has its tickets taken over in the same transaction.</summary>
internal sealed class TeamWatch(Workbench workbench, TimeProvider clock)
{
    /// <summary>While the platform itself was down it could hear nobody: silence counts from its start.</summary>
    private readonly DateTimeOffset _listeningSince = clock.GetUtcNow();

    public static Task<DateTimeOffset?> NextDueAsync(DeskContext db, CancellationToken ct) => db.Teams.MinAsync(t => t.DueAt, ct);

    public async Task LookAroundAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var tenant in await workbench.ReadAsync(db => db.Teams.Where(t => t.DueAt <= now).Select(t => t.Tenant).Distinct().OrderBy(t => t).ToListAsync(ct), ct))
            await workbench.CommitAsync(now, work => LookAsync(work, tenant, ct), ct);
    }

    /// <summary>All that are silent go down before anything is put through: nothing goes to a team that falls in the same moment.</summary>
    private async Task<bool> LookAsync(DeskWork work, string tenant, CancellationToken ct)
    {
        var teams = await Switchboard.TeamsAsync(work, tenant, ct);
        foreach (var team in teams.Where(t => t.DueAt <= work.Now))
        {
            var heard = team.BeatAt > _listeningSince ? team.BeatAt : _listeningSince;
            if (heard + team.Limit > work.Now) team.DueAt = heard + team.Limit;
            else TakeDown(work, team);
        }
        await Switchboard.RouteAllAsync(work, tenant, teams, ct);
        return true;
    }

    private static void TakeDown(DeskWork work, TeamRow team)
    {
        team.GoDown(work.Now);
        work.Record(EventKind.TeamDown, KeyOf(team, work.Now), team.Tenant, "", null, null, (work.Now - team.BeatAt).TotalSeconds, team.Id);
    }

    internal static void BringBack(DeskWork work, TeamRow team)
    {
        if (team.DownSince is { } since) work.Record(EventKind.TeamBack, KeyOf(team, since), team.Tenant, "", null, null, (work.Now - since).TotalMinutes, team.Id);
        team.Hear(work.Now);
    }

    private static string KeyOf(TeamRow team, DateTimeOffset downSince) => $"{team.Tenant}:{team.Id}:{downSince.ToUnixTimeMilliseconds()}";
}
