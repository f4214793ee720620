using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Database;
using Seamless.Fleet.Limits;
using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>The database is the truth; memory holds what has been read of it, and <see cref="RefreshAsync"/> follows what other processes write.</summary>
internal sealed class DeviceRegistry : IDeviceRegistry, IDeviceLogins, IDisposable
{
    private const int UpdateAttempts = 5;
    private const int MaxNewcomers = 500;
    private const string GatewayType = "gateway";

    private readonly IDbContextFactory<FleetDatabase> _databases;
    private readonly IAudit _audit;
    private readonly TimeProvider _time;
    private readonly FleetOptions _options;
    private readonly LimitOptions _limits;
    private readonly Credentials _credentials;
    private readonly PlatformSecret _secret;
    private readonly Sites _sites;
    private readonly ConcurrentDictionary<DeviceKey, Device> _devices = new();
    private readonly SemaphoreSlim _registering = new(1);
    private readonly ConcurrentQueue<Newcomer> _newcomers = new();
    private long _lastChange;

    public DeviceRegistry(
        IDbContextFactory<FleetDatabase> databases, PlatformSecret secret, IAudit audit, TimeProvider time, IOptions<FleetOptions> options, IOptions<LimitOptions> limits)
    {
        _secret = secret;
        (_databases, _audit, _time, _options) = (databases, audit, time, options.Value);
        _limits = limits.Value;
        _credentials = new Credentials(databases, time);
        _sites = new Sites(databases);
        Board = new PresenceBoard(databases, time, _options.OfflineAfter);
    }

    public event Action<DeviceKey>? Changed;
    public event Action<DeviceKey>? CredentialsRevoked;

    internal PresenceBoard Board { get; }

    public async Task<Outcome<Device>> AddAsync(Device device, string actor, CancellationToken ct)
    {
        if (DeviceRows.WhatIsWrongWith(device) is { } wrong) return Refusal.Invalid(wrong);
        var added = device with { RegisteredAt = _time.GetUtcNow(), Version = 1 };
        await using (var database = await _databases.CreateDbContextAsync(ct))
        {
            await using var transaction = await database.Database.BeginTransactionAsync(ct);
            if (await ReadAsync(database, added.Key, ct) is not null) return IsThere(added.Key);
            var allowance = await DeviceAllowance.OfAsync(database, added.Key.Tenant, _limits, ct);
            if (allowance.Left < 1) return allowance.Refuse();
            await Sites.EnsureAsync(database, added.Key.Tenant, added.Site, added.Customer, ct);
            database.Devices.Add(added.ToRow());
            database.Changes.Add(ChangeOf(added.Key));
            try
            {
                await database.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
            }
            catch (DbUpdateException failure) when (IsDuplicate(failure))
            {
                return IsThere(added.Key);   // another process was first
            }
        }
        Remember(added);
        Changed?.Invoke(added.Key);
        await _audit.RecordAsync(added.Key.Tenant, actor, "device.add", SubjectOf(added.Key), null, "ok", $"type {added.Type}, site {added.Site}", ct);
        return added;
    }

