using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
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
        await using var upsert = new Upsert(database.Database.GetDbConnection(), transaction.GetDbTransaction());
        foreach (var key in keys)
        {
            // Taken off the list before it is read: what changes from here on is written next time.
            if (!_unwritten.TryRemove(key, out _) || !_entries.TryGetValue(key, out var entry)) continue;
            await upsert.ExecuteAsync(key, entry.LastSeen?.ToUnixTimeMilliseconds(), entry.AgentVersion, ct);
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>One statement for all devices of a beat: with thousands of them, preparing it anew for each would cost more than the writing.</summary>
    private sealed class Upsert : IAsyncDisposable
    {
        private readonly DbCommand _command;
        private readonly DbParameter _tenant;
        private readonly DbParameter _device;
        private readonly DbParameter _lastSeen;
        private readonly DbParameter _agentVersion;

        public Upsert(DbConnection connection, DbTransaction transaction)
        {
            _command = connection.CreateCommand();
            _command.Transaction = transaction;
            _command.CommandText = """
                INSERT INTO fleet_presence (Tenant, Device, LastSeen, AgentVersion) VALUES ($tenant, $device, $lastSeen, $agentVersion)
                ON CONFLICT (Tenant, Device) DO UPDATE SET LastSeen = excluded.LastSeen, AgentVersion = excluded.AgentVersion
                """;
            (_tenant, _device, _lastSeen, _agentVersion) = (Add("$tenant"), Add("$device"), Add("$lastSeen"), Add("$agentVersion"));
        }

        public Task ExecuteAsync(in DeviceKey key, long? lastSeenMs, string? agentVersion, CancellationToken ct)
        {
            (_tenant.Value, _device.Value) = (key.Tenant, key.Device);
            (_lastSeen.Value, _agentVersion.Value) = ((object?)lastSeenMs ?? DBNull.Value, (object?)agentVersion ?? DBNull.Value);
            return _command.ExecuteNonQueryAsync(ct);
        }

        public ValueTask DisposeAsync() => _command.DisposeAsync();

        private DbParameter Add(string name)
        {
            var parameter = _command.CreateParameter();
            parameter.ParameterName = name;
            _command.Parameters.Add(parameter);
            return parameter;
        }
    }

    private sealed class Entry
    {
        /// <summary>True and false while a connection or its Will says so; null when only silence can tell.</summary>
        public bool? Connected { get; set; }
        public DateTimeOffset? LastSeen { get; set; }
        public string? AgentVersion { get; set; }
    }
}
