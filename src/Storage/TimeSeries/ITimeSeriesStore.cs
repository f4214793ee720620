using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

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

/// <param name="Values">In order of the metrics' names.</param>
public sealed record DeviceLatest(DeviceKey Device, IReadOnlyList<LatestValue> Values);

/// <summary>Which table a device's samples belong to. Answered by the equipment packs and the registry at assembly.</summary>
public interface IEquipmentCatalog
{
    /// <summary>The equipment type (pack name), <c>generic</c> when unknown.</summary>
    string TypeOf(in DeviceKey device);

    /// <summary>The numeric metrics the type's pack declares; others go to the narrow side table.</summary>
    IReadOnlyList<string> MetricsOf(string type);
}

/// <summary>How many rows a store wants in one append at best, and how long it may wait for them. A store that works in memory takes what there is.</summary>
public sealed record StoreFeed(int Rows, TimeSpan Delay)
{
    public static StoreFeed AtOnce { get; } = new(1, TimeSpan.Zero);
}

public static class TimeSeriesStores
{
    /// <summary>The same from objects, for imports and tests.</summary>
    public static async Task AppendAsync(this ITimeSeriesStore store, IReadOnlyList<Sample> samples, CancellationToken ct)
    {
        var rows = new SampleRows(Math.Max(1, samples.Count));
        foreach (var sample in samples) rows.Add(sample, sample.TimestampMs);
        await store.AppendAsync(rows, ct);
    }
}

/// <summary>Samples by device and time. Appending twice equals appending once: rows merge on (device, ts), the last write of a metric wins.</summary>
public interface ITimeSeriesStore
{
    /// <summary>Adds rows; once this completes every query sees them.</summary>
    /// <returns>The append's ordinal, rising from 1: what it added is durable once <see cref="Durable"/> has reached it.</returns>
    ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct);

    /// <summary>The ordinal up to which appends would survive a crash. Until then the log, from which they can be repeated, is kept.</summary>
    long Durable { get; }

    /// <summary>Makes everything appended so far durable.</summary>
    Task FlushAsync(CancellationToken ct);

    /// <summary>How the store wants to be fed.</summary>
    StoreFeed Feed { get; }

    Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct);

    /// <summary>Newest value of every metric of the device.</summary>
    Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct);

    /// <summary>Newest value of every metric of every device of the tenant, in order of the devices' names.</summary>
    Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct);

    /// <summary>Every sample of the devices in event-time order (then device order): what backtests and training read.</summary>
    IAsyncEnumerable<Sample> ReadAsync(IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>One device's samples in order of event time, in blocks, and of each only the named metrics: what judges months of history.</summary>
    /// <remarks>Samples that have none of the metrics are left out, and so are the devices' counters. A block is valid until the next is asked for.</remarks>
    /// <param name="metrics">Empty for all.</param>
    IAsyncEnumerable<SampleRows> ReadRowsAsync(DeviceKey device, IReadOnlyCollection<string> metrics, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        RowBlocks.OfSamplesAsync(ReadAsync([device], from, to, ct), metrics, ct);

    /// <summary>Removes what is older than <paramref name="before"/>; returns the rows removed.</summary>
    Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>Rows held, for health and metrics.</summary>
    Task<long> CountAsync(CancellationToken ct);

    /// <summary>Makes everything durable and then leaves the files as they are until disposed, so that they can be copied. Appending goes on meanwhile.</summary>
    async ValueTask<IAsyncDisposable> HoldFilesAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        return NoHold.Instance;
    }
}

/// <summary>For a store that is copied in another way.</summary>
file sealed class NoHold : IAsyncDisposable
{
    public static NoHold Instance { get; } = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
