using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Sends the tips of running campaigns when their hour has come at a site. Message, ledger and the campaign's next hour are saved as one.</summary>
internal sealed class TipClock(
    Workbench workbench, MachineReader machines, IDeviceRegistry devices, RecipientShelf shelf, OutboxSignal written, IOptions<ServiceDeskOptions> options)
{
    /// <summary>A site may be new, or have another time zone than when one looked last.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    public static Task<DateTimeOffset?> NextDueAsync(DeskContext db, CancellationToken ct) => db.TipCampaigns.MinAsync(c => c.DueAt, ct);

    public async Task LookAroundAsync(DateTimeOffset now, CancellationToken ct)
    {
        foreach (var campaign in await workbench.ReadAsync(db => db.TipCampaigns.Where(c => c.DueAt <= now).OrderBy(c => c.Tenant).ThenBy(c => c.Id).ToListAsync(ct), ct))
            if (await RunAsync(campaign, now, ct)) written.Wake();
    }

    /// <summary>Sets when the campaign's hour comes next, and when the desk must look.</summary>
    public static void MoveOn(TipCampaignRow campaign, IReadOnlyList<Site> sites, DateTimeOffset now)
    {
        campaign.NextAt = campaign.State is TipState.Running ? sites.Where(s => Includes(campaign, s.Id)).Min(s => TipCalendar.NextAfter(campaign, TipCalendar.ZoneOf(s.TimeZone), now)) : null;
        campaign.DueAt = campaign.State is not TipState.Running ? null : campaign.NextAt < now + LookAgain ? campaign.NextAt : now + LookAgain;
    }

    /// <summary>How the recipients stand now; read within the work that sends to them.</summary>
    public async Task<TipSelection> SelectionAsync(DeskContext db, TipCampaignRow campaign, DateTimeOffset now, CancellationToken ct)
    {
        var counts = now.AddDays(-TipCampaignOrder.MostRepeatDays - 1);
        var recipients = (await shelf.OfAsync(campaign.Tenant, ct)).ToList();
        var contacts = await db.Contacts.AsNoTracking().Where(c => c.Tenant == campaign.Tenant).ToListAsync(ct);
        var optedOut = (await db.TipOptOuts.Where(o => o.Tenant == campaign.Tenant).Select(o => o.Recipient).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var week = now.AddDays(-8);   // this one, in every zone
        var sent = await db.TipsSent.AsNoTracking().Where(s => s.Tenant == campaign.Tenant && (s.At >= week || (s.Campaign == campaign.Id && s.At >= counts))).ToListAsync(ct);
        var policy = await TipPolicies.OfAsync(db, campaign.Tenant, ct);
        return new TipSelection(campaign, policy.MostPerWeek, recipients, new ContactRouting(contacts, recipients), optedOut, sent);
    }

    private static bool Includes(TipCampaignRow campaign, string site) => campaign.Scope.Sites is not { Count: > 0 } only || only.Contains(site);

    /// <returns>Whether something is to be sent.</returns>
    private async Task<bool> RunAsync(TipCampaignRow seen, DateTimeOffset now, CancellationToken ct)
    {
        var sites = await devices.ListSitesAsync(seen.Tenant, ct);
        var due = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        if (options.Value.Notifications.PublicUrl is not null)   // without it no tip has a link to unsubscribe by: none goes out
            foreach (var site in sites)
                if (TipCalendar.DueAt(seen, TipCalendar.ZoneOf(site.TimeZone), now) is { } at) due[site.Id] = at;
        var facts = due.Count == 0 ? [] : await machines.ReadAsync(seen, due.Keys, now, ct);
        return await workbench.CommitAsync(now, async work =>
        {
            if (await work.Db.TipCampaigns.FindAsync([seen.Tenant, seen.Id], ct) is not { } campaign || campaign.Version != seen.Version) return false;   // changed meanwhile: seen again at once
            var zones = sites.ToDictionary(s => s.Id, s => TipCalendar.ZoneOf(s.TimeZone));
            var selection = await SelectionAsync(work.Db, campaign, now, ct);
            var goes = facts.SelectMany(f => selection.Of(f, zones[f.Device.Site], now)).Where(c => c.Goes).ToList();
            foreach (var choice in goes) Write(work, campaign, choice);
            campaign.LookedAt = now;
            if (TipCalendar.IsOver(campaign, now)) campaign.State = TipState.Ended;
            MoveOn(campaign, sites, now);
            campaign.Version++;
            return goes.Count > 0;
        }, ct);
    }

    private void Write(DeskWork work, TipCampaignRow campaign, TipChoice choice)
    {
        var message = TipMessage.Of(campaign, choice, options.Value.Notifications.Signature, work.Now);
        work.Db.Outbox.Add(message);
        work.Db.TipsSent.Add(TipMessage.LedgerOf(campaign, choice, message));
    }
}

/// <summary>Where a tenant's policy is kept.</summary>
internal static class TipPolicies
{
    private static string NameOf(string tenant) => $"tips:{tenant}";

    public static Task<TipPolicy> OfAsync(DeskContext db, string tenant, CancellationToken ct) => TenantSettings.ReadAsync<TipPolicy>(db, NameOf(tenant), ct);

    public static Task SetAsync(DeskWork work, string tenant, TipPolicy policy, string actor, CancellationToken ct) => TenantSettings.WriteAsync(work, NameOf(tenant), policy, actor, ct);
}
