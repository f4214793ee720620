using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Supervision;

internal sealed class SupervisionDesk(Workbench workbench, DeskSignals signals, IAudit audit, TimeProvider clock) : ISupervision
{
    private const int MostNote = 2000;

    public Task<IReadOnlyList<Release>> OnAsync(string tenant, string ticket, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Release>>(async db =>
        await db.Tickets.AnyAsync(t => t.Number == ticket && t.Tenant == tenant, ct) ? (await db.Releases.Where(r => r.Ticket == ticket).OrderBy(r => r.Novice).ToListAsync(ct)).ConvertAll(r => r.ToRelease()) : [], ct);

    public async Task<string?> SupervisorOfAsync(string tenant, string person, CancellationToken ct) => (await PolicyAsync(tenant, ct)).Novices.GetValueOrDefault(person);

    public async Task<Outcome<Release>> AskAsync(string tenant, string ticket, string novice, CancellationToken ct)
    {
        if (await SupervisorOfAsync(tenant, novice, ct) is not { } supervisor) return Refusal.Because("novice-not-new", $"{novice} is not new: no release is needed");
        return await ChangeAsync(tenant, ticket, novice, supervisor, "release.ask", novice, (work, row, release, isFirst) =>
        {
            if (isFirst) work.Note(row, "release-asked", $"{novice} asks {supervisor} for a release", $"{novice} 请求 {supervisor} 放行", novice);
            return null;
        }, ct);
    }

    public async Task<Outcome<Release>> ReleaseAsync(string tenant, string ticket, string novice, string? note, string supervisor, CancellationToken ct)
    {
        if (note?.Length > MostNote) return Refusal.Invalid("note-too-long", $"'note' has at most {MostNote} characters");
        if (await SupervisorOfAsync(tenant, novice, ct) is not { } named) return Refusal.Invalid("novice-not-new", $"'{novice}' is not new: no release is needed");
        if (named != supervisor) return Refusal.Forbidden("novice-other-supervisor", $"{named} supervises {novice}, and nobody else releases for them");
        return await ChangeAsync(tenant, ticket, novice, supervisor, "release.give", supervisor, (work, row, release, _) =>
        {
            if (release.At is not null) return null;
            (release.At, release.Note) = (work.Now, note?.Trim());
            work.Note(row, "released", $"{supervisor} releases it for {novice}", $"{supervisor} 已为 {novice} 放行", supervisor);
            return null;
        }, ct);
    }

    public async Task<Refusal?> WhyNotCommandAsync(DeviceKey device, string riskClass, string person, CancellationToken ct)
    {
        var policy = await PolicyAsync(device.Tenant, ct);
        if (!policy.Novices.TryGetValue(person, out var supervisor)) return null;
        if (Enum.TryParse<CommandRisk>(riskClass, out var risk) && risk <= policy.CommandsUpTo) return null;
        var released = await workbench.ReadAsync(db => db.Releases.AnyAsync(r => r.Novice == person && r.At != null && db.Tickets.Any(t =>
            t.Number == r.Ticket && t.Tenant == device.Tenant && t.Device == device.Device && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled), ct), ct);
        return released ? null : Refusal.Forbidden("novice-command", $"who is new sends commands up to {policy.CommandsUpTo}, and this one is {riskClass}: {supervisor} releases a ticket of {device.Device} for {person}");
    }

    private async Task<SupervisedAuthority> PolicyAsync(string tenant, CancellationToken ct) => (await workbench.ReadAsync(db => KnowledgePolicy.OfAsync(db, tenant, ct), ct)).Supervision;

    private async Task<Outcome<Release>> ChangeAsync(
        string tenant, string ticket, string novice, string supervisor, string name, string actor, Func<DeskWork, TicketRow, ReleaseRow, bool, Refusal?> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync<Release>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, ticket, ct) is not { } row) return Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}");
            if (row.Status is TicketStatus.Closed or TicketStatus.Cancelled) return Refusal.Because("release-nothing", $"{ticket} is {row.Status}: there is nothing to release");
            var known = await work.Db.Releases.FindAsync([ticket, novice], ct);
            var release = known ?? new ReleaseRow { Ticket = ticket, Novice = novice, Supervisor = supervisor, AskedAt = work.Now };
            release.Supervisor = supervisor;
            if (known is null) work.Db.Releases.Add(release);
            return change(work, row, release, known is null) is { } refusal ? refusal : release.ToRelease();
        }, ct);
        await audit.RecordAsync(tenant, actor, name, $"ticket:{ticket}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason ?? novice, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }
}
