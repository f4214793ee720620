using System.Runtime.CompilerServices;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Tests.TimeSeries;

/// <summary>A store in a sorted dictionary: small and real, the contract in its plainest form.</summary>
public sealed class MemoryTimeSeriesStore : ITimeSeriesStore
{
    private readonly SortedDictionary<(long At, DeviceKey Device), (long? Sequence, Dictionary<string, Reading> Readings)> _instants = [];
    private readonly Lock _lock = new();
    private long _ordinal;

    public ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct)
    {
        lock (_lock)
        {
            for (var row = 0; row < rows.Count; row++)
            {
                var sample = rows.ToSample(row);
                var readings = _instants.TryGetValue((sample.TimestampMs, sample.Device), out var known) ? known.Readings : [];
                foreach (var reading in sample.Readings) readings[reading.Metric] = reading;
                _instants[(sample.TimestampMs, sample.Device)] = (sample.Sequence, readings);
            }
        }
        return ValueTask.FromResult(++_ordinal);
    }

    public long Durable => _ordinal;
    public Task FlushAsync(CancellationToken ct) => Task.CompletedTask;
    public StoreFeed Feed => StoreFeed.AtOnce;

    public Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<Series>>([.. query.Metrics.Select(metric => new Series(metric, Points(query, metric)))]);
    }

    private List<SeriesPoint> Points(SeriesQuery query, string metric)
    {
        var points = Readings(query.Device, metric)
            .Where(p => p.TimestampMs >= query.From.ToUnixTimeMilliseconds() && p.TimestampMs < query.To.ToUnixTimeMilliseconds());
        if (query.Bucket is { } bucket) points = points.GroupBy(p => p.TimestampMs - p.TimestampMs % (long)bucket.TotalMilliseconds).Select(g => Reduce(g.Key, [.. g], query.Aggregate));
        return [.. query.Limit is { } limit ? points.TakeLast(limit) : points];
    }

    private IEnumerable<SeriesPoint> Readings(DeviceKey device, string metric) =>
        from instant in _instants
        where instant.Key.Device == device && instant.Value.Readings.ContainsKey(metric)
        let reading = instant.Value.Readings[metric]
        where reading.Quality is not Quality.Bad
        select new SeriesPoint(instant.Key.At, reading.Value, reading.State);

    private static SeriesPoint Reduce(long at, List<SeriesPoint> points, Aggregate aggregate) => new(at, aggregate switch
    {
        Aggregate.Min => points.Min(p => p.Value),
        Aggregate.Max => points.Max(p => p.Value),
        Aggregate.Last => points[^1].Value,
        Aggregate.Count => points.Count,
        _ => points.Average(p => p.Value),
    }, points[^1].State);

    public Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct)
    {
        lock (_lock)
        {
            var metrics = _instants.Where(i => i.Key.Device == device).SelectMany(i => i.Value.Readings.Keys).Distinct().Order(StringComparer.Ordinal);
            return Task.FromResult<IReadOnlyList<LatestValue>>(
                [.. metrics.SelectMany(m => Readings(device, m).TakeLast(1).Select(p => new LatestValue(m, p.TimestampMs, p.Value, p.State)))]);
        }
    }

    public async Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct)
    {
        DeviceKey[] devices;
        lock (_lock) devices = [.. _instants.Keys.Select(k => k.Device).Where(d => d.Tenant == tenant).Distinct().Order()];
        var all = new List<DeviceLatest>();
        foreach (var device in devices) all.Add(new DeviceLatest(device, await LatestAsync(device, ct)));
        return all;
    }

    public async IAsyncEnumerable<Sample> ReadAsync(IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        Sample[] samples;
        lock (_lock)
            samples = [.. _instants.Where(i => devices.Contains(i.Key.Device) && i.Key.At >= from.ToUnixTimeMilliseconds() && i.Key.At < to.ToUnixTimeMilliseconds())
                .Select(i => new Sample(i.Key.Device, i.Key.At, i.Value.Sequence, [.. i.Value.Readings.Values]))];
        foreach (var sample in samples) yield return sample;
    }

    public Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct)
    {
        lock (_lock)
        {
            var old = _instants.Keys.Where(k => k.At < before.ToUnixTimeMilliseconds()).ToArray();
            foreach (var key in old) _instants.Remove(key);
            return Task.FromResult((long)old.Length);
        }
    }

    public Task<long> CountAsync(CancellationToken ct)
    {
        lock (_lock) return Task.FromResult((long)_instants.Count);
    }
}
