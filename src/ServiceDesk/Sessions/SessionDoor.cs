using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>What customers and guests do without a login. Whatever was wrong with a code, a number or a link gets one answer.</summary>
internal sealed class SessionDoor(Workbench workbench, IDeviceRegistry devices, DeskSignals signals, IAudit audit, TimeProvider clock) : ISessionDoor
{
    private const string Customer = "customer";

    /// <summary>Notes of engineers and who looks on are between us; the customer sees what was asked, done and ended.</summary>
    private static readonly string[] ForCustomers = [Transcript.Asked, Transcript.Consented, Transcript.Declined, Transcript.Withdrawn, Transcript.Command, Transcript.Result, Transcript.Link, Transcript.Revoked, Transcript.Guest, Transcript.Ended];
    private static readonly string[] ForGuests = [.. ForCustomers, Transcript.Note];

    public Task<IReadOnlyList<TrackedSession>?> TrackAsync(string code, string? serial, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        if (await db.TrackedAsync(code, serial, ct) is not { } ticket) return null;
        var sessions = new List<TrackedSession>();
        foreach (var row in await db.Sessions.Where(s => s.Ticket == ticket.Number).OrderByDescending(s => s.Number).ToListAsync(ct)) sessions.Add(await SeenAsync(db, row, ForCustomers, ct));
        return (IReadOnlyList<TrackedSession>?)sessions;
    }, ct);

    public Task<Outcome<TrackedSession>> ConsentAsync(string code, string? serial, int number, CancellationToken ct) =>
        ActAsync(code, serial, number, SessionAct.Consent, "session.consent", (work, ticket, session) =>
        {
            work.Open(ticket, session, new Consent(Customer, Consent.StatusPage, work.Now, null), Customer);
            return Task.CompletedTask;
        }, ct);

    public Task<Outcome<TrackedSession>> DeclineAsync(string code, string? serial, int number, CancellationToken ct) =>
        ActAsync(code, serial, number, SessionAct.Decline, "session.decline", (work, ticket, session) => work.EndAsync(ticket, session, SessionEnding.Declined, Customer, ct), ct);

    public Task<Outcome<TrackedSession>> EndAsync(string code, string? serial, int number, CancellationToken ct) =>
        ActAsync(code, serial, number, SessionAct.Withdraw, "session.withdraw", (work, ticket, session) => work.EndAsync(ticket, session, SessionEnding.Withdrawn, Customer, ct), ct);

    public async Task<GuestView?> VisitAsync(string secret, string? from, CancellationToken ct)
    {
        var hash = SessionBook.HashOf(secret);
        var now = clock.GetUtcNow();
        if (await workbench.ReadAsync(db => LiveAsync(db, hash, now, ct), ct) is not { } found) return null;
        if (found.Link.OpenedAt is null) await OpenAsync(hash, from, ct);
        return await workbench.ReadAsync(async db =>
        {
            if (await LiveAsync(db, hash, now, ct) is not { } live || await db.Tickets.FirstOrDefaultAsync(t => t.Number == live.Session.Ticket, ct) is not { } ticket) return null;
            return (GuestView?)new GuestView(live.Link.Name, ticket.Tenant, live.Session.Device, await TicketTypes.OfAsync(db, devices, ticket, ct), ticket.Alarms, await SeenAsync(db, live.Session, ForGuests, ct));
        }, ct);
    }

    private async Task<Outcome<TrackedSession>> ActAsync(string code, string? serial, int number, SessionAct act, string name, Func<DeskWork, TicketRow, SessionRow, Task> change, CancellationToken ct)
    {
        TicketRow? ticket = null;
        var done = await workbench.TryAsync<TrackedSession>(clock.GetUtcNow(), async work =>
        {
            ticket = await work.Db.TrackedAsync(code, serial, ct);
            if (ticket is null || await work.SessionAsync(ticket.Tenant, ticket.Number, number, ct) is not { } session) return ICustomerDoor.Unknown;
            if (SessionBook.WhyNot(work, ticket, session, act) is { } not) return not;
            await change(work, ticket, session);
            return Seen(session, []);
        }, ct);
        if (ticket is not null) await audit.RecordAsync(ticket.Tenant, Customer, name, $"ticket:{ticket.Number}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason ?? $"{number}", ct);
        if (!done.Succeeded) return done;
        signals.Touch();
        return (await TrackAsync(code, serial, ct))?.FirstOrDefault(s => s.Number == number) ?? done;
    }

    /// <summary>Looking on begins: written down once for each guest.</summary>
    private async Task OpenAsync(string hash, string? from, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var opened = await workbench.CommitAsync(now, async work =>
        {
            if (await work.Db.SessionLinks.FindAsync([hash], ct) is not { OpenedAt: null } link || await work.Db.Sessions.FindAsync([link.Ticket, link.Session], ct) is not { } session) return null;
            link.OpenedAt = work.Now;
            link.Version++;
            work.Write(session, Transcript.Guest, $"guest:{link.Name}", SessionTexts.Guest, SessionWork.Json(new { link.Number, link.Name }));
            return new { session.Tenant, link.Ticket, link.Session, link.Name };
        }, ct);
        if (opened is null) return;
        await audit.RecordAsync(opened.Tenant, $"guest:{opened.Name}", "session.visit", $"ticket:{opened.Ticket}", from, "ok", $"{opened.Session}", ct);
        signals.TicketsChanged();
    }

    private static async Task<(SessionLinkRow Link, SessionRow Session)?> LiveAsync(DeskContext db, string hash, DateTimeOffset now, CancellationToken ct) =>
        await db.SessionLinks.FirstOrDefaultAsync(l => l.Hash == hash && l.RevokedAt == null, ct) is { } link
        && await db.Sessions.FirstOrDefaultAsync(s => s.Ticket == link.Ticket && s.Number == link.Session && s.State == SessionState.Open && s.EndsAt > now, ct) is { } session
            ? (link, session) : null;

    private static async Task<TrackedSession> SeenAsync(DeskContext db, SessionRow session, string[] kinds, CancellationToken ct) =>
        Seen(session, [.. (await SessionWork.EntriesAsync(db, session, ct)).Where(e => kinds.Contains(e.Kind)).Select(e => new TrackedStep(e.Number, e.At, e.Kind, e.Text))]);

    private static TrackedSession Seen(SessionRow s, IReadOnlyList<TrackedStep> steps) =>
        new(s.Number, s.State, s.Ending, s.Reason, s.UpTo, s.Commands, s.Minutes, s.AskedAt, s.LapsesAt, s.OpenedAt, s.EndsAt, s.EndedAt, steps);
}
