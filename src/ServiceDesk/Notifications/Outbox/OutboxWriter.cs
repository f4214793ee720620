using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Writes who is to be told into the transaction in which a ticket reaches a milestone: told and happened are one.</summary>
internal sealed class OutboxWriter(RecipientShelf shelf, IOptions<ServiceDeskOptions> options)
{
    /// <returns>Whether anybody is to be told.</returns>
    public async Task<bool> WriteAsync(DeskWork work, CancellationToken ct)
    {
        var wrote = false;
        for (var i = 0; i < work.Noted.Count; i++)
        {
            var note = work.Noted[i];
            if (MysteryDevice.Is(note.Ticket.Site, note.Ticket.Device)) continue;   // nobody is told of what is only played
            var told = (await shelf.OfAsync(note.Ticket.Tenant, ct)).Where(r => r.Wants(note.Ticket, note.Entry.Kind, note.Rung)).ToList();
            if (told.Count == 0) continue;
            wrote = true;
            var occurrence = await OccurrenceAsync(work, i, ct);
            foreach (var recipient in await RouteAsync(work, note.Ticket.Tenant, told, ct)) work.Db.Outbox.Add(RowOf(note, occurrence, recipient, work.Now));
        }
        foreach (var notice in work.Notices)
        {
            var told = (await shelf.OfAsync(notice.Tenant, ct)).Where(r => r.Wants(notice.Site, notice.Customer, Priority.P4, notice.Milestone, notice.Rung)).ToList();
            foreach (var recipient in await RouteAsync(work, notice.Tenant, told, ct))
            {
                var facts = notice.Facts(recipient.Audience, options.Value.Notifications.Signature, work.Now);
                work.Db.Outbox.Add(RowOf(notice.Tenant, facts, notice.Occurrence, recipient, work.Now));
                wrote = true;
            }
        }
        return wrote;
    }

    /// <summary>What is meant for a contact who has left is for who took over; whom nobody follows the sender reports.</summary>
    private async Task<IEnumerable<RecipientRow>> RouteAsync(DeskWork work, string tenant, List<RecipientRow> told, CancellationToken ct)
    {
        var contacts = await work.Db.Contacts.AsNoTracking().Where(c => c.Tenant == tenant).ToListAsync(ct);
        if (contacts.Count == 0) return told;
        var routing = new ContactRouting(contacts, [.. await shelf.OfAsync(tenant, ct)]);
        return told.Select(r => routing.Of(r, work.Now) ?? r).DistinctBy(r => r.Id);
    }

    /// <summary>1 the first time that the ticket reaches this milestone: those saved before, and those of this work before it.</summary>
    private static async Task<int> OccurrenceAsync(DeskWork work, int index, CancellationToken ct)
    {
        var (ticket, entry, _) = work.Noted[index];
        var before = await work.Db.Timeline.CountAsync(t => t.Ticket == ticket.Number && t.Kind == entry.Kind, ct);
        return before + work.Noted.Take(index).Count(n => n.Ticket.Number == ticket.Number && n.Entry.Kind == entry.Kind) + 1;
    }

    private OutboxRow RowOf(Noted note, int occurrence, RecipientRow recipient, DateTimeOffset now) =>
        RowOf(note.Ticket.Tenant, MessageFacts.Of(note.Ticket, note.Entry, recipient.Audience, options.Value.Notifications.Signature), occurrence, recipient, now);

    public static OutboxRow RowOf(string tenant, MessageFacts facts, int occurrence, RecipientRow recipient, DateTimeOffset now)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{tenant}/{facts.Ticket}/{facts.Milestone}/{occurrence}/{recipient.Id}/{recipient.Channel}");
        var quietEnd = facts.IsUrgent ? null : QuietHours.EndOf(now, recipient);
        return new OutboxRow
        {
            Id = StableHash.Id("msg", key).Replace('-', '_'), Key = key, Tenant = tenant, Ticket = facts.Ticket, Milestone = facts.Milestone, Occurrence = occurrence, Recipient = recipient.Id,
            Channel = recipient.Channel, Facts = facts, At = now, State = quietEnd is null ? DeliveryState.Pending : DeliveryState.Held, DueAt = quietEnd ?? now,
        };
    }
}