    public async Task<Outcome<Device>> UpdateAsync(DeviceKey key, DeviceChange change, string actor, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var database = await _databases.CreateDbContextAsync(ct);
            var row = await database.Devices.FirstOrDefaultAsync(d => d.Tenant == key.Tenant && d.Device == key.Device, ct);
            if (row is null) return Unknown(key);
            var changed = row.ToDevice().With(change);
            if (DeviceRows.WhatIsWrongWith(changed) is { } wrong) return Refusal.Invalid(wrong);
            row.Take(changed);
            row.Version++;
            await Sites.EnsureAsync(database, key.Tenant, changed.Site, changed.Customer, ct);
            database.Changes.Add(ChangeOf(key));
            try
            {
                await database.SaveChangesAsync(ct);
            }
            catch (DbUpdateException) when (attempt < UpdateAttempts)
            {
                continue;   // someone changed the device, or made the same site, since it was read: read it again and decide again
            }
            var saved = row.ToDevice();
            Remember(saved);
            Changed?.Invoke(key);
            await _audit.RecordAsync(key.Tenant, actor, "device.update", SubjectOf(key), null, "ok", change.ToString(), ct);
            return saved;
        }
    }

    public async Task<Outcome<Device>> RemoveAsync(DeviceKey key, string actor, CancellationToken ct)
    {
        Device removed;
        await using (var database = await _databases.CreateDbContextAsync(ct))
        {
            var row = await database.Devices.FirstOrDefaultAsync(d => d.Tenant == key.Tenant && d.Device == key.Device, ct);
            if (row is null) return Unknown(key);
            removed = row.ToDevice();
            await using var transaction = await database.Database.BeginTransactionAsync(ct);
            await database.Devices.Where(d => d.Tenant == key.Tenant && d.Device == key.Device).ExecuteDeleteAsync(ct);
            await database.Credentials.Where(d => d.Tenant == key.Tenant && d.Device == key.Device).ExecuteDeleteAsync(ct);
            await database.Presence.Where(d => d.Tenant == key.Tenant && d.Device == key.Device).ExecuteDeleteAsync(ct);
            await database.Shadows.Where(d => d.Tenant == key.Tenant && d.Device == key.Device).ExecuteDeleteAsync(ct);
            database.Changes.Add(ChangeOf(key, credentials: true));
            await database.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        Forget(key);
        await _audit.RecordAsync(key.Tenant, actor, "device.remove", SubjectOf(key), null, "ok", null, ct);
        return removed;
    }

    public async ValueTask<Device?> FindAsync(DeviceKey key, CancellationToken ct)
    {
        if (_devices.TryGetValue(key, out var known)) return known;
        await using var database = await _databases.CreateDbContextAsync(ct);
        return await ReadAsync(database, key, ct) is { } device ? Remember(device) : null;
    }

    public int Count(string tenant) => _devices.Keys.Count(key => key.Tenant == tenant);

    public Device? FindCached(in DeviceKey key) => _devices.GetValueOrDefault(key);

    public async Task<IReadOnlyList<Device>> ListAsync(DeviceFilter filter, CancellationToken ct)
    {
        await using var database = await _databases.CreateDbContextAsync(ct);
        var devices = database.Devices.AsNoTracking().Where(d => d.Tenant == filter.Tenant);
        if (filter.Type is { } type) devices = devices.Where(d => d.Type == type);
        if (filter.Site is { } site) devices = devices.Where(d => d.Site == site);
#pragma warning disable CA1309 // becomes SQL, where TEXT compares by its bytes
        if (filter.After is { } after) devices = devices.Where(d => string.Compare(d.Device, after) > 0);
#pragma warning restore CA1309
        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var pattern = $"%{filter.Text.Trim().Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            devices = devices.Where(d =>
                EF.Functions.Like(d.Device, pattern, "\\") || EF.Functions.Like(d.Serial!, pattern, "\\") || EF.Functions.Like(d.Customer, pattern, "\\"));
        }
        var rows = await devices.OrderBy(d => d.Device).Take(filter.Limit).ToListAsync(ct);
        return [.. rows.Select(row => row.ToDevice())];
    }

    public async Task<Outcome<string>> IssueTokenAsync(DeviceKey key, string actor, CancellationToken ct)
    {
        if (await FindAsync(key, ct) is null) return Unknown(key);
        var token = await _credentials.IssueAsync(key, ChangeOf(key, credentials: true), ct);
        CredentialsRevoked?.Invoke(key);
        await _audit.RecordAsync(key.Tenant, actor, "device.token", SubjectOf(key), null, "ok", null, ct);
        return token;
    }

    public async ValueTask<DevicePrincipal?> AuthenticateAsync(string userName, string token, CancellationToken ct)
    {
        if (KeyOf(userName) is not { } key || token.Length == 0) return null;
        if (!await _credentials.MatchAsync(key, token, ct)) return null;
        return await FindAsync(key, ct) is { } device ? new DevicePrincipal(key, device.Type == GatewayType) : null;
    }

    public async ValueTask<DevicePrincipal?> FindByTokenAsync(string token, CancellationToken ct)
    {
        if (!token.StartsWith(DeviceToken.Prefix, StringComparison.Ordinal)) return null;
        if (await _credentials.OwnerOfAsync(token, ct) is not { } key) return null;
        return await FindAsync(key, ct) is { } device ? new DevicePrincipal(key, device.Type == GatewayType) : null;
    }

    public async Task<Outcome<string>> SharedAccessKeyAsync(DeviceKey key, string actor, CancellationToken ct)
    {
        if (await FindAsync(key, ct) is null) return Unknown(key);
        // Another process may have issued a token a moment ago, and the key goes with the token.
        if (await _credentials.ReloadAsync(key, ct)) CredentialsRevoked?.Invoke(key);
        var generation = await _credentials.GenerationAsync(key, ct);
        if (generation is null)
        {
            // The device needs a credential to derive from; nobody learns this token.
            await _credentials.IssueAsync(key, ChangeOf(key, credentials: true), ct);
            generation = await _credentials.GenerationAsync(key, ct);
        }
        if (generation is null) return Unknown(key);   // removed a moment ago
        await _audit.RecordAsync(key.Tenant, actor, "device.connection-string", SubjectOf(key), null, "ok", null, ct);
        return Convert.ToBase64String(_secret.DeriveCurrent(key, generation));
    }

    public async Task RotateSecretAsync(string actor, CancellationToken ct)
    {
        _secret.Rotate();
        await _audit.RecordAsync(DeviceKey.DefaultTenant, actor, "device.keys.rotate", "platform", null, "ok", null, ct);
    }

    public async ValueTask<IReadOnlyList<byte[]>> SharedAccessKeysAsync(DeviceKey key, CancellationToken ct)
    {
        if (await FindAsync(key, ct) is null) return [];
        return await _credentials.GenerationAsync(key, ct) is { } generation ? _secret.DeriveAccepted(key, generation) : [];
    }

    public async ValueTask<Outcome<Device>> EnsureBehindGatewayAsync(DeviceKey key, string gateway, CancellationToken ct)
    {
        if (await FindAsync(key, ct) is { } known) return known;
        if (!DeviceKey.IsValidName(key.Device)) return Refusal.Invalid($"'{key.Device}' is not a device id");
        if (!_options.AutoRegister) return Refusal.NotFound($"device {key} is not registered, and fleet.autoRegister is off");
        var site = await FindAsync(new DeviceKey(key.Tenant, gateway), ct);
        var newcomer = new Newcomer(new Device(
            key, "generic", site?.Site ?? Sites.DefaultSite, site?.Customer ?? "", null, null, new Dictionary<string, string>(), "standard", gateway, null, _time.GetUtcNow(), Version: 1));
        _newcomers.Enqueue(newcomer);
        while (!newcomer.Settled.Task.IsCompleted)
        {
            await _registering.WaitAsync(ct);
            try
            {
                if (!newcomer.Settled.Task.IsCompleted) await RegisterNewcomersAsync();
            }
            finally
            {
                _registering.Release();
            }
        }
        return await newcomer.Settled.Task;
    }

    private sealed record Newcomer(Device Device)
    {
        public TaskCompletionSource<Outcome<Device>> Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Everyone who waits, in one transaction: a gateway brings its whole plant at once.</summary>
    /// <remarks>Not cancellable: others wait for it too.</remarks>
    private async Task RegisterNewcomersAsync()
    {
        var waiting = new List<Newcomer>();
        while (waiting.Count < MaxNewcomers && _newcomers.TryDequeue(out var next)) waiting.Add(next);
        try
        {
            var fresh = waiting.Select(newcomer => newcomer.Device).Where(device => !_devices.ContainsKey(device.Key)).DistinctBy(device => device.Key).ToList();
            var refused = new Dictionary<DeviceKey, Refusal>();
            if (!await TryAddAllAsync(fresh, refused))
            {
                // Another process was faster with one of them: one by one, and whoever is refused is there already, or beyond the limit.
                foreach (var device in fresh)
                    if (await AddAsync(device, $"gateway:{device.Gateway}", CancellationToken.None) is { Refusal: { } refusal }) refused[device.Key] = refusal;
            }
            foreach (var newcomer in waiting)
                newcomer.Settled.TrySetResult(await FindAsync(newcomer.Device.Key, CancellationToken.None) is { } found ? found : refused.GetValueOrDefault(newcomer.Device.Key) ?? Unknown(newcomer.Device.Key));
        }
        catch (Exception failure)
        {
            foreach (var newcomer in waiting) newcomer.Settled.TrySetException(failure);
        }
    }

    /// <param name="wanted">As many as the limit allows are added, first come first served.</param>
    /// <returns>False when another process has added one of them: then none is.</returns>
    private async Task<bool> TryAddAllAsync(List<Device> wanted, Dictionary<DeviceKey, Refusal> refused)
    {
        if (wanted.Count == 0) return true;
        var devices = new List<Device>();
        await using (var database = await _databases.CreateDbContextAsync(CancellationToken.None))
        {
            await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
            foreach (var ofTenant in wanted.GroupBy(device => device.Key.Tenant))
            {
                var allowance = await DeviceAllowance.OfAsync(database, ofTenant.Key, _limits, CancellationToken.None);
                var room = (int)Math.Clamp(allowance.Left, 0, MaxNewcomers);
                devices.AddRange(ofTenant.Take(room));
                foreach (var device in ofTenant.Skip(room)) refused[device.Key] = allowance.Refuse();
            }
            foreach (var (tenant, site, customer) in devices.Select(device => (device.Key.Tenant, device.Site, device.Customer)).DistinctBy(place => (place.Tenant, place.Site)))
                await Sites.EnsureAsync(database, tenant, site, customer, CancellationToken.None);
            database.Devices.AddRange(devices.Select(device => device.ToRow()));
            database.Changes.AddRange(devices.Select(device => ChangeOf(device.Key)));
            try
            {
                await database.SaveChangesAsync(CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (DbUpdateException failure) when (IsDuplicate(failure))
            {
                return false;
            }
        }
        foreach (var device in devices)
        {
            Remember(device);
            Changed?.Invoke(device.Key);
        }
        await Task.WhenAll(devices.Select(device => _audit.RecordAsync(
            device.Key.Tenant, $"gateway:{device.Gateway}", "device.add", SubjectOf(device.Key), null, "ok", $"type {device.Type}, site {device.Site}", CancellationToken.None)));
        return true;
    }

    public Task<Site> EnsureSiteAsync(string tenant, string site, CancellationToken ct) => _sites.EnsureAsync(tenant, site, ct);
    public Task<Site?> FindSiteAsync(string tenant, string site, CancellationToken ct) => _sites.FindAsync(tenant, site, ct);
    public Task<IReadOnlyList<Site>> ListSitesAsync(string tenant, CancellationToken ct) => _sites.ListAsync(tenant, ct);

    public async Task<Outcome<Site>> PutSiteAsync(Site site, string actor, CancellationToken ct)
    {
        var put = await _sites.PutAsync(site, ct);
        if (put.Succeeded) await _audit.RecordAsync(site.Tenant, actor, "site.put", $"site:{site.Id}", null, "ok", site.Name, ct);
        return put;
    }

    public Presence PresenceOf(in DeviceKey key) => Board.Of(key);
    public void Seen(in DeviceKey key, DateTimeOffset at) => Board.Seen(key, at);
    public void SetOnline(in DeviceKey key, bool online, string? agentVersion, DateTimeOffset at) => Board.SetOnline(key, online, agentVersion, at);

    public void Dispose() => _registering.Dispose();

    /// <summary>Fills memory before the doors open.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var database = await _databases.CreateDbContextAsync(ct);
        // The number first: what changes while the devices are read is read again.
        _lastChange = await database.Changes.MaxAsync(change => (long?)change.Number, ct) ?? 0;
        await foreach (var row in database.Devices.AsNoTracking().AsAsyncEnumerable().WithCancellation(ct)) Remember(row.ToDevice());
        await Board.LoadAsync(ct);
    }

    /// <summary>Takes over what other processes (the command line) have written since the last call. Cheap when there is nothing.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        await using var database = await _databases.CreateDbContextAsync(ct);
        var changes = await database.Changes.AsNoTracking().Where(change => change.Number > _lastChange).OrderBy(change => change.Number).ToListAsync(ct);
        foreach (var change in changes)
        {
            var key = new DeviceKey(change.Tenant, change.Device);
            await TakeOverAsync(database, key, ct);
            if (change.Credentials && await _credentials.ReloadAsync(key, ct)) CredentialsRevoked?.Invoke(key);
            _lastChange = change.Number;
        }
    }

    private async Task TakeOverAsync(FleetDatabase database, DeviceKey key, CancellationToken ct)
    {
        var known = FindCached(key);
        var stored = await ReadAsync(database, key, ct);
        if (known?.Version == stored?.Version && known?.RegisteredAt == stored?.RegisteredAt) return;   // our own write, or read since
        if (stored is null)
        {
            Forget(key);
            return;
        }
        _devices[key] = stored;
        Changed?.Invoke(key);
    }

    private Device Remember(Device device) =>
        _devices.AddOrUpdate(device.Key, device, (_, known) => known.RegisteredAt == device.RegisteredAt && known.Version > device.Version ? known : device);

    private void Forget(DeviceKey key)
    {
        _devices.TryRemove(key, out _);
        _credentials.Forget(key);
        Board.Forget(key);
        CredentialsRevoked?.Invoke(key);
        Changed?.Invoke(key);
    }

    private static async Task<Device?> ReadAsync(FleetDatabase database, DeviceKey key, CancellationToken ct) =>
        (await database.Devices.AsNoTracking().FirstOrDefaultAsync(d => d.Tenant == key.Tenant && d.Device == key.Device, ct))?.ToDevice();

    /// <summary>CONTRACTS §1: the device id, or <c>tenant/device</c> outside the default tenant.</summary>
    private static DeviceKey? KeyOf(string userName)
    {
        var slash = userName.IndexOf('/');
        var key = slash < 0 ? new DeviceKey(DeviceKey.DefaultTenant, userName) : new DeviceKey(userName[..slash], userName[(slash + 1)..]);
        return DeviceKey.IsValidName(key.Tenant) && DeviceKey.IsValidName(key.Device) ? key : null;
    }

    private static ChangeRow ChangeOf(DeviceKey key, bool credentials = false) => new() { Tenant = key.Tenant, Device = key.Device, Credentials = credentials };
    private static string SubjectOf(DeviceKey key) => $"device:{key.Device}";
    private static Refusal Unknown(DeviceKey key) => Refusal.NotFound($"device {key} is not registered");

    private static Refusal IsThere(DeviceKey key) => Refusal.Conflict($"device {key} is already registered");

    // SQLITE_CONSTRAINT: the primary key is taken.
    private static bool IsDuplicate(DbUpdateException failure) => failure.InnerException is SqliteException { SqliteErrorCode: 19 };
}
