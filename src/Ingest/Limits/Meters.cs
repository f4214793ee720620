using System.Collections.Concurrent;
using Seamless.Fleet.Limits;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Limits;

/// <summary>One meter a device and one a tenant, for as long as the process lives; who holds one sees other limits at once.</summary>
internal sealed class Meters : ILimitUse, IDisposable
{
    private readonly ILimits _limits;
    private readonly IDeviceRegistry _registry;
    private readonly TimeProvider _time;
    private readonly PerDevice<Meter> _devices = new();
    private readonly ConcurrentDictionary<string, Meter> _tenants = new(StringComparer.Ordinal);

    public Meters(ILimits limits, IDeviceRegistry registry, TimeProvider time)
    {
        (_limits, _registry, _time) = (limits, registry, time);
        limits.Changed += OnChanged;
    }

    public Meter Of(in DeviceKey device)
    {
        var number = Numbers.Devices.Of(device);
        return _devices.Find(number) ?? _devices.GetOrAdd(number, Make);
    }

    public LimitState Find(in LimitScope scope) => StateOf(MeterOf(scope));

    public IReadOnlyList<LimitState> List(string tenant)
    {
        var states = new List<LimitState> { StateOf(OfTenant(tenant)) };
        for (var number = 0; number < Numbers.Devices.Count; number++)
            if (_devices.Find(number) is { } meter && meter.Scope.Tenant == tenant) states.Add(StateOf(meter));
        return [.. states.OrderByDescending(state => state.LastHour.Refused).ThenByDescending(state => state.LastHour.Slowed)
            .ThenBy(state => state.Scope.Device, StringComparer.Ordinal)];
    }

    /// <summary>The bytes of this UTC day, of whomever there are any.</summary>
    public DayCounts Today()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var counts = new List<(LimitScope, long)>();
        foreach (var tenant in _tenants.Values) Count(tenant);
        for (var number = 0; number < Numbers.Devices.Count; number++)
            if (_devices.Find(number) is { } meter) Count(meter);
        return new DayCounts(nowMs / Meter.DayMs, counts);

        void Count(Meter meter)
        {
            if (meter.Use(nowMs).BytesToday is > 0 and var bytes) counts.Add((meter.Scope, bytes));
        }
    }

    /// <summary>Goes on where an earlier process ended. Before the doors open.</summary>
    public void Restore(DayCounts counts)
    {
        if (counts.Day != _time.GetUtcNow().ToUnixTimeMilliseconds() / Meter.DayMs) return;
        foreach (var (scope, bytes) in counts.Bytes) MeterOf(scope).Restore(counts.Day, bytes);
    }

    /// <summary>Notes what met a limit, at the device; and at its tenant when the limit was the tenant's.</summary>
    public void Refused(Meter device, LimitKind limit, in LimitScope whose, long nowMs)
    {
        device.Refused.Count(limit, nowMs);
        if (whose.Device is null) OfTenant(whose.Tenant).Refused.Count(limit, nowMs);
    }

    private Meter Make(int number)
    {
        var key = Numbers.Devices[number];
        var meter = new Meter(new LimitScope(key.Tenant, key.Device), OfTenant(key.Tenant));
        meter.Allow(_limits.InForce(meter.Scope));
        return meter;
    }

    private Meter MeterOf(in LimitScope scope) => scope.Device is { } device ? Of(new DeviceKey(scope.Tenant, device)) : OfTenant(scope.Tenant);

    public Meter OfTenant(string tenant) => _tenants.GetOrAdd(tenant, name =>
    {
        var meter = new Meter(new LimitScope(name, null), null);
        meter.Allow(_limits.InForce(meter.Scope));
        return meter;
    });

    private void OnChanged(LimitScope scope) => MeterOf(scope).Allow(_limits.InForce(scope));

    private LimitState StateOf(Meter meter)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var use = meter.Use(nowMs);
        if (meter.Scope.Device is null) use = use with { Devices = _registry.Count(meter.Scope.Tenant) };
        return new LimitState(meter.Scope, _limits.InForce(meter.Scope), _limits.Own(meter.Scope), use, meter.Refused.LastHour(nowMs));
    }

    public void Dispose() => _limits.Changed -= OnChanged;
}
