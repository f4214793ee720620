using System.Collections.Concurrent;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>The newest value of every metric, in memory. Any number of threads.</summary>
internal sealed class LatestValues
{
    private readonly ConcurrentDictionary<DeviceKey, Dictionary<string, LatestValue>> _devices = new();

    public IEnumerable<DeviceKey> Devices => _devices.Keys;

    public void Put(in DeviceKey device, LatestValue value)
    {
        var metrics = _devices.GetOrAdd(device, static _ => new Dictionary<string, LatestValue>(StringComparer.Ordinal));
        lock (metrics)
        {
            if (metrics.TryGetValue(value.Metric, out var known) && known.TimestampMs > value.TimestampMs) return;
            metrics[value.Metric] = value;
        }
    }

    public void Put(Sample sample)
    {
        foreach (var reading in sample.Readings)
            if (reading.Quality is not Quality.Bad) Put(sample.Device, new LatestValue(reading.Metric, sample.TimestampMs, reading.Value, reading.State));
    }

    public IReadOnlyList<LatestValue> Of(in DeviceKey device)
    {
        if (!_devices.TryGetValue(device, out var metrics)) return [];
        lock (metrics) return [.. metrics.Values.OrderBy(v => v.Metric, StringComparer.Ordinal)];
    }

    public IReadOnlyList<DeviceLatest> OfTenant(string tenant) =>
        [.. _devices.Keys.Where(d => d.Tenant == tenant).Order().Select(d => new DeviceLatest(d, Of(d))).Where(d => d.Values.Count > 0)];

    /// <summary>Every device with its values, in no order.</summary>
    public IReadOnlyList<(DeviceKey Device, IReadOnlyList<LatestValue> Values)> All()
    {
        var all = new List<(DeviceKey, IReadOnlyList<LatestValue>)>();
        foreach (var (device, metrics) in _devices)
            lock (metrics) all.Add((device, [.. metrics.Values]));
        return all;
    }

    /// <summary>Forgets values older than <paramref name="beforeMs"/>, as retention does.</summary>
    public void DeleteBefore(long beforeMs)
    {
        foreach (var metrics in _devices.Values)
            lock (metrics)
                foreach (var old in metrics.Values.Where(v => v.TimestampMs < beforeMs).ToArray()) metrics.Remove(old.Metric);
    }
}
