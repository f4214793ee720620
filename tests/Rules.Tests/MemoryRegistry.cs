using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests;

/// <summary>Devices in memory, for the questions that the rules room asks.</summary>
internal sealed class MemoryRegistry : IDeviceRegistry
{
    private readonly Dictionary<DeviceKey, Device> _devices = [];
    private readonly Dictionary<string, Site> _sites = [];

    public event Action<DeviceKey>? Changed;

    public event Action<DeviceKey>? CredentialsRevoked
    {
        add { }
        remove { }
    }

    public void Put(string id, string type, string site, string tenant = DeviceKey.DefaultTenant)
    {
        var key = new DeviceKey(tenant, id);
        _devices[key] = new Device(key, type, site, "customer", null, null, new Dictionary<string, string>(), "standard", null, null, DateTimeOffset.UnixEpoch, 1);
        Changed?.Invoke(key);
    }

    public void PutSite(string id, string zone) => _sites[id] = new Site(DeviceKey.DefaultTenant, id, id, null, zone, "customer");

    public void Drop(string id)
    {
        _devices.Remove(new DeviceKey(DeviceKey.DefaultTenant, id));
        Changed?.Invoke(new DeviceKey(DeviceKey.DefaultTenant, id));
    }

    public ValueTask<Device?> FindAsync(DeviceKey key, CancellationToken ct) => ValueTask.FromResult(FindCached(key));
    public Device? FindCached(in DeviceKey key) => _devices.GetValueOrDefault(key);

    public Task<IReadOnlyList<Device>> ListAsync(DeviceFilter filter, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Device>>([.. _devices.Values
            .Where(d => d.Key.Tenant == filter.Tenant && (filter.Type is null || d.Type == filter.Type) && (filter.Site is null || d.Site == filter.Site) && string.CompareOrdinal(d.Id, filter.After ?? "") > 0)
            .OrderBy(d => d.Id, StringComparer.Ordinal).Take(filter.Limit)]);

    public Presence PresenceOf(in DeviceKey key) => new(DeviceStatus.NeverSeen, null, null);

    public void Seen(in DeviceKey key, DateTimeOffset at)
    {
    }

    public void SetOnline(in DeviceKey key, bool online, string? agentVersion, DateTimeOffset at)
    {
    }

    public Task<Outcome<Device>> AddAsync(Device device, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Device>> UpdateAsync(DeviceKey key, DeviceChange change, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Device>> RemoveAsync(DeviceKey key, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<string>> IssueTokenAsync(DeviceKey key, string actor, CancellationToken ct) => throw new NotSupportedException();
    public ValueTask<DevicePrincipal?> AuthenticateAsync(string userName, string token, CancellationToken ct) => throw new NotSupportedException();
    public int Count(string tenant) => throw new NotSupportedException();
    public ValueTask<Outcome<Device>> EnsureBehindGatewayAsync(DeviceKey key, string gateway, CancellationToken ct) => throw new NotSupportedException();
    public Task<Site> EnsureSiteAsync(string tenant, string site, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Site>> PutSiteAsync(Site site, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Site?> FindSiteAsync(string tenant, string site, CancellationToken ct) => Task.FromResult(_sites.GetValueOrDefault(site));
    public Task<IReadOnlyList<Site>> ListSitesAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
}
