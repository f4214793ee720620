using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

public enum Aggregate { Mean, Min, Max, Last, Count }

/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Bucket">Null for raw points. Buckets are aligned to the Unix epoch.</param>
/// <param name="Limit">At most this many points a metric, the newest when there are more; null for all.</param>
public sealed record SeriesQuery(
    DeviceKey Device, IReadOnlyList<string> Metrics, DateTimeOffset From, DateTimeOffset To,
    TimeSpan? Bucket = null, Aggregate Aggregate = Aggregate.Mean, int? Limit = null);

/// <param name="State">Text of a state metric, otherwise null.</param>
public readonly record struct SeriesPoint(long TimestampMs, double Value, string? State = null);

public sealed record Series(string Metric, IReadOnlyList<SeriesPoint> Points);

public sealed record LatestValue(string Metric, long TimestampMs, double Value, string? State);

/// <summary>Which table a device's samples belong to. Answered by the equipment packs and the registry at assembly.</summary>
public interface IEquipmentCatalog
{
    /// <summary>The equipment type (pack name), <c>generic</c> when unknown.</summary>
    string TypeOf(in DeviceKey device);

    /// <summary>The numeric metrics the type's pack declares; others go to the narrow side table.</summary>
    IReadOnlyList<string> MetricsOf(string type);
}

/// <summary>Samples by device and time. Appending twice equals appending once: rows merge on (device, ts), the last write of a metric wins.</summary>
public interface ITimeSeriesStore
{
    Task AppendAsync(IReadOnlyList<Sample> samples, CancellationToken ct);

    Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct);

    /// <summary>Newest value of every metric of the device.</summary>
    Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct);

    /// <summary>Every sample of the devices in event-time order (then device order): what backtests and training read.</summary>
    IAsyncEnumerable<Sample> ReadAsync(IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>Removes what is older than <paramref name="before"/>; returns the rows removed.</summary>
    Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>Rows held, for health and metrics.</summary>
    Task<long> CountAsync(CancellationToken ct);
}
