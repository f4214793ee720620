using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

/// <summary>Who may be offered the release now, and the offer itself, signed and sent.</summary>
internal sealed class Offers(IDbContextFactory<FleetDatabase> databases, IDeviceRegistry devices, ICommands commands, KeyRing keys)
{
    private const string Actor = "campaign";
    private const string RiskClass = "R2";   // the machine's program is away for a moment

    /// <summary>Writes down the offers that fit now.</summary>
    /// <returns>Why some of the wave wait; null when none do.</returns>
    public async Task<string?> PrepareAsync(FleetDatabase database, CampaignRow campaign, DateTimeOffset now, CancellationToken ct)
    {
        var pending = await database.DeviceUpdates.Where(d => d.Tenant == campaign.Tenant && d.Campaign == campaign.Id && d.Wave == campaign.Wave && d.State == DeviceUpdateState.Pending)
            .OrderBy(d => d.Device).ToListAsync(ct);
        if (pending.Count == 0) return null;
        var definition = campaign.Definition();
        var underWay = await database.DeviceUpdates.CountAsync(d => d.Tenant == campaign.Tenant && d.State == DeviceUpdateState.Offered, ct);
        if (underWay >= definition.Rules.MaxInFlight) return Restraint.Spent(underWay);   // before the whole fleet is looked at
        var restraint = await RestraintAsync(database, campaign.Tenant, definition.Rules, now, ct);
        string? waiting = null;
        foreach (var row in pending)
        {
            if (await devices.FindAsync(new DeviceKey(campaign.Tenant, row.Device), ct) is not { } device)
            {
                (row.State, row.Detail, row.EndedAt) = (DeviceUpdateState.Cancelled, "it is no longer registered", now);
                continue;
            }
            if (restraint.WhyNot(device) is { } why)
            {
                waiting = why;
                continue;
            }
            restraint.Take(device);
            await OfferAsync(database, campaign, definition, row, device, now, ct);
        }
        return waiting;
    }

    /// <summary>Sends what was written down, and takes back what an abort overtook. Repeating it is harmless.</summary>
    public async Task SendAsync(string tenant, string campaignId, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var campaign = await database.Campaigns.AsNoTracking().FirstAsync(c => c.Tenant == tenant && c.Id == campaignId, ct);
        var rows = await database.DeviceUpdates.Where(d => d.Tenant == tenant && d.Campaign == campaignId && d.State == DeviceUpdateState.Offered).ToListAsync(ct);
        foreach (var row in rows)
        {
            var device = new DeviceKey(tenant, row.Device);
            if (row.Command is null && row.OfferJson is { } offer && row.ExpiresAt is { } expires && expires > now)
            {
                var sent = await commands.SendAsync(new CommandRequest(device, UpdateOffer.Command, offer, RiskClass, expires - now, $"{campaignId}/{row.Counter}", Actor), ct);
                row.Command = sent.Value?.Id;
                row.Detail = sent.Refusal?.Reason;
            }
            // A device that does not come has never taken the offer; one that has, asks for a payload it is no longer given.
            if (campaign.State is CampaignState.Aborted && row.Phase is not (UpdatePhase.Installing or UpdatePhase.Restarting or UpdatePhase.Probation))
                await commands.SendAsync(new CommandRequest(device, UpdateOffer.StopCommand, "{}", "R1", Rest(row, now), $"{campaignId}/{row.Counter}/stop", Actor), ct);
        }
        await database.SaveChangesAsync(ct);
    }

    private static TimeSpan Rest(DeviceUpdateRow row, DateTimeOffset now) => row.ExpiresAt is { } expires && expires - now > TimeSpan.FromMinutes(1) ? expires - now : TimeSpan.FromMinutes(1);

    private async Task OfferAsync(FleetDatabase database, CampaignRow campaign, CampaignDefinition definition, DeviceUpdateRow row, Device device, DateTimeOffset now, CancellationToken ct)
    {
        var last = await database.DeviceUpdates.Where(d => d.Tenant == row.Tenant && d.Device == row.Device).MaxAsync(d => (long?)d.Counter, ct) ?? 0;
        // Above all that the device has reported too: the table may be a restored backup.
        var shadow = await database.Shadows.AsNoTracking().FirstOrDefaultAsync(s => s.Tenant == row.Tenant && s.Device == row.Device, ct);
        var report = shadow is null ? null : DeviceReports.ReportIn(shadow.ReportedJson);
        (row.State, row.OfferedAt, row.ExpiresAt, row.Counter) = (DeviceUpdateState.Offered, now, now + definition.Rules.OfferValid, Math.Max(last, report?.Counter ?? 0) + 1);
        var release = (await database.Artefacts.AsNoTracking().FirstAsync(a => a.Tenant == row.Tenant && a.Id == campaign.Artefact, ct)).Document();
        var assignment = new UpdateAssignment(row.Tenant, row.Device, release.Hash, now, row.ExpiresAt.Value, row.Counter, campaign.Id, await WindowAsync(definition, device, now, ct));
        var offer = new UpdateOffer(
            UpdateDocuments.Sign(UpdateAssignment.Type, assignment, UpdateJson.Default.UpdateAssignment, keys.Director), release, keys.After(row.Tenant, report?.Keys ?? 1));
        row.OfferJson = JsonSerializer.Serialize(offer, UpdateJson.Default.UpdateOffer);
    }

    /// <summary>The window is the site's own time; the device is told in UTC.</summary>
    private async Task<DailyWindow?> WindowAsync(CampaignDefinition definition, Device device, DateTimeOffset now, CancellationToken ct)
    {
        if (definition.Window is not { } window) return null;
        var site = await devices.FindSiteAsync(device.Key.Tenant, device.Site, ct);
        var offset = site is not null && TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var zone) ? (int)zone.GetUtcOffset(now).TotalMinutes : 0;
        return new DailyWindow(Utc(window.FromMinute), Utc(window.ToMinute));

        int Utc(int local) => (((local - offset) % 1440) + 1440) % 1440;
    }

    private async Task<Restraint> RestraintAsync(FleetDatabase database, string tenant, CampaignRules rules, DateTimeOffset now, CancellationToken ct)
    {
        var soaking = now - rules.Soak;
        var touched = await database.DeviceUpdates.AsNoTracking()
            .Where(d => d.Tenant == tenant && (d.State == DeviceUpdateState.Offered || (d.State != DeviceUpdateState.Pending && d.State != DeviceUpdateState.Cancelled && d.EndedAt > soaking)))
            .Select(d => new { d.Device, d.State }).ToListAsync(ct);
        var restraint = new Restraint(await devices.EveryAsync(tenant, ct), rules.MaxInFlight);
        foreach (var row in touched)
        {
            if (await devices.FindAsync(new DeviceKey(tenant, row.Device), ct) is { } device) restraint.Note(device, underWay: row.State is DeviceUpdateState.Offered);
        }
        return restraint;
    }
}
