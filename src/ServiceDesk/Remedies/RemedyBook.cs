using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>How faults were answered, held-down ones included.</summary>
internal sealed class RemedyBook(Workbench workbench) : IRemedies
{
    private const int MostPerPage = 1000;

    public Task<IReadOnlyList<RemedyRun>> ListAsync(string tenant, string? device, int limit, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RemedyRun>>(async db =>
    {
        var most = Math.Clamp(limit, 1, MostPerPage);
        var runs = await db.RemedyRuns.Where(r => r.Tenant == tenant && (device == null || r.Device == device)).OrderByDescending(r => r.Id).Take(most).ToListAsync(ct);
        var waiting = await db.Cases.Where(c => c.Tenant == tenant && (device == null || c.Device == device) && c.Phase == CasePhase.Watching).ToListAsync(ct);
        return [.. waiting.Select(HeldDown).Concat(runs.Select(r => r.ToRun())).OrderByDescending(r => r.StartedAt).Take(most)];
    }, ct);

    public Task<IReadOnlyList<RemedyRun>> OfAlarmAsync(string tenant, string alarmId, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RemedyRun>>(async db =>
    {
        var runs = await db.RemedyRuns.Where(r => r.Tenant == tenant && r.AlarmId == alarmId).OrderByDescending(r => r.Step).ToListAsync(ct);
        var waiting = await db.Cases.Where(c => c.Tenant == tenant && c.AlarmId == alarmId && c.Phase == CasePhase.Watching).ToListAsync(ct);
        return [.. waiting.Select(HeldDown), .. runs.Select(r => r.ToRun())];
    }, ct);

    private static RemedyRun HeldDown(CaseRow c) => new(
        c.AlarmId, c.Tenant, c.Device, c.Site, c.FaultCode, c.Step, null, null, null, RemedyState.HeldDown, c.OpenedAt, null, null, 0, null);
}
