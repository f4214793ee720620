using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Fleet.Limits;

/// <summary>The settings, and over them what operators have set: in the database, and in memory for whoever asks.</summary>
internal sealed class LimitBook(IDbContextFactory<FleetDatabase> databases, IDeviceRegistry devices, IAudit audit, IOptions<LimitOptions> options) : ILimits
{
    private readonly ConcurrentDictionary<LimitScope, LimitSet> _own = new();

    public event Action<LimitScope>? Changed;

    public Allowance InForce(in LimitScope scope) =>
        (Own(scope) ?? new LimitSet()).Over(scope.Device is null ? options.Value.Tenant : options.Value.Device);

    public LimitSet? Own(in LimitScope scope) => _own.GetValueOrDefault(scope);

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await foreach (var row in database.Limits.AsNoTracking().AsAsyncEnumerable().WithCancellation(ct)) _own[ScopeOf(row)] = SetOf(row);
    }

    public async Task<Outcome<Allowance>> PutAsync(LimitScope scope, LimitSet limits, string actor, CancellationToken ct)
    {
        if (limits.IsEmpty) return Refusal.Invalid("name at least one of messagesPerSecond, burst, bytesPerDay, metrics and devices; to go back to the settings, delete");
        if (scope.Device is not null && limits.Devices is not null) return Refusal.Invalid("devices is a limit of the tenant; a device has none");
        if (await UnknownAsync(scope, ct) is { } unknown) return unknown;
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            var device = scope.Device ?? "";
            await database.Database.ExecuteSqlAsync($"""
                INSERT INTO fleet_limits (Tenant, Device, MessagesPerSecond, Burst, BytesPerDay, Metrics, Devices)
                VALUES ({scope.Tenant}, {device}, {limits.MessagesPerSecond?.Max}, {limits.Burst?.Max}, {limits.BytesPerDay?.Max}, {limits.Metrics?.Max}, {limits.Devices?.Max})
                ON CONFLICT (Tenant, Device) DO UPDATE SET MessagesPerSecond = excluded.MessagesPerSecond, Burst = excluded.Burst,
                    BytesPerDay = excluded.BytesPerDay, Metrics = excluded.Metrics, Devices = excluded.Devices
                """, ct);
        }
        _own[scope] = limits;
        return await ToldAsync(scope, "limits.set", limits.ToString(), actor, ct);
    }

    public async Task<Outcome<Allowance>> RemoveAsync(LimitScope scope, string actor, CancellationToken ct)
    {
        if (Own(scope) is null) return await UnknownAsync(scope, ct) ?? Refusal.NotFound($"the {scope} has no limits of its own");
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            var device = scope.Device ?? "";
            await database.Limits.Where(row => row.Tenant == scope.Tenant && row.Device == device).ExecuteDeleteAsync(ct);
        }
        _own.TryRemove(scope, out _);
        return await ToldAsync(scope, "limits.remove", null, actor, ct);
    }

    private async Task<Refusal?> UnknownAsync(LimitScope scope, CancellationToken ct) =>
        scope.Device is { } device && await devices.FindAsync(new DeviceKey(scope.Tenant, device), ct) is null ? Refusal.NotFound($"there is no device {device}") : null;

    private async Task<Outcome<Allowance>> ToldAsync(LimitScope scope, string action, string? detail, string actor, CancellationToken ct)
    {
        Changed?.Invoke(scope);
        await audit.RecordAsync(scope.Tenant, actor, action, scope.Device is { } device ? $"device:{device}" : $"tenant:{scope.Tenant}", null, "ok", detail, ct);
        return InForce(scope);
    }

    private static LimitScope ScopeOf(LimitRow row) => new(row.Tenant, row.Device.Length == 0 ? null : row.Device);

    private static LimitSet SetOf(LimitRow row) => new(CapOf(row.MessagesPerSecond), CapOf(row.Burst), CapOf(row.BytesPerDay), CapOf(row.Metrics), CapOf(row.Devices));

    private static Cap? CapOf(long? max) => max is { } number ? new Cap(number) : null;
}
