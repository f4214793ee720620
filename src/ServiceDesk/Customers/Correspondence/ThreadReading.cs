using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Customers.Correspondence;

/// <param name="Suggested">See <see cref="TicketThread.Suggested"/>.</param>
/// <param name="OpenRequest">What an answer on the status page answers.</param>
internal sealed record WaysToAnswer(IReadOnlyList<ReplyWay> All, string? Suggested, string? OpenRequest);

/// <summary>Puts together what was said about a case in all its places: messages and replies, what the customer wrote on the status page, what they were told, our own notes.</summary>
internal sealed class ThreadReading(Workbench workbench, Senders senders, IOptions<ServiceDeskOptions> options, TimeProvider clock)
{
    private const string StatusPage = ReplyWays.StatusPage;
    private const string FromStatusPage = "customer";

    public Task<TicketThread?> ReadAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        if (await db.Tickets.FirstOrDefaultAsync(t => t.Tenant == tenant && t.Number == number, ct) is not { } ticket) return null;
        var sent = await db.Outbox.Where(o => o.Tenant == tenant && o.Ticket == number).ToListAsync(ct);
        List<ThreadEntry> entries = [.. await MessagesAsync(db, ticket, ct), .. await RepliesAsync(db, ticket, sent, ct), .. await VoiceAsync(db, ticket, ct), .. await ToldAsync(db, ticket, sent, ct), .. await NotesAsync(db, ticket, ct)];
        var ways = await WaysAsync(db, ticket, clock.GetUtcNow(), ct);
        // By the time of each, then by what does not depend on the order of arrival.
        return new TicketThread(ticket.Number, await OwnerAsync(db, ticket, ct), ticket.CustomerWroteAt, [.. entries.OrderBy(e => e.At).ThenBy(e => e.Side).ThenBy(e => e.Channel, StringComparer.Ordinal).ThenBy(e => e.Text.En, StringComparer.Ordinal)], ways.All, ways.Suggested);
    }, ct);

    public async Task<string> OwnerAsync(DeskContext db, TicketRow ticket, CancellationToken ct) =>
        ticket.Assignee is { Length: > 0 } assignee ? assignee : (await QueueBook.InForceAsync(db, ticket.Tenant, ct)).Policy.AdviserOf(ticket.Customer, ticket.Tier) ?? options.Value.Notifications.Signature;

    /// <summary>How the customer of a case can be answered now, and by which of these they wrote last.</summary>
    public async Task<WaysToAnswer> WaysAsync(DeskContext db, TicketRow ticket, DateTimeOffset now, CancellationToken ct)
    {
        var contacts = await db.Contacts.AsNoTracking().Where(c => c.Tenant == ticket.Tenant).ToListAsync(ct);
        var reachable = (await db.Recipients.AsNoTracking().Where(r => r.Tenant == ticket.Tenant && r.Audience == Audience.Customer && r.Enabled).OrderBy(r => r.Id).ToListAsync(ct))
            .Where(r => r.IsFor(ticket.Site, ticket.Customer) && !contacts.Any(c => c.Recipients.Contains(r.Id) && c.HasLeft(now))).ToList();
        var request = await db.Requests.AsNoTracking().Where(r => r.Tenant == ticket.Tenant && r.Ticket == ticket.Number && r.Status == RequestStatus.Open).OrderByDescending(r => r.Sequence).FirstOrDefaultAsync(ct);
        List<ReplyWay> all =
        [
            .. reachable.Select(r => new ReplyWay(ReplyWays.Of(r.Id), Camel(r.Channel), contacts.Find(c => c.Recipients.Contains(r.Id))?.Name ?? r.Title, r.Shown)),
            new ReplyWay(ReplyWays.Phone, ReplyWays.Phone, ticket.Customer, null),
        ];
        if (request is not null) all.Add(new ReplyWay(StatusPage, StatusPage, request.Number, null));
        return new WaysToAnswer(all, await SuggestedAsync(db, ticket, reachable, request, now, ct), request?.Number);
    }

    private async Task<string?> SuggestedAsync(DeskContext db, TicketRow ticket, List<RecipientRow> reachable, RequestRow? request, DateTimeOffset now, CancellationToken ct)
    {
        var last = await db.Messages.AsNoTracking().Where(m => m.Tenant == ticket.Tenant && m.Ticket == ticket.Number && m.Verified).OrderByDescending(m => m.At).ThenByDescending(m => m.ExternalId).FirstOrDefaultAsync(ct);
        if (request is not null && !(last?.At > request.AskedAt)) return StatusPage;
        if (last is null) return null;
        if (last.Channel is MessageChannel.Phone) return ReplyWays.Phone;
        var theirs = (await senders.FindAsync(db, ticket.Tenant, last.Channel, last.From, now, ct))?.Recipients ?? [];
        return reachable.Where(r => theirs.Contains(r.Id) && Fits(r.Channel, last.Channel)).Select(r => ReplyWays.Of(r.Id)).FirstOrDefault();
    }

    private static bool Fits(Channel ours, MessageChannel theirs) => ours switch
    {
        Channel.Email => theirs is MessageChannel.Email,
        Channel.Sms => theirs is MessageChannel.Sms,
        _ => theirs is MessageChannel.Chat,
    };

    private static async Task<IEnumerable<ThreadEntry>> MessagesAsync(DeskContext db, TicketRow ticket, CancellationToken ct)
    {
        var rows = await db.Messages.Where(m => m.Tenant == ticket.Tenant && m.Ticket == ticket.Number).ToListAsync(ct);
        var names = (await db.Contacts.Where(c => c.Tenant == ticket.Tenant).ToListAsync(ct)).ToDictionary(c => c.Id, c => c.Name);
        return rows.Select(m => new ThreadEntry(
            m.At, ThreadSide.In, "message", m.Number, Camel(m.Channel), (m.Verified && m.Contact is { } contact ? names.GetValueOrDefault(contact) : null) ?? m.FromName ?? Masked(m), Masked(m), m.Verified, m.Subject,
            Plain(m.Text.Length > 0 ? m.Text : m.Subject ?? "")));
    }

    private static string Masked(MessageRow m) => m.Channel is MessageChannel.Chat ? m.From : AddressMask.Of(m.Channel is MessageChannel.Email ? Channel.Email : Channel.Sms, m.From);

    private static async Task<IEnumerable<ThreadEntry>> RepliesAsync(DeskContext db, TicketRow ticket, List<OutboxRow> sent, CancellationToken ct)
    {
        var rows = await db.Replies.Where(r => r.Tenant == ticket.Tenant && r.Ticket == ticket.Number).ToListAsync(ct);
        return rows.Select(r =>
        {
            var delivery = sent.Find(o => o.Id == r.Outbox);
            return new ThreadEntry(r.At, ThreadSide.Out, "reply", r.Number, r.Channel, r.Owner, r.Address, null, null, Plain(r.Text), delivery?.State, delivery?.Reason);
        });
    }

    /// <summary>What the customer wrote on the status page, or had taken down by us, and what they read there.</summary>
    private static async Task<IEnumerable<ThreadEntry>> VoiceAsync(DeskContext db, TicketRow ticket, CancellationToken ct)
    {
        var (tenant, number) = (ticket.Tenant, ticket.Number);
        var taken = (await db.Timeline.Where(t => t.Ticket == number && t.Kind == "request" && t.Actor != FromStatusPage).ToListAsync(ct)).ConvertAll(t => t.Text.En);
        var requests = await db.Requests.Where(r => r.Tenant == tenant && r.Ticket == number).ToListAsync(ct);
        var complaints = await db.Complaints.Where(c => c.Tenant == tenant && c.Ticket == number).ToListAsync(ct);
        var lodged = complaints.ConvertAll(c => c.Number);
        var steps = await db.ComplaintSteps.Where(s => lodged.Contains(s.Complaint) && s.ForCustomer && s.Kind != "received").ToListAsync(ct);
        var compliments = await db.Compliments.Where(c => c.Tenant == tenant && c.Ticket == number).ToListAsync(ct);
        return
        [
            .. requests.Select(r => new ThreadEntry(r.AskedAt, ThreadSide.In, "request", r.Number, taken.Exists(t => t.Contains($"{r.Number} ", StringComparison.Ordinal)) ? "desk" : StatusPage, r.Customer, null, true, null, Plain(r.Text))),
            .. requests.Where(r => r.AnsweredAt is not null).Select(r => new ThreadEntry(r.AnsweredAt!.Value, ThreadSide.Out, "answer", r.Number, StatusPage, r.AnsweredBy ?? r.Department, null, null, null, Plain(r.Answer ?? ""))),
            .. complaints.Select(c => new ThreadEntry(c.ReceivedAt, ThreadSide.In, "complaint", c.Number, c.Channel is "staff" ? "desk" : StatusPage, c.Customer, null, true, null, Plain(c.Text))),
            .. steps.Select(s => new ThreadEntry(s.At, ThreadSide.Out, "answer", s.Complaint, StatusPage, s.Actor, null, null, null, s.Text)),
            .. compliments.Select(c => new ThreadEntry(c.At, ThreadSide.In, "compliment", c.ToCompliment().Id, c.Actor == FromStatusPage ? StatusPage : "desk", c.Customer, null, true, null, Plain(c.Text))),
        ];
    }

    private static async Task<IEnumerable<ThreadEntry>> ToldAsync(DeskContext db, TicketRow ticket, List<OutboxRow> sent, CancellationToken ct)
    {
        var recipients = (await db.Recipients.Where(r => r.Tenant == ticket.Tenant).ToListAsync(ct)).ToDictionary(r => r.Id);
        return sent.Where(o => o.Facts is { Audience: Audience.Customer, Words: null }).Select(o => new ThreadEntry(
            o.SentAt ?? o.At, ThreadSide.Out, "notification", o.Id, Camel(o.Channel), o.Facts.Accountable, recipients.GetValueOrDefault(o.Recipient)?.Shown, null, null, o.Facts.Headline, o.State, o.Reason));
    }

    private static async Task<IEnumerable<ThreadEntry>> NotesAsync(DeskContext db, TicketRow ticket, CancellationToken ct) =>
        (await db.Timeline.Where(t => t.Ticket == ticket.Number && t.Kind == "note").ToListAsync(ct)).Select(t => new ThreadEntry(t.At, ThreadSide.Internal, "note", $"N-{t.Id}", "desk", t.Actor, null, null, null, t.Text));

    private static string Camel<T>(T name) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(name.ToString());

    private static LocalizedText Plain(string text) => new(text, text);
}
