using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Notifications;

/// <summary>Recipients and deliveries as the other rooms see them.</summary>
internal sealed class NotificationBook(
    Workbench workbench, RecipientShelf shelf, AddressVault vault, OutboxSender sender, OutboxSignal signal, IAudit audit, IOptions<ServiceDeskOptions> options, TimeProvider clock) : INotifications
{
    private const int MostPerPage = 1001;

    private NotificationOptions Options => options.Value.Notifications;

    public IReadOnlyList<string> Rungs => options.Value.EscalationLadder;

    public IReadOnlyDictionary<string, LocalizedText> MilestonesOf(Audience audience) => MilestoneWords.For(audience).ToDictionary(m => m, m => MilestoneWords.Of(m, audience));

    public async Task<IReadOnlyList<Recipient>> RecipientsAsync(string tenant, CancellationToken ct) => [.. (await shelf.OfAsync(tenant, ct)).Select(r => r.ToRecipient())];

    public async Task<Outcome<Recipient>> PutAsync(string tenant, string id, RecipientOrder order, string actor, CancellationToken ct)
    {
        var put = await workbench.TryAsync<RecipientRow>(clock.GetUtcNow(), async work =>
        {
            var row = await work.Db.Recipients.FindAsync([tenant, id], ct);
            var kept = row is not null && row.Channel == order.Channel ? vault.Open(tenant, id, row.Sealed) : null;   // another channel has another address
            var to = new Destination(order.Address ?? kept?.Address ?? "", order.Secrets ?? kept?.Secrets ?? []);
            if (RecipientCheck.Of(id, order, to, options.Value.EscalationLadder, Options.AllowPrivateAddresses) is { } refusal) return refusal;
            var isNew = row is null;
            row ??= new RecipientRow { Tenant = tenant, Id = id, Title = "", Sealed = "", Shown = "", Language = "", Zone = "", Milestones = [], Sites = [] };
            Fill(row, order, to, work.Now);
            if (isNew) work.Db.Recipients.Add(row);
            return row;
        }, ct);
        shelf.Forget();
        return await ReportAsync(tenant, actor, "recipient.put", $"recipient:{id}", put.Refusal, put.Value is { } saved ? $"{saved.Channel} {saved.Shown}" : null, put.Value?.ToRecipient(), ct);
    }

    public async Task<Outcome<Recipient>> RemoveAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        var removed = await workbench.TryAsync<RecipientRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Recipients.FindAsync([tenant, id], ct) is not { } row) return NoRecipient(id);
            work.Db.Recipients.Remove(row);
            return row;
        }, ct);
        shelf.Forget();
        signal.Wake();   // what waits for it ends now
        return await ReportAsync(tenant, actor, "recipient.remove", $"recipient:{id}", removed.Refusal, null, removed.Value?.ToRecipient(), ct);
    }

    public async Task<Outcome<TestDelivery>> TestAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        if (await shelf.FindAsync(tenant, id, ct) is not { } recipient) return NoRecipient(id);
        if (vault.Open(tenant, id, recipient.Sealed) is not { } to) return Refusal.Because("its address cannot be read any more: enter it again");
        var now = clock.GetUtcNow();
        var message = new Composer(recipient, Options).Of($"test_{Guid.CreateVersion7(now):n}", MessageFacts.Test(recipient.Audience, Options.Signature, now));
        var answer = await sender.SendAsync(sender.ChannelOf(recipient.Channel), to, message, ct);
        var test = new TestDelivery(answer.Verdict is Verdict.Delivered, answer.Words);
        await audit.RecordAsync(tenant, actor, "recipient.test", $"recipient:{id}", null, test.Delivered ? "ok" : "failed", answer.Words, ct);
        return test;
    }

    public Task<IReadOnlyList<Delivery>> OutboxAsync(OutboxFilter filter, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Delivery>>(async db =>
    {
        var rows = db.Outbox.Where(r => r.Tenant == filter.Tenant);
        if (filter.State is { } state) rows = rows.Where(r => r.State == state);
        if (filter.Ticket is { } ticket) rows = rows.Where(r => r.Ticket == ticket);
        if (filter.Recipient is { } recipient) rows = rows.Where(r => r.Recipient == recipient);
        if (filter.Before is { } before) rows = rows.Where(r => r.Number < before);
        var page = await rows.OrderByDescending(r => r.Number).Take(Math.Clamp(filter.Limit, 1, MostPerPage)).ToListAsync(ct);
        return [.. page.Select(r => r.ToDelivery())];
    }, ct);

    public async Task<Outcome<Delivery>> ResendAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        var again = await workbench.TryAsync<OutboxRow>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Outbox.FirstOrDefaultAsync(r => r.Tenant == tenant && r.Id == id, ct) is not { } row) return Refusal.NotFound($"there is no message {id}");
            if (row.State is DeliveryState.Pending && row.DueAt <= work.Now) return Refusal.Conflict($"{id} is on its way");
            (row.Attempts, row.Reason, row.DigestOf) = (0, null, null);
            row.Wait(DeliveryState.Pending, work.Now);
            return row;
        }, ct);
        if (again.Succeeded) signal.Wake();
        return await ReportAsync(tenant, actor, "message.resend", $"message:{id}", again.Refusal, null, again.Value?.ToDelivery(), ct);
    }

    private void Fill(RecipientRow row, RecipientOrder order, Destination to, DateTimeOffset now)
    {
        (row.Title, row.Audience, row.Customer, row.Channel) = (order.Title.Trim(), order.Audience, order.Customer, order.Channel);
        (row.Sealed, row.Shown, row.Secrets) = (vault.Seal(row.Tenant, row.Id, to), AddressMask.Of(order.Channel, to.Address), to.Secrets.Count);
        (row.Language, row.Zone, row.QuietFrom, row.QuietTo) = (order.Language, order.Zone, order.QuietFrom, order.QuietTo);
        row.Milestones = order.Milestones ?? MilestoneWords.Usual(order.Audience, order.Rung);
        (row.LeastPriority, row.Sites, row.Rung, row.OptedIn) = (order.LeastPriority, order.Sites ?? [], order.Rung, order.OptedIn);
        (row.Enabled, row.DisabledWhy, row.UpdatedAt, row.Version) = (order.Enabled, null, now, row.Version + 1);
    }

    private async Task<Outcome<T>> ReportAsync<T>(string tenant, string actor, string action, string subject, Refusal? refusal, string? detail, T? value, CancellationToken ct) where T : class
    {
        await audit.RecordAsync(tenant, actor, action, subject, null, refusal?.Code ?? "ok", refusal?.Reason ?? detail, ct);
        return refusal is not null ? refusal : value!;   // there is one when nothing was refused
    }

    private static Refusal NoRecipient(string id) => Refusal.NotFound($"there is no recipient '{id}'");
}
