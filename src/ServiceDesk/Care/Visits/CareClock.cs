using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Care.Visits;

/// <summary>What the desk does about care by itself: plans visits, escalates those that were missed, and sends tips.</summary>
internal sealed class CareClock(Workbench workbench, CarePlanning planning, TipClock tips, IOptions<ServiceDeskOptions> options)
{
    private static readonly TimeSpan NextRungAfter = TimeSpan.FromDays(1);

    public static async Task<DateTimeOffset?> NextDueAsync(DeskContext db, CancellationToken ct) =>
        new[] { await db.CarePlans.MinAsync(p => p.DueAt, ct), await db.CareVisits.MinAsync(v => v.DueAt, ct), await TipClock.NextDueAsync(db, ct) }.Min();

    public async Task LookAroundAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var plan in await workbench.ReadAsync(db => db.CarePlans.Where(p => p.DueAt <= now).OrderBy(p => p.Tenant).ThenBy(p => p.Id).Select(p => new { p.Tenant, p.Id }).ToListAsync(ct), ct))
            await workbench.CommitAsync(now, work => PlanAsync(work, plan.Tenant, plan.Id, ct), ct);
        foreach (var number in await workbench.ReadAsync(db => db.CareVisits.Where(v => v.DueAt <= now).OrderBy(v => v.DueAt).ThenBy(v => v.Sequence).Select(v => v.Number).ToListAsync(ct), ct))
            await workbench.CommitAsync(now, work => MissAsync(work, number, ct), ct);
        await tips.LookAroundAsync(now, ct);
    }

    private async Task<bool> PlanAsync(DeskWork work, string tenant, string id, CancellationToken ct)
    {
        if (await work.Db.CarePlans.FindAsync([tenant, id], ct) is not { } plan || !(plan.DueAt <= work.Now)) return false;
        await planning.PlanAsync(work, plan, ct);
        return true;
    }

    /// <summary>Climbs the ladder once its window is over, and one rung further each day until it is done.</summary>
    private async Task<bool> MissAsync(DeskWork work, string number, CancellationToken ct)
    {
        if (await work.Db.CareVisits.FindAsync([number], ct) is not { } visit || !(visit.DueAt <= work.Now)) return false;
        if (visit.Status is VisitStatus.Planned)
        {
            visit.Status = VisitStatus.Missed;
            Count(work, visit, inTime: false);
        }
        Climb(work, visit, options.Value.EscalationLadder);
        visit.Version++;
        return true;
    }

    /// <summary>Whether it was in time, once.</summary>
    public static void Count(DeskWork work, CareVisitRow visit, bool inTime)
    {
        if (visit.InTime is not null) return;
        (visit.InTime, visit.CountedAt) = (inTime, work.Now);
        work.Record(EventKind.CareVisit, visit.Number, visit.Tenant, visit.Site, visit.Device, null, inTime ? 1 : 0, visit.Plan, visit.Technician);
    }

    public static void Climb(DeskWork work, CareVisitRow visit, IReadOnlyList<string> ladder)
    {
        work.Record(EventKind.Escalated, $"{visit.Number}:{visit.EscalationLevel}", visit.Tenant, visit.Site, visit.Device, null, visit.EscalationLevel + 1, ladder[visit.EscalationLevel]);
        work.Notices.Add(CareNotice.Of(visit, ladder[visit.EscalationLevel]));
        visit.EscalationLevel++;
        visit.DueAt = visit.Status is VisitStatus.Missed && visit.EscalationLevel < ladder.Count ? work.Now + NextRungAfter : null;
    }
}
