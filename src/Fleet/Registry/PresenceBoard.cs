using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Database;
using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>Who was heard when. Kept in memory, written behind: losing the last second of it in a crash costs nothing, the next message mends it.</summary>
internal sealed class PresenceBoard(IDbContextFactory<FleetDatabase> databases, TimeProvider time, TimeSpan offlineAfter)
{
    private readonly ConcurrentDictionary<DeviceKey, Entry> _entries = new();
    private readonly ConcurrentDictionary<DeviceKey, byte> _unwritten = new();

    public Presence Of(in DeviceKey key)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.LastSeen is not { } lastSeen) return new Presence(DeviceStatus.NeverSeen, null, null);
        // A device behind a gateway, or one that speaks HTTP, has no connection whose end would tell: its silence does.
        var alive = entry.Connected ?? time.GetUtcNow() - lastSeen < offlineAfter;
        return new Presence(alive ? DeviceStatus.Online : DeviceStatus.Offline, lastSeen, entry.AgentVersion);
    }

    public void Seen(in DeviceKey key, DateTimeOffset at)
    {
        var entry = _entries.GetOrAdd(key, static _ => new Entry());
        lock (entry)
        {
            if (at <= entry.LastSeen) return;
            entry.LastSeen = at;
            if (entry.Connected is false) entry.Connected = null;   // it was given up for lost and speaks again
        }
        _unwritten.TryAdd(key, 0);
    }

    public void SetOnline(in DeviceKey key, bool online, string? agentVersion, DateTimeOffset at)
    {
        var entry = _entries.GetOrAdd(key, static _ => new Entry());
        lock (entry)
        {
            if (at < entry.LastSeen) return;   // old news, replayed
            entry.Connected = online;
            entry.AgentVersion = agentVersion ?? entry.AgentVersion;
            entry.LastSeen = at;
        }
        _unwritten.TryAdd(key, 0);
    }

    public void Forget(in DeviceKey key)
    {
        _entries.TryRemove(key, out _);
        _unwritten.TryRemove(key, out _);
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await foreach (var row in database.Presence.AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
            _entries.TryAdd(new DeviceKey(row.Tenant, row.Device), new Entry { LastSeen = row.LastSeen, AgentVersion = row.AgentVersion });
    }

    public async Task WriteAsync(CancellationToken ct)
    {
        var keys = _unwritten.Keys.ToArray();
        if (keys.Length == 0) return;
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        foreach (var key in keys)
        {
            // Taken off the list before it is read: what changes from here on is written next time.
            if (!_unwritten.TryRemove(key, out _) || !_entries.TryGetValue(key, out var entry)) continue;
            var lastSeenMs = entry.LastSeen?.ToUnixTimeMilliseconds();
            await database.Database.ExecuteSqlAsync($"""
                INSERT INTO fleet_presence (Tenant, Device, LastSeen, AgentVersion) VALUES ({key.Tenant}, {key.Device}, {lastSeenMs}, {entry.AgentVersion})
                ON CONFLICT (Tenant, Device) DO UPDATE SET LastSeen = excluded.LastSeen, AgentVersion = excluded.AgentVersion
                """, ct);
        }
        await transaction.CommitAsync(ct);
    }

    private sealed class Entry
    {
        /// <summary>True and false while a connection or its Will says so; null when only silence can tell.</summary>
        public bool? Connected { get; set; }
        public DateTimeOffset? LastSeen { get; set; }
        public string? AgentVersion { get; set; }
    }
}
