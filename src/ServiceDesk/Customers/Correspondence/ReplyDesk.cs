using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Correspondence;

/// <summary>Our answers: written into the outbox in the transaction that writes them on the case.</summary>
internal sealed class ReplyDesk(Workbench workbench, ThreadReading threads, ICustomerRequests requests, OutboxSignal written, TimeProvider clock)
{
    public const string NoteKind = "customer-answered";
    private const string Milestone = "reply";
    private const int FirstNumber = 1001;
    private const int MostText = 4000;
    private const int MostKey = 200;

    /// <returns>By which way.</returns>
    public async Task<Outcome<string>> SendAsync(string tenant, string number, ReplyOrder reply, string actor, CancellationToken ct)
    {
        if (reply.Text?.Trim() is not { Length: > 0 and <= MostText } text) return Refusal.Invalid("text-length", $"a text has 1 to {MostText} characters");
        if (reply.Key is { Length: 0 or > MostKey }) return Refusal.Invalid("reply-key", $"the key of a reply has 1 to {MostKey} characters");
        string? request = null;
        var done = await workbench.TryAsync<string>(clock.GetUtcNow(), async work =>
        {
            if (await work.TicketAsync(tenant, number, ct) is not { } ticket) return Refusal.NotFound("ticket-unknown", $"there is no ticket {number}");
            var key = reply.Key is { } given ? $"key:{given}" : await KeyOfAsync(work, ticket, text, reply.By, ct);
            if (await work.Db.Replies.FirstOrDefaultAsync(r => r.Tenant == tenant && r.Ticket == number && r.Key == key, ct) is { } sent) return sent.By;
            var ways = await threads.WaysAsync(work.Db, ticket, work.Now, ct);
            var by = reply.By ?? ways.Suggested;
            if (ways.All.FirstOrDefault(w => w.By == by) is not { } way)
                return by is null ? Refusal.Because("reply-way-none", $"the customer of {number} cannot be answered by the way they wrote; choose another, or enter how they are reached") : Refusal.Invalid("reply-way-unknown", $"'{by}' is no way to answer the customer of {number}");
            if (way.By == ReplyWays.StatusPage)
            {
                request = ways.OpenRequest;
                return way.By;
            }
            return await WriteAsync(work, ticket, way, key, text, actor, ct);
        }, ct);
        if (!done.Succeeded || request is null)
        {
            if (done.Succeeded) written.Wake();
            return done;
        }
        var answered = await requests.AnswerAsync(tenant, request, text, actor, ct);   // its own transaction; a second answer is refused
        return answered.Succeeded ? ReplyWays.StatusPage : answered.Refusal;
    }

    private async Task<Outcome<string>> WriteAsync(DeskWork work, TicketRow ticket, ReplyWay way, string key, string text, string actor, CancellationToken ct)
    {
        var owner = await threads.OwnerAsync(work.Db, ticket, ct);
        var sequence = (await work.Db.Replies.MaxAsync(r => (int?)r.Sequence, ct) ?? FirstNumber - 1) + 1;
        string? outbox = null;
        if (ReplyWays.RecipientOf(way.By) is { } id)
        {
            var recipient = await work.Db.Recipients.AsNoTracking().FirstAsync(r => r.Tenant == ticket.Tenant && r.Id == id, ct);
            var facts = MessageFacts.Reply(ticket, text, owner, work.Now);
            if (recipient.Channel is Channel.Sms && !ShortMessage.Fits(Composer.ShortReply(facts))) return Refusal.Invalid("reply-too-long", $"{text.Length} characters do not fit into one text message; shorten it, or answer another way");
            var row = OutboxWriter.RowOf(ticket.Tenant, facts, sequence, recipient, work.Now);
            work.Db.Outbox.Add(row);
            outbox = row.Id;
        }
        work.Db.Replies.Add(new ReplyRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"A-{sequence}"), Sequence = sequence, Tenant = ticket.Tenant, Ticket = ticket.Number, Key = key, By = way.By, Channel = way.Channel, Title = way.Title,
            Address = way.Address, Text = text, Owner = owner, Actor = actor, At = work.Now, Outbox = outbox,
        });
        ticket.CustomerWroteAt = null;
        work.Note(ticket, NoteKind, $"the customer was answered ({way.Channel})", $"已答复客户（{way.Channel}）", actor);
        return way.By;
    }

    /// <summary>The same words by the same way are one reply until the customer has written again: whoever posts twice answers once.</summary>
    private static async Task<string> KeyOfAsync(DeskWork work, TicketRow ticket, string text, string? by, CancellationToken ct)
    {
        var last = await work.Db.Messages.Where(m => m.Tenant == ticket.Tenant && m.Ticket == ticket.Number).MaxAsync(m => (int?)m.Sequence, ct);
        return $"text:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last}\n{by}\n{text}"))))}";
    }
}

/// <summary>What the ways to answer are called.</summary>
internal static class ReplyWays
{
    public const string Phone = "phone";
    public const string StatusPage = "status-page";
    private const string Recipient = "recipient:";

    public static string Of(string recipient) => Recipient + recipient;
    public static string? RecipientOf(string by) => by.StartsWith(Recipient, StringComparison.Ordinal) ? by[Recipient.Length..] : null;
}
