using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Correspondence;

/// <summary>Messages as the other rooms see them: taken in once, put on their case, decided by a person where that is not plain.</summary>
internal sealed class CorrespondenceBook(
    Workbench workbench, Senders senders, TicketOpening opening, Network network, ReplyDesk replies, ThreadReading threads, DeskSignals signals, IAudit audit, IOptions<ServiceDeskOptions> options, TimeProvider clock)
    : ICorrespondence
{
    public const int MostText = 20_000;

    /// <summary>One sender writes no more than this in <see cref="RateWindow"/>; a machine that answers our answers is stopped here.</summary>
    public const int MostPerSender = 30;
    public static readonly TimeSpan RateWindow = TimeSpan.FromMinutes(10);
    public const string NoteKind = "customer-message";

    private const int FirstNumber = 1001;
    private const int MostTitle = 200;
    private const string ThreadPrefix = "ticket.";   // as in the Message-ID that all e-mails of a ticket answer

    public async Task<Outcome<MessageReceipt>> ReceiveAsync(IncomingMessage message, string actor, CancellationToken ct)
    {
        var read = Read(message);
        if (read.Succeeded) await network.EnsureAsync(message.Tenant, clock.GetUtcNow(), ct);
        var done = read.Succeeded ? await workbench.TryAsync<MessageRow>(clock.GetUtcNow(), work => TakeAsync(work, read.Value, actor, ct), ct) : read.Refusal;
        await AuditAsync(message.Tenant, actor, "message.receive", done.Value?.Number, done.Refusal, $"{message.Channel} {message.ExternalId}", ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToReceipt();
    }

    public Task<IReadOnlyList<CustomerMessage>> ListAsync(string tenant, MessageState state, string? after, int limit, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<CustomerMessage>>(async db =>
    {
        var rows = db.Messages.Where(m => m.Tenant == tenant && m.State == state);
        // What the page before ended with stands here still, also when it waits no longer.
        if (after is not null && await db.Messages.FirstOrDefaultAsync(m => m.Tenant == tenant && m.Number == after, ct) is { } last)
            rows = state is MessageState.Waiting ? rows.Where(m => m.At > last.At || (m.At == last.At && m.Sequence > last.Sequence)) : rows.Where(m => m.Sequence < last.Sequence);
        rows = state is MessageState.Waiting ? rows.OrderBy(m => m.At).ThenBy(m => m.Sequence) : rows.OrderByDescending(m => m.Sequence);
        return (await rows.Take(limit).ToListAsync(ct)).ConvertAll(m => m.ToMessage());
    }, ct);

    public Task<CustomerMessage?> FindAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.Messages.FirstOrDefaultAsync(m => m.Tenant == tenant && m.Number == number, ct))?.ToMessage(), ct);

    public Task<TicketThread?> ThreadAsync(string tenant, string ticket, CancellationToken ct) => threads.ReadAsync(tenant, ticket, ct);

    public async Task<Outcome<TicketThread>> ReplyAsync(string tenant, string ticket, ReplyOrder reply, string actor, CancellationToken ct)
    {
        var done = await replies.SendAsync(tenant, ticket, reply, actor, ct);
        await audit.RecordAsync(tenant, actor, "message.reply", $"ticket:{ticket}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason ?? done.Value, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return await threads.ReadAsync(tenant, ticket, ct) is { } thread ? thread : NoTicket(ticket);
    }

    public Task<Outcome<CustomerMessage>> AssignAsync(string tenant, string number, string ticket, string actor, CancellationToken ct) => DecideAsync(tenant, number, "message.assign", actor, async (work, row) =>
    {
        if (await work.TicketAsync(tenant, ticket.Trim().ToUpperInvariant(), ct) is not { } to) return NoTicket(ticket);
        await PutAsync(work, row, to, ct);
        return null;
    }, ct);

    public async Task<Outcome<CustomerMessage>> OpenTicketAsync(string tenant, string number, TicketFromMessage order, string actor, CancellationToken ct)
    {
        await network.EnsureAsync(tenant, clock.GetUtcNow(), ct);
        return await DecideAsync(tenant, number, "message.openTicket", actor, async (work, row) =>
        {
            if ((order.Device ?? order.Site) is null) return Refusal.Invalid("ticket-place", "a ticket needs a device or a site");
            var title = order.Title ?? TitleOf(row);
            var opened = await opening.ByHandAsync(work, new NewTicket(tenant, order.Device, order.Site ?? "", order.Priority, new LocalizedText(title, title), null, null), actor, ct);
            if (!opened.Succeeded) return opened.Refusal;
            await PutAsync(work, row, opened.Value, ct);
            return null;
        }, ct);
    }

    public Task<Outcome<CustomerMessage>> DismissAsync(string tenant, string number, string reason, string actor, CancellationToken ct) => DecideAsync(tenant, number, "message.dismiss", actor, (_, row) =>
    {
        if (reason.Trim() is not { Length: > 0 and <= 500 } why) return Task.FromResult<Refusal?>(Refusal.Invalid("message-reason", "a message is put aside with a reason, 1 to 500 characters"));
        (row.State, row.Reason) = (MessageState.Dismissed, why);
        return Task.FromResult<Refusal?>(null);
    }, ct);

    private async Task<Outcome<MessageRow>> TakeAsync(DeskWork work, IncomingMessage message, string actor, CancellationToken ct)
    {
        if (await work.Db.Messages.FirstOrDefaultAsync(m => m.Tenant == message.Tenant && m.Channel == message.Channel && m.ExternalId == message.ExternalId, ct) is { } known) return known;
        var since = work.Now - RateWindow;
        if (await work.Db.Messages.CountAsync(m => m.Tenant == message.Tenant && m.From == message.From && m.ReceivedAt > since, ct) >= MostPerSender)
            return new Refusal("too-many", $"one sender is heard {MostPerSender} times in {RateWindow.TotalMinutes:0} minutes; hand it over again later");
        var sender = message.Authentic ? await senders.FindAsync(work.Db, message.Tenant, message.Channel, message.From, work.Now, ct) : null;
        var sequence = (await work.Db.Messages.MaxAsync(m => (int?)m.Sequence, ct) ?? FirstNumber - 1) + 1;
        var row = new MessageRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"M-{sequence}"), Sequence = sequence, Tenant = message.Tenant, Channel = message.Channel, ExternalId = message.ExternalId, From = message.From,
            FromName = message.FromName, Subject = message.Subject, Text = message.Text, Device = message.Device, Authentic = message.Authentic, ReceivedAt = work.Now, Actor = actor,
            At = message.At is { } at && at < work.Now ? at : work.Now, Customer = sender?.Customer, Contact = sender?.Contact, Verified = sender is not null, State = MessageState.Waiting, Candidates = [],
        };
        work.Db.Messages.Add(row);
        var answered = await AnsweredAsync(work, message, ct);
        var match = MessageMatching.Of(message, answered, await CasesAsync(work, message, answered, sender, ct));
        row.Candidates = match.Candidates;
        if (match.Ticket is { } number) await PlaceAsync(work, row, (await work.TicketAsync(message.Tenant, number, ct))!, sender, actor, ct);   // it has just been read
        // To whom we do not know, the same whether there is such a case or not.
        (row.ReceiptVerified, row.ReceiptTicket) = (row.Verified, row.Verified ? row.Ticket : null);
        return row;
    }

    /// <summary>The case of the message of ours that is answered: by the id of the message, or of the thread that our e-mails stand in.</summary>
    private static async Task<string?> AnsweredAsync(DeskWork work, IncomingMessage message, CancellationToken ct)
    {
        if (message.InReplyTo?.Trim('<', '>', ' ').Split('@')[0] is not { Length: > 0 } id) return null;
        if (id.StartsWith(ThreadPrefix, StringComparison.OrdinalIgnoreCase)) return id[ThreadPrefix.Length..].ToUpperInvariant();
        return await work.Db.Outbox.Where(o => o.Tenant == message.Tenant && o.Id == id).Select(o => o.Ticket).FirstOrDefaultAsync(ct)
            ?? await work.Db.Replies.Where(r => r.Tenant == message.Tenant && r.Outbox == id).Select(r => r.Ticket).FirstOrDefaultAsync(ct);   // longer than the outbox remembers
    }

    private static async Task<List<PossibleCase>> CasesAsync(DeskWork work, IncomingMessage message, string? answered, Sender? sender, CancellationToken ct)
    {
        var named = MessageMatching.NamedIn(message).SelectMany(n => n).Append(answered).OfType<string>().ToHashSet();
        var known = await work.Db.Tickets.AsNoTracking().Where(t => t.Tenant == message.Tenant && named.Contains(t.Number)).ToListAsync(ct);
        var (customers, sites) = (sender?.Scopes.Select(s => s.Customer).OfType<string>().ToHashSet() ?? [], sender?.Scopes.SelectMany(s => s.Sites).ToHashSet() ?? []);
        var open = sender is null ? [] : await work.Db.Tickets.AsNoTracking()
            .Where(t => t.Tenant == message.Tenant && (customers.Contains(t.Customer) || sites.Contains(t.Site)) && t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled).ToListAsync(ct);
        return [.. known.Concat(open.Where(sender is null ? _ => false : sender.SpeaksFor)).DistinctBy(t => t.Number).OrderByDescending(t => t.Sequence)
            .Select(t => new PossibleCase(t.Number, t.Device, t.Serial, t.IsOpen, sender?.SpeaksFor(t) is true))];
    }

    /// <summary>A case that ended too long ago to be taken back goes on in another one; only its own customer opens that.</summary>
    private async Task PlaceAsync(DeskWork work, MessageRow row, TicketRow ticket, Sender? sender, string actor, CancellationToken ct)
    {
        if (HasEnded(ticket, work.Now))
        {
            if (sender?.SpeaksFor(ticket) is not true)
            {
                (row.Verified, row.Candidates) = (false, [ticket.Number]);
                return;
            }
            ticket = await GoesOnInAsync(work, ticket, actor, ct);
        }
        Put(work, row, ticket, sender);
    }

    private bool HasEnded(TicketRow ticket, DateTimeOffset now) =>
        ticket.Status is TicketStatus.Closed or TicketStatus.Cancelled && now > ticket.StateChangedAt + options.Value.ReopenWindow;

    private async Task<TicketRow> GoesOnInAsync(DeskWork work, TicketRow ticket, string actor, CancellationToken ct)
    {
        while (await work.Db.Tickets.Where(t => t.Tenant == ticket.Tenant && t.Follows == ticket.Number).OrderByDescending(t => t.Sequence).FirstOrDefaultAsync(ct) is { } next)
        {
            if (!HasEnded(next, work.Now)) return next;
            ticket = next;
        }
        var title = new LocalizedText($"After {ticket.Number}: {ticket.Title.En}", $"{ticket.Number} 后续：{ticket.Title.ZhCn}");
        var again = new NewTicket(ticket.Tenant, ticket.Device, ticket.Site, ticket.Priority, title, null, null);
        var opened = await opening.ByHandAsync(work, again, actor, ct);
        if (!opened.Succeeded) opened = await opening.ByHandAsync(work, again with { Device = null }, actor, ct);   // its machine is no longer there
        var follower = opened.Succeeded ? opened.Value : throw new InvalidOperationException(opened.Refusal.Reason);
        follower.Follows = ticket.Number;
        work.Note(follower, "follows", $"follows {ticket.Number}: the customer wrote after it had ended", $"接续 {ticket.Number}：客户在其结束后来信");
        work.Note(ticket, "followed", $"goes on in {follower.Number}: the customer wrote again", $"由 {follower.Number} 接续：客户再次来信");
        return follower;
    }

    private async Task PutAsync(DeskWork work, MessageRow row, TicketRow ticket, CancellationToken ct) =>
        Put(work, row, ticket, row.Authentic ? await senders.FindAsync(work.Db, row.Tenant, row.Channel, row.From, work.Now, ct) : null);

    /// <summary>The owner hears of it. No clock stops: that a customer writes is no answer of ours.</summary>
    private void Put(DeskWork work, MessageRow row, TicketRow ticket, Sender? sender)
    {
        row.Verified = sender?.SpeaksFor(ticket) is true;
        (row.State, row.Ticket, row.Candidates) = (MessageState.OnTicket, ticket.Number, []);
        (row.Customer, row.Contact) = (row.Verified ? ticket.Customer : sender?.Customer, sender?.Contact);
        if (ticket.CustomerWroteAt is not { } waits || row.At < waits) ticket.CustomerWroteAt = row.At;
        if (row.Verified) work.Touch(ticket, $"message:{row.Number}", Touches.Contact);
        var (en, zh) = row.Verified ? ("the customer wrote", "客户来信") : ("a message came in, its sender is not verified", "收到消息，发送者未核实");
        work.Note(ticket, NoteKind, $"{en} ({WordsOf(row.Channel).En}, {row.Number})", $"{zh}（{WordsOf(row.Channel).ZhCn}，{row.Number}）", row.Verified ? "customer" : DeskWork.Desk, options.Value.EscalationLadder[0]);
    }

    private static LocalizedText WordsOf(MessageChannel channel) => channel switch
    {
        MessageChannel.Email => new("e-mail", "电子邮件"),
        MessageChannel.Phone => new("telephone", "电话"),
        MessageChannel.Sms => new("text message", "短信"),
        _ => new("chat", "聊天"),
    };

    private static string TitleOf(MessageRow row)
    {
        var title = (row.Subject ?? row.Text).ReplaceLineEndings(" ").Trim();
        return title.Length <= MostTitle ? title : title[..MostTitle];
    }

    private async Task<Outcome<CustomerMessage>> DecideAsync(string tenant, string number, string action, string actor, Func<DeskWork, MessageRow, Task<Refusal?>> decide, CancellationToken ct)
    {
        var done = await workbench.TryAsync<MessageRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Messages.FindAsync([number], ct) is not { } row || row.Tenant != tenant) return Refusal.NotFound("message-unknown", $"there is no message {number}");
            if (row.State is not MessageState.Waiting) return Refusal.Because("message-decided", $"{number} has been dealt with already");
            if (await decide(work, row) is { } refusal) return refusal;
            (row.DecidedBy, row.Version) = (actor, row.Version + 1);
            return row;
        }, ct);
        await AuditAsync(tenant, actor, action, number, done.Refusal, done.Value?.Ticket ?? done.Value?.Reason, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return done.Value.ToMessage();
    }

    private Task AuditAsync(string tenant, string actor, string action, string? number, Refusal? refusal, string? detail, CancellationToken ct) =>
        audit.RecordAsync(tenant, actor, action, $"message:{number ?? "-"}", null, refusal?.Code ?? "ok", refusal?.Reason ?? detail, ct);

    /// <summary>The message as it is kept, or what is wrong with it.</summary>
    private static Outcome<IncomingMessage> Read(IncomingMessage message) => message switch
    {
        { ExternalId: not { Length: > 0 and <= 500 } } => Refusal.Invalid("'externalId' is what you know the message by, 1 to 500 characters; again the same for the same message"),
        { From: not { Length: <= 254 } } => Refusal.Invalid("'from' is the sender's address, 1 to 254 characters"),
        _ when Senders.Normal(message.Channel, message.From) is not { Length: > 0 } => Refusal.Invalid($"'from' is no sender: '{message.From}'"),
        { FromName.Length: > 200 } or { Subject.Length: > 1000 } => Refusal.Invalid("'fromName' has at most 200 characters, 'subject' 1000"),
        { Ticket.Length: > 64 } or { Device.Length: > 128 } or { Serial.Length: > 128 } or { InReplyTo.Length: > 500 } => Refusal.Invalid("'ticket' has at most 64 characters, 'device' and 'serial' 128, 'inReplyTo' 500"),
        { Text.Length: > MostText } => new Refusal("too-large", $"'text' has {message.Text.Length} characters; {MostText} are taken"),
        _ when string.IsNullOrWhiteSpace(message.Text) && string.IsNullOrWhiteSpace(message.Subject) => Refusal.Invalid("a message has a 'text', or at least a 'subject'"),
        _ => message with
        {
            From = Senders.Normal(message.Channel, message.From), FromName = Kept(message.FromName), Subject = Kept(message.Subject), Text = (message.Text ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").Trim(),
            Ticket = Kept(message.Ticket), Device = Kept(message.Device), Serial = Kept(message.Serial), InReplyTo = Kept(message.InReplyTo),
        },
    };

    private static string? Kept(string? text) => text?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } kept ? kept : null;

    private static Refusal NoTicket(string number) => Refusal.NotFound("ticket-unknown", $"there is no ticket {number}");
}
