using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Guidance;

internal sealed class GuidanceBook(Workbench workbench, IPacks packs, IDeviceRegistry devices, DeskSignals signals, IAudit audit, TimeProvider clock) : IGuidance
{
    private const int MostNote = 2000;

    public async Task<Outcome<GuidedDiagnosis>> AtAsync(string tenant, string ticket, CancellationToken ct) => await workbench.ReadAsync<Outcome<GuidedDiagnosis>>(async db =>
    {
        if (await db.Tickets.FirstOrDefaultAsync(t => t.Number == ticket && t.Tenant == tenant, ct) is not { } row) return Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}");
        if (await CourseAsync(db, row, ct) is not { } course) return Unguided(row);
        return await WithArticleAsync(db, tenant, course.Tell(), ct);
    }, ct);

    public Task<Outcome<GuidedDiagnosis>> SeeAsync(string tenant, string ticket, IReadOnlyList<string> present, IReadOnlyList<string> absent, string actor, CancellationToken ct) =>
        StepAsync(tenant, ticket, "guidance.see", actor, (work, row, course) =>
        {
            if (present.Count + absent.Count == 0) return Refusal.Invalid("symptom-none", "give 'present' or 'absent': codes of symptoms");
            if (present.Intersect(absent).FirstOrDefault() is { } both) return Refusal.Invalid("symptom-both", $"'{both}' cannot be both present and absent");
            if (present.Concat(absent).FirstOrDefault(code => course.Pack.Faults.Symptom(code) is null) is { } unknown)
                return Refusal.Invalid("symptom-unknown", $"'{unknown}' is no symptom of type '{course.Pack.Type}'; {string.Join(", ", course.Pack.Faults.Symptoms.Select(s => s.Code))} are");
            foreach (var (code, seen) in present.Select(c => (c, true)).Concat(absent.Select(c => (c, false))))
            {
                course.Steps.Add(Row(work, row, course, GuidedStepRow.Finding, code, seen, null, actor));
                var title = course.Pack.Faults.Symptom(code)!.Title;
                work.Note(row, "finding", $"{title.En}: {(seen ? "seen" : "not there")}", $"{title.ZhCn}：{(seen ? "有" : "无")}", actor);
            }
            return null;
        }, ct);

    public Task<Outcome<GuidedDiagnosis>> TestAsync(string tenant, string ticket, string faultCode, bool found, string? note, string actor, CancellationToken ct) =>
        StepAsync(tenant, ticket, "guidance.test", actor, (work, row, course) =>
        {
            if (note?.Length > MostNote) return Refusal.Invalid("note-too-long", $"'note' has at most {MostNote} characters");
            if (course.Pack.Faults.Fault(faultCode) is not { } fault) return Refusal.Invalid("fault-unknown", $"'{faultCode}' is no fault of type '{course.Pack.Type}'");
            if (course.Tested.Contains(faultCode)) return Refusal.Because("test-made", $"the test for '{faultCode}' has been made on {row.Number}; {(course.Tell().Next is { } next ? $"the next is for '{next.FaultCode}'" : "no other is needed")}");
            course.Steps.Add(Row(work, row, course, GuidedStepRow.Test, faultCode, found, note, actor));
            var test = DecisionPath.TestOf(fault);
            work.Note(row, "guided-test", $"{test.Title.En}: {(found ? $"shows {fault.Title.En}" : "nothing found")}{With(note, ". ")}", $"{test.Title.ZhCn}：{(found ? $"确认{fault.Title.ZhCn}" : "未见异常")}{With(note, "。")}", actor);
            return null;
        }, ct);

    private async Task<Outcome<GuidedDiagnosis>> StepAsync(string tenant, string ticket, string name, string actor, Func<DeskWork, TicketRow, GuidedCourse, Refusal?> step, CancellationToken ct)
    {
        var done = await workbench.TryAsync<GuidedDiagnosis>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, ticket, ct) is not { } row) return Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}");
            if (!row.IsOpen) return Refusal.Because("guidance-closed", $"{ticket} is {row.Status}; only what is open is diagnosed");
            if (await CourseAsync(work.Db, row, ct) is not { } course) return Unguided(row);
            var before = course.Tell().State;
            if (step(work, row, course) is { } refusal) return refusal;
            var now = await WithArticleAsync(work.Db, tenant, course.Tell(), ct);
            if (now.State != before) NoteState(work, row, now, actor);
            return now;
        }, ct);
        await audit.RecordAsync(tenant, actor, name, $"ticket:{ticket}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.TicketsChanged();
        return done;
    }

    private async Task<GuidedCourse?> CourseAsync(DeskContext db, TicketRow ticket, CancellationToken ct)
    {
        if (packs.Find(await TicketTypes.OfAsync(db, devices, ticket, ct)) is not { Faults.Faults.Count: > 0 } pack) return null;
        return new GuidedCourse(ticket.Number, pack, ticket.Causes, await db.GuidedSteps.Where(s => s.Ticket == ticket.Number).OrderBy(s => s.Number).ToListAsync(ct));
    }

    /// <summary>Names the published article about the cause that was found.</summary>
    private static async Task<GuidedDiagnosis> WithArticleAsync(DeskContext db, string tenant, GuidedDiagnosis diagnosis, CancellationToken ct)
    {
        if (diagnosis.Remedy is not { FaultCode: var code } remedy) return diagnosis;
        var about = await db.Articles.Where(a => a.Tenant == tenant && a.FaultCode == code && a.Type == diagnosis.Type && a.Status != ArticleStatus.Retired).OrderBy(a => a.Sequence).ToListAsync(ct);
        return diagnosis with { Remedy = remedy with { Article = about.FirstOrDefault(a => a.Published.Count > 0)?.Number } };
    }

    private static GuidedStepRow Row(DeskWork work, TicketRow ticket, GuidedCourse course, string kind, string code, bool positive, string? note, string actor)
    {
        var row = new GuidedStepRow { Ticket = ticket.Number, Number = course.Steps.Count + 1, Kind = kind, Code = code, Positive = positive, Note = note, Actor = actor, At = work.Now };
        work.Db.GuidedSteps.Add(row);
        return row;
    }

    private static void NoteState(DeskWork work, TicketRow ticket, GuidedDiagnosis now, string actor)
    {
        if (now is { State: GuidanceState.Found, Remedy: { } remedy, Causes: [var top, ..] })
            work.Note(ticket, "cause-found", $"most probably {remedy.Cause.En} ({top.Probability:P0})", $"最可能的原因：{remedy.Cause.ZhCn}（{top.Probability:P0}）", actor);
        if (now.State is GuidanceState.Expert) work.Note(ticket, "needs-expert", "the tests are used up and no cause is sure: an expert is needed", "检测步骤已用尽，仍无法确定原因：需要专家支援", actor);
    }

    private static string With(string? note, string before) => string.IsNullOrWhiteSpace(note) ? "" : before + note.Trim();

    private static Refusal Unguided(TicketRow ticket) => Refusal.Because("guidance-none", $"{ticket.Number} is of no type of equipment that a pack has faults for");
}
