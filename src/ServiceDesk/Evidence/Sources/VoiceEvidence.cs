using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.ServiceDesk.Evidence.Sources;

/// <summary>What was said: the notes and what the customer wrote, and the messages that went out, to whom by which channel and when. Addresses stay secret.</summary>
internal sealed class VoiceEvidence(Workbench workbench, INotifications notifications, IComplaints complaints) : IEvidenceSource
{
    private const int Most = 1000;

    public async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        var (tenant, number) = (of.Ticket.Tenant, of.Ticket.Number);
        var (ratings, requests, compliments, messages, replies) = await workbench.ReadAsync(async db => (
            await db.Ratings.Where(r => r.Tenant == tenant && r.Ticket == number).ToListAsync(ct),
            await db.Requests.Where(r => r.Tenant == tenant && r.Ticket == number).OrderBy(r => r.Sequence).ToListAsync(ct),
            await db.Compliments.Where(c => c.Tenant == tenant && c.Ticket == number).OrderBy(c => c.Id).ToListAsync(ct),
            await db.Messages.Where(m => m.Tenant == tenant && m.Ticket == number).OrderBy(m => m.At).ThenBy(m => m.Sequence).ToListAsync(ct),
            await db.Replies.Where(r => r.Tenant == tenant && r.Ticket == number).OrderBy(r => r.Sequence).ToListAsync(ct)), ct);
        return
        [
            EvidenceFile.Json("thread.json", new
            {
                Notes = of.Ticket.Timeline.Where(entry => entry.Kind == "note").Select(entry => new { entry.At, entry.Actor, entry.Text }),
                Ratings = ratings.Select(r => new { r.At, r.ChangedAt, r.Answers }),
                Complaints = await complaints.ListAsync(new ComplaintFilter(tenant, Ticket: number, Limit: Most), ct),
                Requests = requests.Select(r => r.ToRequest()),
                Compliments = compliments.Select(c => c.ToCompliment()),
                Messages = messages.Select(m => new { m.Number, m.Channel, m.ExternalId, m.FromName, m.At, m.ReceivedAt, m.Verified, m.Subject, m.Text }),
                Replies = replies.Select(r => new { r.Number, r.At, r.Channel, r.Title, r.Owner, r.Actor, r.Text, r.Outbox }),
            }),
            EvidenceFile.Json("messages.json", (await notifications.OutboxAsync(new OutboxFilter(tenant, Ticket: number, Limit: Most), ct)).OrderBy(delivery => delivery.Number)),
        ];
    }
}
