using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;
using Seamless.Storage.TimeSeries;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Asks registry, time series, tickets and contracts what a campaign wants to know of its machines, and nothing else.</summary>
internal sealed class MachineReader(Workbench workbench, IDeviceRegistry devices, ITimeSeriesStore store)
{
    private const int DevicesPerPage = 1000;

    /// <param name="sites">Only machines of these; all when null.</param>
    public async Task<IReadOnlyList<MachineFacts>> ReadAsync(TipCampaignRow campaign, IReadOnlyCollection<string>? sites, DateTimeOffset now, CancellationToken ct)
    {
        var held = await HeldAsync(campaign, sites, ct);
        var faults = Asks(campaign, TipTest.Fault) ? await FaultsAsync(campaign, now, ct) : null;
        var covered = Asks(campaign, TipTest.Cover) ? await CoveredAsync(campaign.Tenant, now, ct) : null;
        var machines = new List<MachineFacts>(held.Count);
        foreach (var device in held)
            machines.Add(new MachineFacts(device, now, await ValuesAsync(campaign, device, now, ct), [.. faults?[device.Id] ?? []], covered?.Contains(device.Id) == true));
        return machines;
    }

    private static bool Asks(TipCampaignRow campaign, TipTest test) => campaign.Conditions.Any(c => c.Test == test);

    private async Task<List<Device>> HeldAsync(TipCampaignRow campaign, IReadOnlyCollection<string>? sites, CancellationToken ct)
    {
        var held = new List<Device>();
        string? after = null;
        do
        {
            var page = await devices.ListAsync(new DeviceFilter(campaign.Tenant, After: after, Limit: DevicesPerPage), ct);
            held.AddRange(page.Where(d => campaign.Scope.Holds(d) && sites?.Contains(d.Site) != false && !MysteryDevice.Is(d.Site, d.Id)));
            after = page.Count == DevicesPerPage ? page[^1].Id : null;
        }
        while (after is not null);
        return [.. held.OrderBy(d => d.Id, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyDictionary<MetricAsked, double>> ValuesAsync(TipCampaignRow campaign, Device device, DateTimeOffset now, CancellationToken ct)
    {
        var values = new Dictionary<MetricAsked, double>();
        foreach (var asked in campaign.Conditions.Select(MetricAsked.Of).OfType<MetricAsked>().Distinct())
            if (await ValueAsync(asked, device, now, ct) is { } value) values[asked] = value;
        return values;
    }

    private async Task<double?> ValueAsync(MetricAsked asked, Device device, DateTimeOffset now, CancellationToken ct)
    {
        var since = now.AddDays(-asked.Days);
        if (asked.Measure is TipMeasure.Mean) return await MeanAsync(asked.Metric, device, since, now, ct);
        var newest = (await store.LatestAsync(device.Key, ct)).FirstOrDefault(v => v.Metric == asked.Metric);
        return newest is not null && newest.TimestampMs >= since.ToUnixTimeMilliseconds() && double.IsFinite(newest.Value) ? newest.Value : null;
    }

    /// <summary>Each value counts the same: the mean of a day that has few weighs little.</summary>
    private async Task<double?> MeanAsync(string metric, Device device, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var query = new SeriesQuery(device.Key, [metric], from, to.AddMilliseconds(1), TimeSpan.FromDays(1));   // what is measured at this instant counts
        var means = (await store.QueryAsync(query, ct)).SelectMany(s => s.Points).Where(p => double.IsFinite(p.Value)).ToDictionary(p => p.TimestampMs, p => p.Value);
        if (means.Count == 0) return null;
        var counts = (await store.QueryAsync(query with { Aggregate = Aggregate.Count }, ct)).SelectMany(s => s.Points).Where(p => means.ContainsKey(p.TimestampMs)).ToList();
        var all = counts.Sum(p => p.Value);
        return all > 0 ? counts.Sum(p => p.Value * means[p.TimestampMs]) / all : null;
    }

    private async Task<ILookup<string, FaultSeen>> FaultsAsync(TipCampaignRow campaign, DateTimeOffset now, CancellationToken ct)
    {
        var since = now.AddDays(-campaign.Conditions.Where(c => c.Test is TipTest.Fault).Max(c => c.Days));
        var tickets = await workbench.ReadAsync(db => db.Tickets
            .Where(t => t.Tenant == campaign.Tenant && t.Device != null && t.Status != TicketStatus.Cancelled && (t.ResolvedAt == null || t.ResolvedAt >= since)).ToListAsync(ct), ct);
        return tickets.Where(t => t.CauseCode is not null).ToLookup(t => t.Device!, t => new FaultSeen(t.CauseCode!, t.IsOpen ? null : t.ResolvedAt ?? t.StateChangedAt));
    }

    private async Task<HashSet<string>> CoveredAsync(string tenant, DateTimeOffset now, CancellationToken ct)
    {
        var contracts = await workbench.ReadAsync(db => db.Contracts.Where(c => c.Tenant == tenant && c.Start <= now && c.End > now).ToListAsync(ct), ct);
        return [.. contracts.Where(c => c.ToContract().Covers(now)).Select(c => c.Device)];
    }
}
