using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Takes what is due to its recipients, each recipient's in order, several recipients at once. No transaction is open while one waits for an answer.</summary>
/// <remarks>A message is marked after the answer: whoever dies in between sends it again under the same id.</remarks>
internal sealed class OutboxSender(
    Workbench workbench, RecipientShelf shelf, AddressVault vault, IEnumerable<IChannel> channels, SendQuota quota, TipTokens tips, IOptions<ServiceDeskOptions> options, TimeProvider clock, ILogger<OutboxSender> logger)
    : IOutboxSender, IDisposable
{
    private const int MostAtOnce = 500;
    private static readonly ParallelOptions Lanes = new() { MaxDegreeOfParallelism = 8 };

    private readonly Dictionary<Channel, IChannel> _channels = channels.ToDictionary(c => c.Kind);
    private readonly SemaphoreSlim _round = new(1, 1);

    private NotificationOptions Options => options.Value.Notifications;

    public async Task<DateTimeOffset?> SendDueAsync(CancellationToken ct)
    {
        await _round.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            var due = await workbench.ReadAsync(db => db.Outbox.Where(r => r.DueAt <= now).OrderBy(r => r.Number).Take(MostAtOnce).ToListAsync(ct), ct);
            var lanes = due.GroupBy(r => (r.Tenant, r.Recipient));
            await Parallel.ForEachAsync(lanes, new ParallelOptions { MaxDegreeOfParallelism = Lanes.MaxDegreeOfParallelism, CancellationToken = ct }, async (lane, token) => await SendLaneAsync([.. lane], token));
            return await workbench.ReadAsync(db => db.Outbox.MinAsync(r => r.DueAt, ct), ct);
        }
        finally
        {
            _round.Release();
        }
    }

    public void Dispose() => _round.Dispose();

    private async Task SendLaneAsync(List<OutboxRow> rows, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var recipient = await shelf.FindAsync(rows[0].Tenant, rows[0].Recipient, ct);
        if (recipient is not { Enabled: true })
        {
            await MarkAsync(rows, row => row.End(DeliveryState.Disabled, recipient is null ? "the recipient is gone" : "the recipient is switched off"));
            return;
        }
        if (await HasMovedAsync(rows, recipient, now, ct)) return;
        await MarkAsync(Take(rows, row => row.DueAt + Options.ExpireAfter < now), row => row.End(DeliveryState.Expired, "too old to be of use"));
        await MarkAsync(Take(rows, row => row.Channel != recipient.Channel), row => row.End(DeliveryState.Disabled, "the recipient is reached by another channel now"));
        await EndUnwantedTipsAsync(rows, recipient, ct);
        if (QuietHours.EndOf(now, recipient) is { } quietEnd)
            await MarkAsync(Take(rows, row => !row.Facts.IsUrgent), row => row.Wait(DeliveryState.Held, quietEnd));
        if (rows.Count == 0) return;
        if (vault.Open(recipient.Tenant, recipient.Id, recipient.Sealed) is not { } to)
        {
            await MarkAsync(rows, row => row.End(DeliveryState.Failed, "its address cannot be read any more: enter it again"));
            return;
        }
        await DeliverAsync(rows, recipient, to, ct);
    }

    /// <summary>A contact who has left while messages waited: they are addressed anew and go with the next round.</summary>
    private async Task<bool> HasMovedAsync(List<OutboxRow> rows, RecipientRow recipient, DateTimeOffset now, CancellationToken ct)
    {
        var contacts = await workbench.ReadAsync(db => db.Contacts.Where(c => c.Tenant == recipient.Tenant).ToListAsync(ct), ct);
        var follower = new ContactRouting(contacts, [.. await shelf.OfAsync(recipient.Tenant, ct)]).Of(recipient, now);
        if (follower?.Id == recipient.Id) return false;
        await MarkAsync(rows, row =>
        {
            if (row.Facts.Tip is not null) row.End(DeliveryState.Disabled, "the contact has left");   // who follows has tips of their own
            else if (follower is null) row.End(DeliveryState.Disabled, "the contact has left, and nobody who can be reached follows");
            else (row.Recipient, row.Channel, row.Version) = (follower.Id, follower.Channel, row.Version + 1);
        });
        return true;
    }

    /// <summary>Who has unsubscribed while a tip waited does not have it, and nobody has one without a link to unsubscribe by.</summary>
    private async Task EndUnwantedTipsAsync(List<OutboxRow> rows, RecipientRow recipient, CancellationToken ct)
    {
        if (rows.TrueForAll(r => r.Facts.Tip is null)) return;
        if (await workbench.ReadAsync(db => db.TipOptOuts.AnyAsync(o => o.Tenant == recipient.Tenant && o.Recipient == recipient.Id, ct), ct))
            await MarkAsync(Take(rows, row => row.Facts.Tip is not null), row => row.End(DeliveryState.Disabled, "the recipient wants no tips"));
        else if (Options.PublicUrl is null)
            await MarkAsync(Take(rows, row => row.Facts.Tip is not null), row => row.End(DeliveryState.Disabled, "no link to unsubscribe by: set portal.publicUrl"));
    }

    private async Task DeliverAsync(List<OutboxRow> rows, RecipientRow recipient, Destination to, CancellationToken ct)
    {
        var channel = _channels[recipient.Channel];
        var composer = new Composer(recipient, Options) { Unsubscribing = campaign => tips.Of(new TipLink(recipient.Tenant, recipient.Id, campaign)) };
        while (rows.Count > 0)
        {
            var (free, nextAt) = quota.Ask(RobotOf(recipient.Channel, to), channel.Rates, clock.GetUtcNow());
            if (free == 0)
            {
                await MarkAsync(rows, row => row.Wait(DeliveryState.Pending, nextAt));
                return;
            }
            // The last that may go now takes the rest with it, up to a tip: that one needs its own link.
            var together = free == 1 && rows[0].Facts.Tip is null ? rows.TakeWhile(r => r.Facts.Tip is null).ToList() : rows[..1];
            rows.RemoveRange(0, together.Count);
            var answer = await SendAsync(channel, to, together.Count > 1 ? composer.Digest(together) : composer.Of(together[0]), ct);
            await RecordAsync(together, answer);
            if (answer.Verdict is Verdict.Gone)
            {
                await SwitchOffAsync(recipient, answer.Words);
                await MarkAsync(rows, row => row.End(DeliveryState.Disabled, "the receiver does not want messages any more"));
                return;
            }
            if (answer.Verdict is not Verdict.Unreachable) continue;
            var retryAt = clock.GetUtcNow() + (together[0].Attempts == 0 ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(5));
            await MarkAsync(rows, row => WaitOrExpire(row, retryAt));   // nobody is there: they wait without having been tried
            return;
        }
    }

    private void WaitOrExpire(OutboxRow row, DateTimeOffset until)
    {
        if (RetrySchedule.IsTooLate(row, until, Options.ExpireAfter)) row.End(DeliveryState.Expired, "too old to be of use");
        else row.Wait(row.State, until);
    }

    public async Task<Answer> SendAsync(IChannel channel, Destination to, Message message, CancellationToken ct)
    {
        quota.Count(RobotOf(channel.Kind, to), clock.GetUtcNow());
        try
        {
            return await channel.SendAsync(to, message, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogError(failure, "message {Id} by {Channel} failed in a way that nobody foresaw", message.Id, channel.Kind);
            return new Answer(Verdict.Failed, "we failed, not the receiver; the log has the cause");
        }
    }

    public IChannel ChannelOf(Channel kind) => _channels[kind];

    private Task RecordAsync(List<OutboxRow> rows, Answer answer) => MarkAsync(rows, row =>
    {
        row.Attempts++;
        if (rows.Count > 1) row.DigestOf = rows[0].Id;
        var now = clock.GetUtcNow();
        if (answer.Verdict is Verdict.Delivered)
        {
            row.SentAt = now;
            row.End(DeliveryState.Sent, answer.Words);
        }
        else if (answer.Verdict is Verdict.Failed or Verdict.Unreachable && RetrySchedule.Next(row, row.Attempts, now, answer.RetryAfter, Options.ExpireAfter) is { } next)
        {
            row.Wait(DeliveryState.Pending, next);
            row.Reason = answer.Words;
        }
        else row.End(answer.Verdict is Verdict.Gone ? DeliveryState.Disabled : DeliveryState.Failed, answer.Words);
    });

    /// <summary>Also while we stop: what has been sent must not be forgotten.</summary>
    private async Task MarkAsync(IReadOnlyCollection<OutboxRow> rows, Action<OutboxRow> mark)
    {
        if (rows.Count == 0) return;
        var numbers = rows.Select(r => r.Number).ToList();
        await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            foreach (var row in await work.Db.Outbox.Where(r => numbers.Contains(r.Number)).OrderBy(r => r.Number).ToListAsync(CancellationToken.None))
                if (row.IsWaiting) mark(row);
            return true;
        }, CancellationToken.None);
    }

    private async Task SwitchOffAsync(RecipientRow recipient, string why)
    {
        logger.LogWarning("recipient {Recipient} of {Tenant} is switched off: {Reason}", recipient.Id, recipient.Tenant, why);
        await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.Recipients.FindAsync([recipient.Tenant, recipient.Id], CancellationToken.None) is not { } row || row.Version != recipient.Version) return false;   // changed meanwhile: perhaps mended
            (row.Enabled, row.DisabledWhy, row.UpdatedAt, row.Version) = (false, $"the receiver answered {why}", work.Now, row.Version + 1);
            return true;
        }, CancellationToken.None);
        shelf.Forget();
    }

    /// <summary>Two recipients with one address share its rate.</summary>
    private static string RobotOf(Channel channel, Destination to) => $"{channel}:{to.Address}";

    private static List<OutboxRow> Take(List<OutboxRow> rows, Func<OutboxRow, bool> which)
    {
        var taken = rows.Where(which).ToList();
        rows.RemoveAll(taken.Contains);
        return taken;
    }
}
