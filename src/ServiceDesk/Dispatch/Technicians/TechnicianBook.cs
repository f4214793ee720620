using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

internal sealed class TechnicianBook(Workbench workbench, Replanning replanning, DeskSignals signals, IAudit audit, TimeProvider clock) : ITechnicians
{
    public Task<IReadOnlyList<Technician>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Technician>>(async db =>
        (await db.Technicians.Where(t => t.Tenant == tenant).OrderBy(t => t.Id).ToListAsync(ct)).ConvertAll(t => t.ToTechnician()), ct);

    public Task<Technician?> FindAsync(string tenant, string id, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.Technicians.FirstOrDefaultAsync(t => t.Tenant == tenant && t.Id == id, ct))?.ToTechnician(), ct);

    public Task<IReadOnlyList<Partner>> PartnersAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Partner>>(async db =>
        (await db.Partners.Where(p => p.Tenant == tenant).OrderBy(p => p.Id).ToListAsync(ct)).ConvertAll(p => p.ToPartner()), ct);

    public Task<Outcome<Technician>> PutAsync(string tenant, Technician technician, string actor, CancellationToken ct) =>
        ChangeAsync<Technician>(tenant, "technician.put", technician.Id, actor, async work =>
        {
            if (TechnicianChecks.Of(technician, await work.Db.Partners.Where(p => p.Tenant == tenant).Select(p => p.Id).ToListAsync(ct)) is { } refusal) return refusal;
            var row = await work.Db.Technicians.FindAsync([tenant, technician.Id], ct);
            if (row is null) work.Db.Technicians.Add(row = new TechnicianRow { Tenant = tenant, Id = technician.Id, Skills = [] });
            row.Take(technician with { Profile = technician.Profile with { Absences = row.Profile?.Absences } });
            await ReplanAsync(work, tenant, [technician.Id], new Occasion($"{technician.Id} is changed", $"{technician.Id} 的资料已变更"), actor, ct);
            return row.ToTechnician();
        }, ct);

    public Task<Outcome<Technician>> RemoveAsync(string tenant, string id, string actor, CancellationToken ct) =>
        ChangeAsync<Technician>(tenant, "technician.remove", id, actor, async work =>
        {
            if (await work.Db.Technicians.FindAsync([tenant, id], ct) is not { } row) return Refusal.NotFound($"there is no technician {id}");
            if ((await Replanning.OpenVisitsAsync(work, tenant, ct)).FirstOrDefault(t => t.Visit!.Technician == id && JobBook.IsPinned(t)) is { } pinned)
                return Refusal.Because($"{id} has a visit that is under way or confirmed: {pinned.Number}; give it to somebody else first");
            work.Db.Technicians.Remove(row);
            await ReplanAsync(work, tenant, [id], new Occasion($"{id} has left", $"{id} 已离职"), actor, ct);
            return row.ToTechnician();
        }, ct);

    public Task<Outcome<Technician>> AddAbsenceAsync(string tenant, string id, Absence absence, string actor, CancellationToken ct) =>
        ChangeAsync<Technician>(tenant, "technician.absence", id, actor, async work =>
        {
            if (TechnicianChecks.Of(absence) is { } refusal) return refusal;
            if (await work.Db.Technicians.FindAsync([tenant, id], ct) is not { } row) return Refusal.NotFound($"there is no technician {id}");
            var profile = row.Profile ?? TechnicianProfile.Plain;
            if ((profile.Absences ?? []).Contains(absence)) return row.ToTechnician();   // said twice is once
            row.Profile = profile with { Absences = [.. (profile.Absences ?? []).Where(a => a.To > work.Now.AddDays(-31)), absence] };
            await ReplanAsync(work, tenant, [id], new Occasion($"{id} is absent from {absence.From:u} to {absence.To:u}", $"{id} 自 {absence.From:u} 至 {absence.To:u} 缺勤"), actor, ct);
            return row.ToTechnician();
        }, ct);

    public Task<Outcome<Partner>> PutPartnerAsync(string tenant, Partner partner, string actor, CancellationToken ct) =>
        ChangeAsync<Partner>(tenant, partner.Suspended ? "partner.suspend" : "partner.put", partner.Id, actor, async work =>
        {
            if (TechnicianChecks.Of(partner) is { } refusal) return refusal;
            var row = await work.Db.Partners.FindAsync([tenant, partner.Id], ct);
            if (row is null) work.Db.Partners.Add(row = new PartnerRow { Tenant = tenant, Id = partner.Id, Name = "", Cities = [] });
            var occasion = partner.Suspended && !row.Suspended ? new Occasion($"partner {partner.Id} is suspended: {partner.Reason}", $"合作方 {partner.Id} 已停派：{partner.Reason}")
                : new Occasion($"partner {partner.Id} is changed", $"合作方 {partner.Id} 已变更");
            (row.Name, row.Cities, row.Suspended, row.Reason) = (partner.Name, partner.Cities, partner.Suspended, partner.Suspended ? partner.Reason : null);
            var members = (await work.Db.Technicians.Where(t => t.Tenant == tenant).ToListAsync(ct)).Where(t => t.Profile?.Partner == partner.Id).Select(t => t.Id);
            await ReplanAsync(work, tenant, [.. members], occasion, actor, ct);
            return row.ToPartner();
        }, ct);

    private Task ReplanAsync(DeskWork work, string tenant, HashSet<string> technicians, Occasion occasion, string actor, CancellationToken ct) =>
        replanning.AroundAsync(work, tenant, t => t.Visit is { } visit && technicians.Contains(visit.Technician), occasion, actor, ct);

    private async Task<Outcome<T>> ChangeAsync<T>(string tenant, string action, string id, string actor, Func<DeskWork, Task<Outcome<T>>> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), change, ct);
        await audit.RecordAsync(tenant, actor, action, id, null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }
}
