using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>Who is out there. The database is the truth; reads on warm paths come from memory and see another process's writes within a second or on a miss.</summary>
public interface IDeviceRegistry
{
    Task<Outcome<Device>> AddAsync(Device device, string actor, CancellationToken ct);
    Task<Outcome<Device>> UpdateAsync(DeviceKey key, DeviceChange change, string actor, CancellationToken ct);
    Task<Outcome<Device>> RemoveAsync(DeviceKey key, string actor, CancellationToken ct);

    /// <summary>From memory, falling back to the database on a miss.</summary>
    ValueTask<Device?> FindAsync(DeviceKey key, CancellationToken ct);

    /// <summary>What memory knows, without waiting: for the hot path.</summary>
    Device? FindCached(in DeviceKey key);

    Task<IReadOnlyList<Device>> ListAsync(DeviceFilter filter, CancellationToken ct);

    /// <summary>A new token, shown once; stored hashed; earlier tokens of the device stop working.</summary>
    Task<Outcome<string>> IssueTokenAsync(DeviceKey key, string actor, CancellationToken ct);

    /// <summary>Who has this user name and token (CONTRACTS §1: user name = device id, or <c>tenant/device</c> outside the default tenant); null when nobody.</summary>
    ValueTask<DevicePrincipal?> AuthenticateAsync(string userName, string token, CancellationToken ct);

    /// <summary>How many devices a tenant has, as memory knows it.</summary>
    int Count(string tenant);

    /// <summary>Registers a device first seen behind a gateway as type <c>generic</c>, when <c>fleet.autoRegister</c> allows it and the tenant may have another one.</summary>
    ValueTask<Outcome<Device>> EnsureBehindGatewayAsync(DeviceKey key, string gateway, CancellationToken ct);

    Task<Site> EnsureSiteAsync(string tenant, string site, CancellationToken ct);
    Task<Outcome<Site>> PutSiteAsync(Site site, string actor, CancellationToken ct);
    Task<Site?> FindSiteAsync(string tenant, string site, CancellationToken ct);
    Task<IReadOnlyList<Site>> ListSitesAsync(string tenant, CancellationToken ct);

    Presence PresenceOf(in DeviceKey key);

    /// <summary>Notes life. Cheap: once per message.</summary>
    void Seen(in DeviceKey key, DateTimeOffset at);
    void SetOnline(in DeviceKey key, bool online, string? agentVersion, DateTimeOffset at);

    /// <summary>Raised after a device was added, changed or removed (by this process, or found changed in the database).</summary>
    event Action<DeviceKey>? Changed;

    /// <summary>Raised when a device's earlier token stopped working: open connections that used it must end.</summary>
    event Action<DeviceKey>? CredentialsRevoked;
}
