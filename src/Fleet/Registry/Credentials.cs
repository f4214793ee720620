using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;
using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>The hashed tokens, read once and kept in memory: a connection storm after a power cut costs a hash each, not a query each.</summary>
internal sealed class Credentials(IDbContextFactory<FleetDatabase> databases, TimeProvider time)
{
    private readonly ConcurrentDictionary<DeviceKey, Credential> _known = new();
    private readonly ConcurrentDictionary<string, DeviceKey> _owners = new(StringComparer.Ordinal);

    /// <param name="change">Saved with the token, so that other processes notice.</param>
    public async Task<string> IssueAsync(DeviceKey key, ChangeRow change, CancellationToken ct)
    {
        var token = DeviceToken.Create();
        var (salt, hash) = DeviceToken.Protect(token);
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        await database.Database.ExecuteSqlAsync($"""
            INSERT INTO fleet_credentials (Tenant, Device, Salt, Hash, Lookup, IssuedAt)
            VALUES ({key.Tenant}, {key.Device}, {salt}, {hash}, {DeviceToken.LookupOf(token)}, {time.GetUtcNow().ToUnixTimeMilliseconds()})
            ON CONFLICT (Tenant, Device) DO UPDATE SET Salt = excluded.Salt, Hash = excluded.Hash, Lookup = excluded.Lookup, IssuedAt = excluded.IssuedAt
            """, ct);
        database.Changes.Add(change);
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        _known[key] = new Credential(salt, hash);
        return token;
    }

    public async ValueTask<bool> MatchAsync(DeviceKey key, string token, CancellationToken ct)
    {
        if (_known.TryGetValue(key, out var known) && DeviceToken.Matches(token, known.Salt, known.Hash)) return true;
        // Not known, or not this one: another process may have issued a new token a moment ago.
        await ReloadAsync(key, ct);
        return _known.TryGetValue(key, out var stored) && DeviceToken.Matches(token, stored.Salt, stored.Hash);
    }

    /// <summary>Whose token this is; null when nobody's, or when it was issued before tokens could be found by themselves.</summary>
    public async ValueTask<DeviceKey?> OwnerOfAsync(string token, CancellationToken ct)
    {
        var lookup = DeviceToken.LookupOf(token);
        var name = Convert.ToHexString(lookup);
        if (!_owners.TryGetValue(name, out var owner))
        {
            await using var database = await databases.CreateDbContextAsync(ct);
            if (await database.Credentials.AsNoTracking().FirstOrDefaultAsync(c => c.Lookup == lookup, ct) is not { } row) return null;
            owner = new DeviceKey(row.Tenant, row.Device);
        }
        if (!await MatchAsync(owner, token, ct))
        {
            _owners.TryRemove(name, out _);
            return null;
        }
        _owners[name] = owner;   // tokens that are right, and no others: their number is bounded by what we issued
        return owner;
    }

    /// <summary>Random, and new with every token: what was derived with it ends with the token. Null when the device was never given one.</summary>
    public async ValueTask<byte[]?> GenerationAsync(DeviceKey key, CancellationToken ct)
    {
        if (!_known.ContainsKey(key)) await ReloadAsync(key, ct);
        return _known.GetValueOrDefault(key)?.Salt;
    }

    /// <returns>True when a token that was in use here is no longer the device's.</returns>
    public async Task<bool> ReloadAsync(DeviceKey key, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await database.Credentials.AsNoTracking().FirstOrDefaultAsync(c => c.Tenant == key.Tenant && c.Device == key.Device, ct);
        var known = _known.GetValueOrDefault(key);
        if (row is null) _known.TryRemove(key, out _);
        else _known[key] = new Credential(row.Salt, row.Hash);
        return known is not null && (row is null || !CryptographicOperations.FixedTimeEquals(known.Hash, row.Hash));
    }

    public void Forget(DeviceKey key) => _known.TryRemove(key, out _);

    private sealed record Credential(byte[] Salt, byte[] Hash);
}
