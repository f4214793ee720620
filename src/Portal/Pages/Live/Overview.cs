using System.Collections.Concurrent;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Pages.Live;

/// <summary>A device as the fleet page shows it.</summary>
/// <param name="Alarms">Its open alarms, worst first.</param>
public sealed record DeviceRow(Device Device, Site? Site, Presence Presence, double Health, IReadOnlyList<Alarm> Alarms)
{
    public Severity? Worst => Alarms.Count > 0 ? Alarms[0].Severity : null;
    public bool IsSilent => Presence.Status is DeviceStatus.Offline;
}

/// <param name="Worst">The worst open alarm of the site or of any of its devices, never a mean.</param>
public sealed record SiteRow(Site Site, int Devices, int Online, int Open, Severity? Worst);

/// <summary>The whole fleet of a tenant at one instant.</summary>
/// <param name="Open">Alarms that ask for a person: neither shelved nor suppressed; worst first, then newest.</param>
public sealed record FleetSnapshot(
    DateTimeOffset At, IReadOnlyList<DeviceRow> Devices, IReadOnlyList<SiteRow> Sites, IReadOnlyList<Alarm> Open, DateTimeOffset? LastData)
{
    public int Count(Severity severity) => Open.Count(a => a.Severity == severity);
    public int Online => Devices.Count(d => d.Presence.Status is DeviceStatus.Online);
    public int Offline => Devices.Count(d => d.Presence.Status is DeviceStatus.Offline);
    public DeviceRow? Device(string? id) => Devices.FirstOrDefault(d => d.Device.Id == id);
}

/// <summary>Joins registry, presence and alarms into what the screens show. Shared by all viewers of a tenant for a second.</summary>
public sealed class Overview(IDeviceRegistry registry, IAlarms alarms, TimeProvider clock)
{
    private const int PageSize = 500;
    private const int MostOpenAlarms = 2_000;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Task<FleetSnapshot> Snapshot)> _byTenant = [];

    public Task<FleetSnapshot> OfAsync(string tenant, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_byTenant.TryGetValue(tenant, out var held) && now - held.At < Freshness && !held.Snapshot.IsFaulted) return held.Snapshot.WaitAsync(ct);
        // Not the caller's token: others may wait for the same snapshot.
        var snapshot = TakeAsync(tenant, now, CancellationToken.None);
        _byTenant[tenant] = (now, snapshot);
        return snapshot.WaitAsync(ct);
    }

    /// <summary>Lets the next reader see what was changed just now.</summary>
    public void Forget(string tenant) => _byTenant.TryRemove(tenant, out _);

    private async Task<FleetSnapshot> TakeAsync(string tenant, DateTimeOffset now, CancellationToken ct)
    {
        var sites = (await registry.ListSitesAsync(tenant, ct)).ToDictionary(s => s.Id);
        var open = (await alarms.ListAsync(new AlarmFilter(tenant, OpenOnly: true, Limit: MostOpenAlarms), ct))
            .Where(AsksForAPerson).OrderBy(a => a.Severity).ThenByDescending(a => a.OnsetAt).ToList();
        var byDevice = open.Where(a => a.Device is not null).ToLookup(a => a.Device!);
        var rows = new List<DeviceRow>();
        await foreach (var device in DevicesAsync(tenant, ct))
        {
            rows.Add(new DeviceRow(device, sites.GetValueOrDefault(device.Site), registry.PresenceOf(device.Key), alarms.HealthOf(device.Key), [.. byDevice[device.Id]]));
        }
        return new FleetSnapshot(now, rows, SiteRows(sites, rows, open), open, rows.Max(r => r.Presence.LastSeen));
    }

    private static bool AsksForAPerson(Alarm alarm) =>
        alarm.State is AlarmState.Unacknowledged or AlarmState.Acknowledged or AlarmState.ReturnedUnacknowledged;

    private static List<SiteRow> SiteRows(Dictionary<string, Site> sites, List<DeviceRow> rows, List<Alarm> open)
    {
        var devices = rows.ToLookup(r => r.Device.Site);
        var alarms = open.ToLookup(a => a.Site);
        return [.. sites.Values
            .Select(site => new SiteRow(
                site, devices[site.Id].Count(), devices[site.Id].Count(d => d.Presence.Status is DeviceStatus.Online), alarms[site.Id].Count(),
                alarms[site.Id].Any() ? alarms[site.Id].Min(a => a.Severity) : null))
            .OrderBy(s => s.Worst ?? (Severity)9).ThenByDescending(s => s.Open).ThenBy(s => s.Site.Name, StringComparer.Ordinal)];
    }

    private async IAsyncEnumerable<Device> DevicesAsync(string tenant, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        string? after = null;
        while (true)
        {
            var page = await registry.ListAsync(new DeviceFilter(tenant, After: after, Limit: PageSize), ct);
            foreach (var device in page) yield return device;
            if (page.Count < PageSize) yield break;
            after = page[^1].Id;
        }
    }
}
