using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Knowledge;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Sessions;

internal sealed class SessionBook(
    Workbench workbench, SessionCommands wire, ISupervision supervision, IDeviceRegistry devices, IPacks packs, DeskSignals signals, IAudit audit, TimeProvider clock) : ISessions
{
    private const int MostText = 2000;
    private const int MostName = 200;
    private const int MostKey = 100;
    private const int SecretBytes = 16;
    private static readonly TimeSpan UsualExpiry = TimeSpan.FromMinutes(1);

    public Task<IReadOnlyList<RemoteSession>> OnAsync(string tenant, string ticket, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<RemoteSession>>(async db =>
        await db.Tickets.AnyAsync(t => t.Number == ticket && t.Tenant == tenant, ct) ? await SessionWork.SessionsAsync(db, ticket, ct) : [], ct);

    public Task<SessionRecord?> FindAsync(string tenant, string ticket, int number, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        if (await db.Sessions.FirstOrDefaultAsync(s => s.Tenant == tenant && s.Ticket == ticket && s.Number == number, ct) is not { } row) return null;
        var links = await db.SessionLinks.Where(l => l.Ticket == ticket && l.Session == number).ToListAsync(ct);
        var entries = await SessionWork.EntriesAsync(db, row, ct);
        return (SessionRecord?)new SessionRecord(row.ToSession(links), entries, SessionWork.IsIntact(row, entries));
    }, ct);

    public async Task<Outcome<RemoteSession>> AskAsync(string tenant, string ticket, SessionRequest request, string actor, CancellationToken ct)
    {
        var done = await workbench.TryAsync<RemoteSession>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, ticket, ct) is not { } row) return NoTicket(ticket);
            if (row.Status is TicketStatus.Closed or TicketStatus.Cancelled) return Refusal.Because("session-ticket-over", $"{ticket} is {row.Status}; reopen it or open another one");
            if (row.Device is not { } device) return Refusal.Because("session-no-device", $"{ticket} is about a whole site: a session needs a ticket of one device");
            var policy = await RemotePolicy.OfAsync(work.Db, tenant, ct);
            if (SessionRules.FaultOf(request, policy, packs.Find(await TicketTypes.OfAsync(work.Db, devices, row, ct))) is { } fault) return fault;
            if (await work.Db.Sessions.FirstOrDefaultAsync(s => s.Ticket == ticket && s.AskedBy == actor && s.State != SessionState.Ended, ct) is { } other)
                return Refusal.Conflict("session-already", $"you have session {other.Number} on {ticket} already; end it before you ask for another one");
            return await AskAsync(work, row, device, request, policy, actor, ct);
        }, ct);
        return await ReportAsync(tenant, ticket, "session.ask", actor, done, done.Value is { } asked ? $"{asked.Number}: up to {asked.UpTo}, {asked.Minutes} minutes" : null, ct);
    }

    private static async Task<RemoteSession> AskAsync(DeskWork work, TicketRow ticket, string device, SessionRequest request, RemotePolicy policy, string actor, CancellationToken ct)
    {
        var number = await work.Db.Sessions.CountAsync(s => s.Ticket == ticket.Number, ct) + 1;
        var session = new SessionRow
        {
            Ticket = ticket.Number, Number = number, Tenant = ticket.Tenant, Device = device, Reason = request.Reason.Trim(), UpTo = request.UpTo, Commands = request.Commands, Minutes = request.Minutes,
            AskedBy = actor, AskedAt = work.Now, LapsesAt = work.Now + TimeSpan.FromMinutes(policy.ConsentWithinMinutes), Head = Transcript.Origin,
        };
        session.DueAt = session.LapsesAt;
        work.Db.Sessions.Add(session);
        work.Write(session, Transcript.Asked, actor, SessionTexts.Asked(request), SessionWork.Json(session.Terms));
        if (policy.Beforehand(ticket.Site, request.UpTo, work.Now) is { } consent) work.Open(ticket, session, consent, actor);
        else work.Note(ticket, "session-asked", $"{actor} asks for remote session {number} up to {request.UpTo}: {session.Reason}", $"{actor} 请求远程会话 {number}（风险上限 {request.UpTo}）：{session.Reason}", actor);
        return session.ToSession([]);
    }

    public Task<Outcome<RemoteSession>> ConsentAsync(string tenant, string ticket, int number, string by, string how, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, number, SessionAct.Consent, "session.consent", actor, $"{how} by {by}", (work, row, session) =>
        {
            if (string.IsNullOrWhiteSpace(by) || by.Length > MostName) return Refusal.Invalid("session-consent-by", $"'by' names who gave the consent, in 1 to {MostName} characters");
            if (!Consent.Told.Contains(how)) return Refusal.Invalid("session-consent-how", $"'how' is one of {string.Join(", ", Consent.Told)}");
            if (session.UpTo >= CommandRisk.R2 && session.AskedBy == actor)
                return Refusal.Forbidden("session-four-eyes", $"a session up to {session.UpTo} interrupts the machine: somebody other than {actor} records the consent, or the customer gives it on their status page");
            work.Open(row, session, new Consent(by.Trim(), how, work.Now, actor), actor);
            return null;
        }, ct);

    public Task<Outcome<RemoteSession>> NoteAsync(string tenant, string ticket, int number, string text, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, number, SessionAct.Note, "session.note", actor, null, (work, _, session) =>
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > MostText) return Refusal.Invalid("session-note", $"a note has 1 to {MostText} characters");
            work.Write(session, Transcript.Note, actor, new LocalizedText(text.Trim(), text.Trim()));
            return null;
        }, ct);

    public Task<Outcome<RemoteSession>> EndAsync(string tenant, string ticket, int number, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, number, SessionAct.End, "session.end", actor, null, async (work, row, session) =>
        {
            await work.EndAsync(row, session, SessionEnding.Finished, actor, ct);
            return null;
        }, ct);

    public async Task<Outcome<SessionCommand>> SendAsync(string tenant, string ticket, int number, SessionOrder order, string actor, CancellationToken ct)
    {
        if (!DeviceKey.IsValidName(order.Name)) return Refusal.Invalid("session-command-name", $"'{order.Name}' is not a command name");
        if (order.Key.Length is 0 or > MostKey) return Refusal.Invalid("session-command-key", $"the idempotency key has 1 to {MostKey} characters");
        CommandRisk? said = null;
        if (order.RiskClass is { } given)
        {
            if (!Enum.TryParse<CommandRisk>(given, out var risk) || !Enum.IsDefined(risk)) return Refusal.Invalid("session-command-risk", $"'{given}' is not a risk class: R0, R1, R2, R3");
            said = risk;
        }
        var done = await workbench.TryAsync<SessionCommandRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, ticket, ct) is not { } row) return NoTicket(ticket);
            if (await work.SessionAsync(tenant, ticket, number, ct) is not { } session) return NoSession(ticket, number);
            if (await work.Db.SessionCommands.FindAsync([ticket, number, order.Key], ct) is { } earlier)
                return earlier.Name == order.Name && earlier.Args == order.ArgsJson ? earlier
                    : Refusal.Conflict("session-command-other", $"idempotency key '{order.Key}' already belongs to '{earlier.Name}' with other contents");
            return await RecordAsync(work, row, session, order, said, actor, ct);
        }, ct);
        await audit.RecordAsync(tenant, actor, "session.command", $"ticket:{ticket}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason ?? $"{number}: {order.Name}", ct);
        if (!done.Succeeded) return done.Refusal;
        var sent = await wire.HandOverAsync(done.Value, ct);
        signals.Touch();
        return sent;
    }

    /// <summary>Checks it and writes it down: what stands in the transcript will be sent, or it will say why not.</summary>
    private async Task<Outcome<SessionCommandRow>> RecordAsync(DeskWork work, TicketRow ticket, SessionRow session, SessionOrder order, CommandRisk? said, string actor, CancellationToken ct)
    {
        if (WhyNot(work, ticket, session, SessionAct.Command) is { } not) return not;
        var pack = packs.Find(await TicketTypes.OfAsync(work.Db, devices, ticket, ct));
        var risk = KnownCommands.RiskOf(pack, order.Name, said);
        if (SessionRules.WhyBeyond(order.Name, risk, session.UpTo, session.Commands) is { } beyond) return beyond;
        if (await supervision.WhyNotCommandAsync(new DeviceKey(session.Tenant, session.Device), risk.ToString(), actor, ct) is { } novice) return novice;
        var wanted = order.ExpiresAfter ?? pack?.Playbooks.FirstOrDefault(p => p.Command == order.Name)?.ExpiresAfter ?? UsualExpiry;
        var expiresAt = SessionRules.ExpiryOf(work.Now, wanted, session.EndsAt!.Value);   // open: it has an end
        var entry = work.Write(session, Transcript.Command, actor, SessionTexts.Command(order.Name, risk), SessionWork.Json(new { order.Name, Args = order.ArgsJson, Risk = risk.ToString(), order.Key, ExpiresAt = expiresAt }));
        var row = new SessionCommandRow
        {
            Ticket = session.Ticket, Session = session.Number, Key = order.Key, Tenant = session.Tenant, Device = session.Device, Name = order.Name, Args = order.ArgsJson, Risk = risk, Actor = actor,
            Entry = entry.Number, ExpiresAt = expiresAt, DueAt = work.Now + SessionCommands.HealAfter,
        };
        work.Db.SessionCommands.Add(row);
        return row;
    }

    public async Task<Outcome<GivenLink>> InviteAsync(string tenant, string ticket, int number, string name, string actor, CancellationToken ct)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        SessionLinkRow? link = null;
        var done = await ChangeAsync(tenant, ticket, number, SessionAct.Link, "session.link", actor, name, async (work, _, session) =>
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > MostName) return Refusal.Invalid("session-guest-name", $"'name' says whom the link is for, in 1 to {MostName} characters");
            link = new SessionLinkRow
            {
                Hash = HashOf(secret), Ticket = ticket, Session = number, Number = await work.Db.SessionLinks.CountAsync(l => l.Ticket == ticket && l.Session == number, ct) + 1,
                Name = name.Trim(), GivenBy = actor, GivenAt = work.Now,
            };
            work.Db.SessionLinks.Add(link);
            work.Write(session, Transcript.Link, actor, SessionTexts.Link, SessionWork.Json(new { link.Number, link.Name }));
            return null;
        }, ct);
        return done.Succeeded ? new GivenLink(link!.ToLink(), secret) : done.Refusal;   // set by what succeeded
    }

    public Task<Outcome<RemoteSession>> RevokeAsync(string tenant, string ticket, int number, int link, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, number, SessionAct.Link, "session.revoke", actor, $"link {link}", async (work, _, session) =>
        {
            if (await work.Db.SessionLinks.FirstOrDefaultAsync(l => l.Ticket == ticket && l.Session == number && l.Number == link, ct) is not { } row)
                return Refusal.NotFound("session-link-unknown", $"session {number} of {ticket} has no link {link}");
            if (row.RevokedAt is not null) return null;
            row.RevokedAt = work.Now;
            row.Version++;
            work.Write(session, Transcript.Revoked, actor, SessionTexts.Revoked, SessionWork.Json(new { row.Number, row.Name }));
            return null;
        }, ct);

    public async Task<Refusal?> WhyNotDirectAsync(DeviceKey device, string command, string riskClass, string person, CancellationToken ct)
    {
        var type = (await devices.FindAsync(device, ct))?.Type ?? "";
        var risk = KnownCommands.RiskOf(packs.Find(type), command, Enum.TryParse<CommandRisk>(riskClass, out var said) ? said : null);
        var now = clock.GetUtcNow();
        return await workbench.ReadAsync(async db =>
        {
            if ((await RemotePolicy.OfAsync(db, device.Tenant, ct)).CommandsOnlyInSessions is not { } from || risk < from) return null;
            var own = await db.Sessions.Where(s => s.Tenant == device.Tenant && s.Device == device.Device && s.State == SessionState.Open && s.AskedBy == person && s.EndsAt > now).ToListAsync(ct);
            return own.Exists(s => SessionRules.WhyBeyond(command, risk, s.UpTo, s.Commands) is null) ? null
                : Refusal.Forbidden("session-needed", $"commands of {from} and above are sent in a remote session: ask for one on a ticket of {device.Device} that allows '{command}' ({risk})");
        }, ct);
    }

    public Task<RemotePolicy> PolicyAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(db => RemotePolicy.OfAsync(db, tenant, ct), ct);

    public async Task<Outcome<RemotePolicy>> SetPolicyAsync(string tenant, RemotePolicy policy, string actor, CancellationToken ct)
    {
        if (policy.Fault() is { } fault) return Refusal.Invalid(fault);
        await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            await TenantSettings.WriteAsync(work, RemotePolicy.NameOf(tenant), policy, actor, ct);
            return true;
        }, ct);
        await audit.RecordAsync(tenant, actor, "session.policy", "policy:remote", null, "ok", null, ct);
        return policy;
    }

    /// <summary>Only this is kept of a link's secret.</summary>
    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>A ticket that is over ends its sessions, also before the beat has.</summary>
    internal static Refusal? WhyNot(DeskWork work, TicketRow ticket, SessionRow session, SessionAct act) =>
        ticket.Status is TicketStatus.Closed or TicketStatus.Cancelled && session.State is not SessionState.Ended
            ? Refusal.Because("session-ticket-over", $"{ticket.Number} is {ticket.Status}; reopen it or open another one")
            : SessionRules.WhyNot(session.Moment, act, work.Now);

    private Task<Outcome<RemoteSession>> ChangeAsync(
        string tenant, string ticket, int number, SessionAct act, string name, string actor, string? detail, Func<DeskWork, TicketRow, SessionRow, Refusal?> change, CancellationToken ct) =>
        ChangeAsync(tenant, ticket, number, act, name, actor, detail, (work, row, session) => Task.FromResult(change(work, row, session)), ct);

    private async Task<Outcome<RemoteSession>> ChangeAsync(
        string tenant, string ticket, int number, SessionAct act, string name, string actor, string? detail, Func<DeskWork, TicketRow, SessionRow, Task<Refusal?>> change, CancellationToken ct)
    {
        var done = await workbench.TryAsync<RemoteSession>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, ticket, ct) is not { } row) return NoTicket(ticket);
            if (await work.SessionAsync(tenant, ticket, number, ct) is not { } session) return NoSession(ticket, number);
            if (WhyNot(work, row, session, act) is { } not) return not;
            if (await change(work, row, session) is { } refusal) return refusal;
            await work.Db.SessionLinks.Where(l => l.Ticket == ticket && l.Session == number).LoadAsync(ct);
            return session.ToSession(work.Db.SessionLinks.Local.Where(l => l.Ticket == ticket && l.Session == number));
        }, ct);
        return await ReportAsync(tenant, ticket, name, actor, done, detail is null ? $"{number}" : $"{number}: {detail}", ct);
    }

    private async Task<Outcome<RemoteSession>> ReportAsync(string tenant, string ticket, string name, string actor, Outcome<RemoteSession> done, string? detail, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, name, $"ticket:{ticket}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason ?? detail, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }

    private static Refusal NoTicket(string ticket) => Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}");
    private static Refusal NoSession(string ticket, int number) => Refusal.NotFound("session-unknown", $"{ticket} has no session {number}");
}
