using Microsoft.EntityFrameworkCore;
using NodaTime;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Plans;

internal sealed class CarePlanBook(Workbench workbench, DeskSignals signals, IAudit audit, TimeProvider clock) : ICarePlans
{
    public Task<IReadOnlyList<CarePlan>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<CarePlan>>(async db =>
        (await db.CarePlans.Where(p => p.Tenant == tenant).OrderBy(p => p.Id).ToListAsync(ct)).ConvertAll(p => p.ToPlan()), ct);

    public Task<CarePlan?> FindAsync(string tenant, string id, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.CarePlans.FirstOrDefaultAsync(p => p.Tenant == tenant && p.Id == id, ct))?.ToPlan(), ct);

    public async Task<Outcome<CarePlan>> PutAsync(string tenant, string id, CarePlanOrder order, string actor, CancellationToken ct)
    {
        var fault = CarePlanCheck.Of(id, order);
        var put = fault is not null ? fault : await workbench.TryAsync(clock.GetUtcNow(), work => PutAsync(work, tenant, id, order, ct), ct);
        return await ReportAsync(tenant, actor, "care.plan", id, put, ct);
    }

    public async Task<Outcome<CarePlan>> EndAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        var ended = await workbench.TryAsync<CarePlan>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.CarePlans.FindAsync([tenant, id], ct) is not { } row) return Refusal.NotFound("care-plan-unknown", $"there is no care plan '{id}'");
            (row.Ended, row.Next, row.DueAt, row.Version) = (true, null, null, row.Version + 1);
            await WithdrawAsync(work, tenant, id, ct);
            return row.ToPlan();
        }, ct);
        return await ReportAsync(tenant, actor, "care.end", id, ended, ct);
    }

    private static async Task<Outcome<CarePlan>> PutAsync(DeskWork work, string tenant, string id, CarePlanOrder order, CancellationToken ct)
    {
        if (order.Checklist is { } checklist && !await work.Db.Checklists.AnyAsync(c => c.Tenant == tenant && c.Id == checklist, ct)) return Refusal.Invalid("checklist-unknown", $"there is no checklist '{checklist}'; publish it first");
        if (order.Technician is { } technician && await work.Db.Technicians.FindAsync([tenant, technician], ct) is null) return Refusal.Invalid("technician-unknown", $"there is no technician '{technician}'");
        var today = NodaTime.Instant.FromDateTimeOffset(work.Now).InZone(DateTimeZoneProviders.Tzdb[order.Zone]).Date.ToDateOnly();
        var row = await work.Db.CarePlans.FindAsync([tenant, id], ct);
        var isNew = row is null;
        row ??= new CarePlanRow { Tenant = tenant, Id = id, Title = order.Title, Scope = order.Scope, Rule = order.Rule, Zone = order.Zone, Objectives = [], Start = order.Start ?? today };
        (row.Title, row.Scope, row.Per, row.Rule, row.Zone, row.WindowDays) = (order.Title, order.Scope, order.Per, order.Rule, order.Zone, order.WindowDays);
        (row.Start, row.Until, row.At, row.Checklist) = (order.Start ?? row.Start, order.Until, order.At ?? new TimeOnly(9, 0), order.Checklist);
        (row.Objectives, row.Technician, row.Ended, row.Version) = (order.Objectives ?? [], order.Technician, false, row.Version + 1);
        if (isNew) work.Db.CarePlans.Add(row);
        else await WithdrawAsync(work, tenant, id, ct);
        row.MoveOn((row.Start > today ? row.Start : today).AddDays(-1));   // a plan does not look back
        return row.ToPlan();
    }

    /// <summary>What lies ahead and nobody has begun.</summary>
    private static async Task WithdrawAsync(DeskWork work, string tenant, string plan, CancellationToken ct)
    {
        var now = work.Now;
        work.Db.CareVisits.RemoveRange(await work.Db.CareVisits.Where(v => v.Tenant == tenant && v.Plan == plan && v.Status == VisitStatus.Planned && v.From > now).ToListAsync(ct));
    }

    private async Task<Outcome<CarePlan>> ReportAsync(string tenant, string actor, string action, string id, Outcome<CarePlan> done, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"care-plan:{id}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }
}

/// <summary>What a plan must be, in words for whoever enters it.</summary>
internal static class CarePlanCheck
{
    private const int MostObjectives = 20;

    public static Refusal? Of(string id, CarePlanOrder order) => order switch
    {
        _ when !DeviceKey.IsValidName(id) => Refusal.Invalid("id-invalid", $"'{id}' is no id: letters, digits, dots, dashes and underscores"),
        { Title: not { En.Length: > 0 and <= 200, ZhCn.Length: > 0 and <= 200 } } => Refusal.Invalid("title-length", "title: 1 to 200 characters in each language"),
        { Scope: null or { IsEmpty: true } } => Refusal.Invalid("care-scope", "scope: give at least one of device, site, type, customer and tier"),
        { WindowDays: < 1 or > 90 } => Refusal.Invalid("care-window", "windowDays: 1 to 90 days"),
        _ when DateTimeZoneProviders.Tzdb.GetZoneOrNull(order.Zone ?? "") is null => Refusal.Invalid("zone-unknown", $"zone: '{order.Zone}' is not a time zone such as Europe/Berlin"),
        _ when order.Start is { Year: < 2000 or > 2200 } || order.Until is { Year: < 2000 or > 2200 } => Refusal.Invalid("care-days", "start, until: a day between 2000 and 2200"),
        _ when order.Until < order.Start => Refusal.Invalid("care-until", "until: not before start"),
        _ when order.Objectives is { Count: > MostObjectives } => Refusal.Invalid("objectives-many", $"objectives: at most {MostObjectives}"),
        _ when order.Objectives?.Any(o => o is not { Id.Length: > 0 and <= 60, Text: { En.Length: > 0 and <= 500, ZhCn.Length: > 0 and <= 500 } }) == true => Refusal.Invalid("objectives-text", "objectives: each has an id of 1 to 60 characters and a text of 1 to 500 in each language"),
        _ when order.Objectives?.GroupBy(o => o.Id).FirstOrDefault(g => g.Count() > 1) is { } twice => Refusal.Invalid("objectives-twice", $"objectives: '{twice.Key}' is there twice"),
        { Checklist: null, Objectives: null or { Count: 0 } } => Refusal.Invalid("care-purpose", "a visit has a purpose: give a 'checklist' or 'objectives'"),
        _ => Recurrence.Parse(order.Rule).Refusal,
    };
}
