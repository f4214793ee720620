using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>The campaigns as those see them who write them.</summary>
internal sealed class TipBook(
    Workbench workbench, TipClock tips, MachineReader machines, TipOptOuts optOuts, RecipientShelf shelf, IDeviceRegistry devices, DeskSignals signals, IAudit audit, IOptions<ServiceDeskOptions> options, TimeProvider clock) : ITips
{
    private const int MostPerWeek = 20;
    private const int MostListed = 1000;
    private static readonly TimeOnly UsualTime = new(9, 0);

    public Task<IReadOnlyList<TipCampaign>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<TipCampaign>>(async db =>
        (await db.TipCampaigns.Where(c => c.Tenant == tenant).OrderBy(c => c.Id).ToListAsync(ct)).ConvertAll(c => c.ToCampaign()), ct);

    public Task<TipCampaign?> FindAsync(string tenant, string id, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.TipCampaigns.FirstOrDefaultAsync(c => c.Tenant == tenant && c.Id == id, ct))?.ToCampaign(), ct);

    public async Task<Outcome<TipCampaign>> PutAsync(string tenant, string id, TipCampaignOrder order, string actor, CancellationToken ct)
    {
        var put = TipCheck.Of(id, order) is { } fault ? fault : await workbench.TryAsync<TipCampaign>(clock.GetUtcNow(), async work =>
        {
            var row = await work.Db.TipCampaigns.FindAsync([tenant, id], ct);
            if (row is { State: TipState.Running or TipState.Ended }) return NotNow(row, "change");
            var from = order.From ?? row?.From ?? DateOnly.FromDateTime(work.Now.UtcDateTime);
            if (order.Until < from) return Refusal.Invalid("tip-until", "until: not before from");
            if (row is null) work.Db.TipCampaigns.Add(row = new TipCampaignRow { Tenant = tenant, Id = id, Title = order.Title, Subject = order.Subject, Body = order.Body, Scope = new TipScope(), Conditions = [] });
            (row.Title, row.Subject, row.Body) = (order.Title, order.Subject, order.Body);
            (row.Scope, row.Conditions, row.Day, row.At) = (order.Scope ?? new TipScope(), order.Conditions ?? [], order.Day, order.At ?? UsualTime);
            (row.From, row.Until, row.RepeatDays, row.Version) = (from, order.Until, order.RepeatDays, row.Version + 1);
            return row.ToCampaign();
        }, ct);
        return await ReportAsync(tenant, actor, "tip.put", id, put, ct);
    }

    public async Task<Outcome<TipCampaign>> StartAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        var sites = await devices.ListSitesAsync(tenant, ct);
        return await ChangeAsync(tenant, id, "start", actor, (row, now) =>
        {
            if (row.State is not (TipState.Draft or TipState.Paused)) return NotNow(row, "start");
            if (options.Value.Notifications.PublicUrl is null) return Refusal.Because("tip-public-url", "no tip goes out without a link to unsubscribe by: set portal.publicUrl");
            if (TipCalendar.IsOver(row, now)) return Refusal.Because("tip-over", $"{row.Id} ends on {row.Until:yyyy-MM-dd}, which has passed; give it a later end");
            (row.State, row.LookedAt) = (TipState.Running, now);   // what lies behind is not made up for
            TipClock.MoveOn(row, sites, now);
            return null;
        }, ct);
    }

    public Task<Outcome<TipCampaign>> PauseAsync(string tenant, string id, string actor, CancellationToken ct) => ChangeAsync(tenant, id, "pause", actor, (row, _) =>
    {
        if (row.State is not TipState.Running) return NotNow(row, "pause");
        (row.State, row.NextAt, row.DueAt) = (TipState.Paused, null, null);
        return null;
    }, ct);

    public Task<Outcome<TipCampaign>> EndAsync(string tenant, string id, string actor, CancellationToken ct) => ChangeAsync(tenant, id, "end", actor, (row, _) =>
    {
        if (row.State is TipState.Ended) return NotNow(row, "end");
        (row.State, row.NextAt, row.DueAt) = (TipState.Ended, null, null);
        return null;
    }, ct);

    public async Task<Outcome<TipPreview>> PreviewAsync(string tenant, string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await workbench.ReadAsync(db => db.TipCampaigns.FirstOrDefaultAsync(c => c.Tenant == tenant && c.Id == id, ct), ct) is not { } row) return Unknown(id);
        var zones = (await devices.ListSitesAsync(tenant, ct)).ToDictionary(s => s.Id, s => TipCalendar.ZoneOf(s.TimeZone));
        var facts = await machines.ReadAsync(row, null, now, ct);
        var selection = await workbench.ReadAsync(db => tips.SelectionAsync(db, row, now, ct), ct);
        var choices = facts.SelectMany(f =>
        {
            var zone = zones.GetValueOrDefault(f.Device.Site) ?? TipCalendar.ZoneOf(null);
            return selection.Of(f, zone, TipCalendar.Today(row, zone, now));
        }).ToList();
        return new TipPreview(
            facts.Count, choices.GroupBy(c => c.Fate).ToDictionary(g => g.Key, g => g.Count()),
            [.. choices.OrderBy(c => c.Fate).ThenBy(c => c.Facts.Device.Id, StringComparer.Ordinal).Take(ITips.MostProspects).Select(c => c.ToProspect())], options.Value.Notifications.PublicUrl is null);
    }

    public Task<IReadOnlyList<TipDelivery>> DeliveriesAsync(string tenant, string id, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<TipDelivery>>(async db =>
    {
        var sent = await (from s in db.TipsSent
                          join m in db.Outbox on s.Id equals m.Id
                          where s.Tenant == tenant && s.Campaign == id
                          orderby m.Number descending
                          select new { Sent = s, Message = m }).Take(MostListed).ToListAsync(ct);
        return sent.ConvertAll(s => s.Sent.ToDelivery(s.Message));
    }, ct);

    public Task<IReadOnlyDictionary<string, TipFigures>> FiguresAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyDictionary<string, TipFigures>>(async db =>
    {
        var counts = await (from s in db.TipsSent
                            join m in db.Outbox on s.Id equals m.Id
                            where s.Tenant == tenant
                            group m by new { s.Campaign, m.State } into g
                            select new { g.Key.Campaign, g.Key.State, Count = g.Count() }).ToListAsync(ct);
        var left = await db.TipOptOuts.Where(o => o.Tenant == tenant && o.Campaign != null).GroupBy(o => o.Campaign!).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return counts.Select(c => c.Campaign).Union(left.Keys).ToDictionary(id => id, id =>
        {
            int Of(params DeliveryState[] states) => counts.Where(c => c.Campaign == id && states.Contains(c.State)).Sum(c => c.Count);
            return new TipFigures(
                Of(Enum.GetValues<DeliveryState>()), Of(DeliveryState.Sent), Of(DeliveryState.Pending, DeliveryState.Held), Of(DeliveryState.Failed, DeliveryState.Disabled, DeliveryState.Expired), left.GetValueOrDefault(id));
        });
    }, ct);

    public Task<TipPolicy> PolicyAsync(string tenant, CancellationToken ct) => workbench.ReadAsync(db => TipPolicies.OfAsync(db, tenant, ct), ct);

    public async Task<Outcome<TipPolicy>> SetPolicyAsync(string tenant, TipPolicy policy, string actor, CancellationToken ct)
    {
        var set = policy.MostPerWeek is < 1 or > MostPerWeek ? Refusal.Invalid("tip-most", $"mostPerWeek: 1 to {MostPerWeek}") : await workbench.TryAsync<TipPolicy>(clock.GetUtcNow(), async work =>
        {
            await TipPolicies.SetAsync(work, tenant, policy, actor, ct);
            return policy;
        }, ct);
        await audit.RecordAsync(tenant, actor, "tip.policy", "tips", null, set.Refusal?.Code ?? "ok", set.Refusal?.Reason ?? $"mostPerWeek {policy.MostPerWeek}", ct);
        return set;
    }

    public Task<IReadOnlyList<TipOptOut>> OptOutsAsync(string tenant, CancellationToken ct) => optOuts.ListAsync(tenant, ct);

    public async Task<Outcome<Recipient>> SetOptOutAsync(string tenant, string recipient, bool optedOut, string actor, CancellationToken ct)
    {
        var known = await shelf.FindAsync(tenant, recipient, ct);
        if (known is not null) await optOuts.SetAsync(tenant, recipient, optedOut, actor, null, ct);
        else await audit.RecordAsync(tenant, actor, TipOptOuts.ActionOf(optedOut), $"recipient:{recipient}", null, "not-found", null, ct);
        return known is not null ? known.ToRecipient() : Refusal.NotFound("tip-recipient", $"there is no recipient '{recipient}'");
    }

    private async Task<Outcome<TipCampaign>> ChangeAsync(string tenant, string id, string action, string actor, Func<TipCampaignRow, DateTimeOffset, Refusal?> change, CancellationToken ct)
    {
        var changed = await workbench.TryAsync<TipCampaign>(clock.GetUtcNow(), async work =>
        {
            if (await work.Db.TipCampaigns.FindAsync([tenant, id], ct) is not { } row) return Unknown(id);
            if (change(row, work.Now) is { } refusal) return refusal;
            if (row.State is not TipState.Running) await WithdrawAsync(work, tenant, id, ct);
            row.Version++;
            return row.ToCampaign();
        }, ct);
        return await ReportAsync(tenant, actor, $"tip.{action}", id, changed, ct);
    }

    private static async Task WithdrawAsync(DeskWork work, string tenant, string id, CancellationToken ct)
    {
        var subject = TipMessage.SubjectOf(id);
        foreach (var message in await work.Db.Outbox.Where(m => m.Tenant == tenant && m.Ticket == subject && m.DueAt != null).ToListAsync(ct))
            message.End(DeliveryState.Disabled, "its campaign was paused or ended");
    }

    private async Task<Outcome<TipCampaign>> ReportAsync(string tenant, string actor, string action, string id, Outcome<TipCampaign> done, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"tip:{id}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }

    private static Refusal Unknown(string id) => Refusal.NotFound("tip-unknown", $"there is no tip campaign '{id}'");

    private static Refusal NotNow(TipCampaignRow row, string action) => Refusal.Conflict("tip-state", $"{row.Id} is {row.State}; '{action}' is not possible now");
}
