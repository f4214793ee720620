using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>How faults were answered, held-down ones included.</summary>
internal sealed class RemedyBook(Workbench workbench) : IRemedies
{
    public Task<IReadOnlyList<RemedyRun>> ListAsync(string tenant, string? device, long? before, int limit, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RemedyRun>>(async db =>
    {
        var waiting = before is null ? await db.Cases.Where(c => c.Tenant == tenant && (device == null || c.Device == device) && c.Phase == CasePhase.Watching).ToListAsync(ct) : [];
        var runs = await db.RemedyRuns
            .Where(r => r.Tenant == tenant && (device == null || r.Device == device) && (before == null || r.Id < before))
            .OrderByDescending(r => r.Id).Take(limit).ToListAsync(ct);
        return [.. waiting.Select(HeldDown).OrderByDescending(r => r.StartedAt).Concat(runs.Select(r => r.ToRun())).Take(limit)];
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
