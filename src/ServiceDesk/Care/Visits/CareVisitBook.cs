using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Visits;

internal sealed class CareVisitBook(
    Workbench workbench, TelemetrySnapshot snapshots, TicketOpening opening, Network network, IOptions<ServiceDeskOptions> options, DeskSignals signals, IAudit audit, TimeProvider clock) : ICareVisits
{
    private const int MostPerPage = 1001;
    private const int MostText = 4000;

    public Task<CareVisit?> FindAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
        await db.CareVisits.FirstOrDefaultAsync(v => v.Tenant == tenant && v.Number == number, ct) is { } row ? (await VisitsOfAsync(db, tenant, [row], ct))[0] : null, ct);

    public Task<IReadOnlyList<CareVisit>> ListAsync(VisitFilter filter, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var rows = db.CareVisits.Where(v => v.Tenant == filter.Tenant);
        if (filter.Status is { } status) rows = rows.Where(v => v.Status == status);
        if (filter.OpenOnly) rows = rows.Where(v => v.Status == VisitStatus.Planned || v.Status == VisitStatus.Missed);
        if (filter.Plan is { } plan) rows = rows.Where(v => v.Plan == plan);
        if (filter.Site is { } site) rows = rows.Where(v => v.Site == site);
        if (filter.Device is { } device) rows = rows.Where(v => v.Device == device);
        if (filter.Customer is { } customer) rows = rows.Where(v => v.Customer == customer);
        if (filter.After is { } after) rows = rows.Where(v => v.Sequence < db.CareVisits.Where(a => a.Number == after).Select(a => a.Sequence).FirstOrDefault());
        return await VisitsOfAsync(db, filter.Tenant, await rows.OrderByDescending(v => v.Sequence).Take(Math.Clamp(filter.Limit, 1, MostPerPage)).ToListAsync(ct), ct);
    }, ct);

    public async Task<Outcome<CareVisit>> CompleteAsync(string tenant, string number, VisitReport report, string actor, CancellationToken ct)
    {
        if (report.Note is { Length: > MostText }) return Refusal.Invalid("note-too-long", $"note: at most {MostText} characters");
        if (await FindAsync(tenant, number, ct) is not { } visit) return Unknown(number);
        var now = clock.GetUtcNow();
        var (answers, outcomes) = (report.Answers ?? new Dictionary<string, ItemAnswer>(), report.Outcomes ?? []);
        if (Answers.Check(visit.Items, answers) is { } wrong) return wrong;
        if (Check(visit, outcomes) is { } unfit) return unfit;
        await network.EnsureAsync(tenant, now, ct);
        var snapshot = await snapshots.OfAsync(tenant, visit.Device, visit.Site, ct);
        var done = await workbench.TryAsync<CareVisitRow>(now, async work =>
        {
            if (await OpenAsync(work, number, ct) is var open && !open.Succeeded) return open;
            var row = open.Value!;
            (row.Status, row.Answers, row.Outcomes, row.Snapshot) = (VisitStatus.Done, answers, outcomes, snapshot);
            (row.Findings, row.Note, row.DoneBy, row.DoneAt, row.DueAt) = (Answers.Findings(visit.Items, answers), report.Note?.Trim(), actor, work.Now, null);
            CareClock.Count(work, row, inTime: work.Now <= row.Until);
            foreach (var outcome in outcomes)
                work.Record(EventKind.CareObjective, $"{number}:{outcome.Objective}", tenant, row.Site, row.Device, null, outcome.Result is ObjectiveResult.Reached ? 1 : 0, row.Plan);
            return row.Findings.Count == 0 ? row : await OpenTicketAsync(work, row, actor, ct);
        }, ct);
        return await ReportAsync(tenant, actor, "care.complete", number, done, ct);
    }

    public async Task<Outcome<CareVisit>> SkipAsync(string tenant, string number, string reason, string actor, CancellationToken ct)
    {
        if (reason.Trim() is not { Length: > 0 and <= MostText } why) return Refusal.Invalid("care-skip-reason", $"reason: why the visit will not take place, 1 to {MostText} characters");
        if (await FindAsync(tenant, number, ct) is null) return Unknown(number);
        var done = await workbench.TryAsync<CareVisitRow>(clock.GetUtcNow(), async work =>
        {
            if (await OpenAsync(work, number, ct) is var open && !open.Succeeded) return open;
            var row = open.Value!;
            (row.Status, row.Note, row.DoneBy, row.DoneAt) = (VisitStatus.Skipped, why, actor, work.Now);
            CareClock.Count(work, row, inTime: false);
            if (row.EscalationLevel == 0) CareClock.Climb(work, row, options.Value.EscalationLadder);
            row.DueAt = null;
            return row;
        }, ct);
        return await ReportAsync(tenant, actor, "care.skip", number, done, ct);
    }

    public Task<IReadOnlyList<Adherence>> AdherenceAsync(string tenant, AdherenceDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => workbench.ReadAsync(async db =>
        AdherenceTable.Of(await db.CareVisits.Where(v => v.Tenant == tenant && v.CountedAt >= from && v.CountedAt < to).OrderBy(v => v.Sequence).ToListAsync(ct), by), ct);

    private static async Task<Outcome<CareVisitRow>> OpenAsync(DeskWork work, string number, CancellationToken ct)
    {
        var row = (await work.Db.CareVisits.FindAsync([number], ct))!;   // was found, and is never removed once its time has come
        if (row is null) return Unknown(number);
        row.Version++;
        return row.Status is VisitStatus.Planned or VisitStatus.Missed ? row : Refusal.Because("care-reported", $"{number} is {(row.Status is VisitStatus.Done ? "done" : "skipped")}; it was reported by {row.DoneBy}");
    }

    /// <summary>One ticket for a visit, as urgent as the worst that was found.</summary>
    private async Task<Outcome<CareVisitRow>> OpenTicketAsync(DeskWork work, CareVisitRow visit, string actor, CancellationToken ct)
    {
        var title = new LocalizedText($"{visit.Title.En}: {visit.Findings[0].Text.En}{More(visit)}", $"{visit.Title.ZhCn}：{visit.Findings[0].Text.ZhCn}{More(visit)}");
        var note = string.Join('\n', visit.Findings.Select(f => f.Text.En));
        var opened = await opening.ByHandAsync(work, new NewTicket(visit.Tenant, visit.Device, visit.Site, visit.Findings.Min(f => f.Priority), title, null, $"{visit.Number}\n{note}"), actor, ct);
        if (!opened.Succeeded) return opened.Refusal;
        visit.Ticket = opened.Value.Number;
        return visit;
    }

    private static string More(CareVisitRow visit) => visit.Findings.Count == 1 ? "" : $" (+{visit.Findings.Count - 1})";

    private static Refusal? Check(CareVisit visit, IReadOnlyList<ObjectiveOutcome> outcomes)
    {
        var names = visit.Objectives.Select(o => o.Id).ToList();
        if (outcomes.Select(o => o.Objective).Except(names).FirstOrDefault() is { } unknown) return Refusal.Invalid("objective-unknown", $"'{unknown}' is no objective of this visit");
        var missing = names.Except(outcomes.Select(o => o.Objective)).ToList();
        if (missing.Count > 0) return Refusal.Invalid("objective-missing", $"outcomes: say of each objective whether it was reached, partly or notReached; missing: {string.Join(", ", missing)}");
        return outcomes.Count > names.Count ? Refusal.Invalid("objective-twice", "outcomes: one for each objective") : null;
    }

    private static async Task<IReadOnlyList<CareVisit>> VisitsOfAsync(DeskContext db, string tenant, IReadOnlyList<CareVisitRow> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.Checklist).OfType<string>().Distinct().ToList();
        var lists = (await db.Checklists.Where(c => c.Tenant == tenant && ids.Contains(c.Id)).ToListAsync(ct)).ToDictionary(c => (c.Id, c.Version), c => c.Items);
        return [.. rows.Select(r => r.ToVisit(r.Checklist is { } id && lists.TryGetValue((id, r.ChecklistVersion ?? 0), out var items) ? items : []))];
    }

    private async Task<Outcome<CareVisit>> ReportAsync(string tenant, string actor, string action, string number, Outcome<CareVisitRow> done, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"care-visit:{number}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return await FindAsync(tenant, number, ct) is { } visit ? visit : Unknown(number);
    }

    private static Refusal Unknown(string number) => Refusal.NotFound("care-visit-unknown", $"there is no visit {number}");
}
