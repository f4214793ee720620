using CsCheck;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Tests.TimeSeries;

/// <summary>What every time-series store must do; each derives from it.</summary>
public abstract class TimeSeriesStoreContract : IAsyncDisposable
{
    private const long Start = 1_764_000_000_000;   // a whole minute
    private static readonly DeviceKey Pump = new("default", "pump-1");
    private static readonly DeviceKey Other = new("acme", "pump-1");

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Type <c>pump</c> for devices named so, declaring <c>flow</c> and <c>Flow</c>; the rest is generic.</summary>
    protected sealed class Catalog : IEquipmentCatalog
    {
        public List<string> Declared { get; } = ["flow", "Flow"];
        public string TypeOf(in DeviceKey device) => device.Device.StartsWith("pump", StringComparison.Ordinal) ? "pump" : "generic";
        public IReadOnlyList<string> MetricsOf(string type) => type == "pump" ? Declared : [];
    }

    protected Catalog Packs { get; } = new();
    protected abstract ITimeSeriesStore Store { get; }
    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Raw_points_come_back_in_time_order_within_the_half_open_range()
    {
        await Append((3, 3), (1, 1), (2, 2), (4, 4));
        Assert.Equal([(1, 1.0), (2, 2.0), (3, 3.0)], await Query(1, 4));
        Assert.Equal([(3, 3.0), (4, 4.0)], await Query(0, 100, limit: 2));
    }

    [Fact]
    public async Task The_last_write_of_an_instant_stands_metric_by_metric()
    {
        await Store.AppendAsync([Sample(Pump, 1, ("flow", 1), ("Flow", 10), ("odd", 100))], Ct);
        await Store.AppendAsync([Sample(Pump, 1, ("flow", 2), ("odd", 200)), Sample(Pump, 1, ("flow", 3))], Ct);
        Assert.Equal([(1, 3.0)], await Query(0, 10));
        Assert.Equal([(1, 10.0)], await Query(0, 10, metric: "Flow"));
        Assert.Equal([(1, 200.0)], await Query(0, 10, metric: "odd"));
    }

    [Fact]
    public async Task Appending_twice_equals_appending_once()
    {
        await Append((1, 1), (2, 2), (60_000, 5));
        await Append((1, 1), (2, 2), (60_000, 5));
        Assert.Equal([(1, 1.0), (2, 2.0), (60_000, 5.0)], await Query(0, 100_000));
        Assert.Equal([(0, 2.0), (60_000, 1.0)], await Query(0, 100_000, bucket: TimeSpan.FromMinutes(1), aggregate: Aggregate.Count));
    }

    [Theory]
    [InlineData(Aggregate.Mean, 2, 10)]
    [InlineData(Aggregate.Min, 1, 10)]
    [InlineData(Aggregate.Max, 3, 10)]
    [InlineData(Aggregate.Last, 2, 10)]
    [InlineData(Aggregate.Count, 3, 1)]
    public async Task Buckets_are_aligned_to_the_epoch(Aggregate aggregate, double first, double second)
    {
        await Append((1_000, 1), (2_000, 3), (59_999, 2), (60_000, 10));
        Assert.Equal([(0, first), (60_000, second)], await Query(0, 200_000, bucket: TimeSpan.FromMinutes(1), aggregate: aggregate));
    }

    [Fact]
    public async Task Texts_and_undeclared_metrics_are_kept_too()
    {
        await Store.AppendAsync([new Sample(Pump, Start + 1, 7, [new Reading("mode", double.NaN, "auto"), new Reading("flow", 5)])], Ct);
        var series = await Store.QueryAsync(new SeriesQuery(Pump, ["mode", "unknown"], At(0), At(10)), Ct);
        Assert.Equal("auto", Assert.Single(series[0].Points).State);
        Assert.Empty(series[1].Points);
    }

    [Fact]
    public async Task Tenants_and_devices_do_not_see_each_other()
    {
        await Store.AppendAsync([Sample(Pump, 1, ("flow", 1)), Sample(Other, 1, ("flow", 2))], Ct);
        Assert.Equal([(1, 1.0)], await Query(0, 10));
        Assert.Equal(2, Assert.Single(await Store.LatestAsync(Other, Ct)).Value);
        Assert.Empty(await Store.LatestAsync(new DeviceKey("nobody", "pump-1"), Ct));
    }

    [Fact]
    public async Task The_latest_value_is_the_newest_by_event_time()
    {
        await Append((5, 50));
        await Append((3, 30));
        Assert.Equal([new LatestValue("flow", Start + 5, 50, null)], await Store.LatestAsync(Pump, Ct));
    }

    [Fact]
    public async Task Names_of_any_kind_are_only_names()
    {
        const string Nasty = "a\"; DROP TABLE devices; --";
        Packs.Declared.Add(Nasty);
        await Store.AppendAsync([Sample(Pump, 1, (Nasty, 1), ("x'y", 2), ("FLOW", 3), ("flow", 4))], Ct);
        Assert.Equal([(1, 1.0)], await Query(0, 10, metric: Nasty));
        Assert.Equal([(1, 2.0)], await Query(0, 10, metric: "x'y"));
        Assert.Equal([(1, 3.0)], await Query(0, 10, metric: "FLOW"));
        Assert.Equal([(1, 4.0)], await Query(0, 10));
    }

    [Fact]
    public async Task A_metric_declared_later_keeps_its_earlier_values()
    {
        await Store.AppendAsync([Sample(Pump, 1, ("odd", 1))], Ct);
        Packs.Declared.Add("odd");
        await Store.AppendAsync([Sample(Pump, 2, ("odd", 2)), Sample(Pump, 1, ("flow", 1))], Ct);
        Assert.Equal([(1, 1.0), (2, 2.0)], await Query(0, 10, metric: "odd"));
    }

    [Fact]
    public async Task History_is_read_as_samples_in_order_of_time_then_device()
    {
        var mixed = new Sample(Pump, Start + 2, 9, [new Reading("flow", 1), new Reading("mode", double.NaN, "auto"), new Reading("odd", 2, null, Quality.Uncertain)]);
        await Store.AppendAsync([mixed, Sample(Other, 2, ("flow", 5)), Sample(Pump, 90_000_000, ("flow", 6)), Sample(Other, 1, ("flow", 4)), Sample(Pump, 200, ("flow", 7))], Ct);
        var read = new List<Sample>();
        await foreach (var sample in Store.ReadAsync([Pump, Other], At(0), At(100_000_000), Ct)) read.Add(sample);
        Assert.Equal([(Other, 1), (Other, 2), (Pump, 2), (Pump, 200), (Pump, 90_000_000L)], read.Select(s => (s.Device, s.TimestampMs - Start)));
        Assert.Equal(9, read[2].Sequence);
        Assert.Equal(mixed.Readings.OrderBy(r => r.Metric, StringComparer.Ordinal), read[2].Readings.OrderBy(r => r.Metric, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rows_are_one_devices_in_order_of_time_and_hold_only_the_metrics_asked_for()
    {
        await Store.AppendAsync(
            [
                new Sample(Pump, Start + 5, 9, [new Reading("flow", 1), new Reading("mode", double.NaN, "auto"), new Reading("odd", 2, null, Quality.Uncertain)]),
                Sample(Pump, 3, ("odd", 3)), Sample(Pump, 4, ("Flow", 4)), Sample(Other, 4, ("flow", 40)), Sample(Pump, 200_000_000, ("flow", 7)), Sample(Pump, 300_000_000, ("flow", 8)),
            ], Ct);
        Assert.Equal(["5 flow=1", "200000000 flow=7"], await RowsOf(0, 300_000_000, "flow"));
        Assert.Equal(["3 odd=3", "5 mode='auto' odd=2?"], await RowsOf(0, 100, "odd", "mode", "never heard of"));
        Assert.Equal(["3 odd=3", "4 Flow=4", "5 flow=1 mode='auto' odd=2?"], await RowsOf(3, 6));
        Assert.Empty(await RowsOf(0, 100, "never heard of"));
        Assert.Empty(await RowsOf(6, 100));
    }

    [Fact]
    public async Task Rows_are_merged_from_what_is_durable_and_what_is_not_yet()
    {
        await Store.AppendAsync([Sample(Pump, 1, ("flow", 1), ("odd", 10)), Sample(Pump, 86_400_001, ("flow", 3))], Ct);
        await Store.FlushAsync(Ct);
        await Store.AppendAsync([Sample(Pump, 1, ("flow", 2)), Sample(Pump, 40_000_000, ("odd", 20)), Sample(Pump, 86_400_001, ("odd", 30))], Ct);
        Assert.Equal(["1 flow=2", "86400001 flow=3"], await RowsOf(0, 100_000_000, "flow"));
        Assert.Equal(["1 flow=2 odd=10", "40000000 odd=20", "86400001 flow=3 odd=30"], await RowsOf(0, 100_000_000, "flow", "odd"));
        await Store.FlushAsync(Ct);
        Assert.Equal(["1 flow=2 odd=10", "40000000 odd=20", "86400001 flow=3 odd=30"], await RowsOf(0, 100_000_000));
    }

    /// <summary>More than a block and more than what is read at once, for stores that have such.</summary>
    [Fact]
    public async Task Rows_of_many_days_come_all_and_once()
    {
        const int Count = 10_000;
        const long Step = 900_000;
        for (var i = 0; i < Count; i += 1000) await Append([.. Enumerable.Range(i, 1000).Select(k => (k * Step, (double)k))]);
        await Store.FlushAsync(Ct);
        var rows = await RowsOf(Step, (Count - 1) * Step, "flow");
        Assert.Equal(Enumerable.Range(1, Count - 2).Select(k => $"{k * Step} flow={k}"), rows);
    }

    [Fact]
    public async Task What_is_too_old_is_deleted_and_counted()
    {
        await Append((1, 1), (2, 2), (3, 3));
        Assert.Equal(3, await Store.CountAsync(Ct));
        Assert.Equal(2, await Store.DeleteBeforeAsync(At(3), Ct));
        Assert.Equal([(3, 3.0)], await Query(0, 10));
        Assert.Equal(1, await Store.CountAsync(Ct));
    }

    [Fact]
    public async Task Buckets_span_what_is_durable_and_what_is_not_yet()
    {
        await Append((1_000, 1), (59_999, 2));
        await Store.FlushAsync(Ct);
        await Append((30_000, 6), (61_000, 10), (59_999, 5));
        Assert.Equal([(0, 4.0), (60_000, 10.0)], await Query(0, 200_000, bucket: TimeSpan.FromMinutes(1)));
        await Store.FlushAsync(Ct);
        Assert.Equal([(0, 4.0), (60_000, 10.0)], await Query(0, 200_000, bucket: TimeSpan.FromMinutes(1)));
        Assert.Equal([(60_000, 10.0)], await Query(0, 200_000, bucket: TimeSpan.FromMinutes(1), limit: 1));
    }

    [Fact]
    public async Task Ordinals_rise_and_are_durable_at_the_latest_after_a_flush()
    {
        var first = await Store.AppendAsync(Rows(Sample(Pump, 1, ("flow", 1))), Ct);
        var second = await Store.AppendAsync(Rows(Sample(Pump, 2, ("flow", 2))), Ct);
        Assert.True(first >= 1 && second > first);
        await Store.FlushAsync(Ct);
        Assert.True(Store.Durable >= second);
        var third = await Store.AppendAsync(Rows(), Ct);
        Assert.True(third > second);
        await Store.FlushAsync(Ct);
        Assert.True(Store.Durable >= third);
    }

    [Fact]
    public async Task The_latest_of_all_are_the_tenants_devices_in_order()
    {
        await Store.AppendAsync([Sample(Pump, 1, ("flow", 1)), Sample(Other, 1, ("flow", 2)), Sample(new DeviceKey("default", "a"), 5, ("odd", 3), ("flow", 4))], Ct);
        await Store.FlushAsync(Ct);
        await Store.AppendAsync([Sample(Pump, 2, ("flow", 7)), Sample(new DeviceKey("default", "z"), 5, ("odd", 8))], Ct);
        var all = await Store.LatestOfAllAsync("default", Ct);
        Assert.Equal(["a", "pump-1", "z"], all.Select(d => d.Device.Device));
        Assert.Equal([("flow", 4.0), ("odd", 3.0)], all[0].Values.Select(v => (v.Metric, v.Value)));
        Assert.Equal([new LatestValue("flow", Start + 2, 7, null)], all[1].Values);
        Assert.Empty(await Store.LatestOfAllAsync("nobody", Ct));
    }

    private static SampleRows Rows(params Sample[] samples)
    {
        var rows = new SampleRows();
        foreach (var sample in samples) rows.Add(sample, sample.TimestampMs);
        return rows;
    }

    private protected Task Append(params (long At, double Flow)[] points) =>
        Store.AppendAsync([.. points.Select(p => Sample(Pump, p.At, ("flow", p.Flow)))], Ct);

    private protected async Task<(long, double)[]> Query(
        long from, long to, string metric = "flow", TimeSpan? bucket = null, Aggregate aggregate = Aggregate.Mean, int? limit = null)
    {
        var series = await Store.QueryAsync(new SeriesQuery(Pump, [metric], At(from), At(to), bucket, aggregate, limit), Ct);
        return [.. Assert.Single(series).Points.Select(p => (p.TimestampMs - Start, p.Value))];
    }

    private protected async Task<List<string>> RowsOf(long from, long to, params string[] metrics)
    {
        var told = new List<string>();
        await foreach (var rows in Store.ReadRowsAsync(Pump, metrics, At(from), At(to), Ct))
            for (var row = 0; row < rows.Count; row++) told.Add(Tell(rows.ToSample(row)));
        return told;
    }

    private static string Tell(Sample sample)
    {
        Assert.Equal((Pump, null), (sample.Device, sample.Sequence));
        var readings = sample.Readings.OrderBy(r => r.Metric, StringComparer.OrdinalIgnoreCase)
            .Select(r => FormattableString.Invariant($"{r.Metric}={(r.State is null ? r.Value : $"'{r.State}'")}{(r.Quality is Quality.Uncertain ? "?" : "")}"));
        return $"{sample.TimestampMs - Start} {string.Join(' ', readings)}";
    }

    private static DateTimeOffset At(long offsetMs) => DateTimeOffset.FromUnixTimeMilliseconds(Start + offsetMs);

    private static Sample Sample(DeviceKey device, long offsetMs, params (string Metric, double Value)[] values) =>
        new(device, Start + offsetMs, null, [.. values.Select(v => new Reading(v.Metric, v.Value))]);
}

public sealed class DuckDbTimeSeriesStoreTests : TimeSeriesStoreContract
{
    private readonly TempFolder _folder = new();
    private DuckDbTimeSeriesStore _store;

    public DuckDbTimeSeriesStoreTests() => _store = Open();

    protected override ITimeSeriesStore Store => _store;

    private DuckDbTimeSeriesStore Open() => new(Path.Combine(_folder.Path, "t.duckdb"), new TimeSeriesOptions(), Packs);

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Reopened_it_knows_its_points_its_latest_values_and_the_order_of_writes()
    {
        await Append((1, 1), (2, 2));
        await _store.AppendAsync([new Sample(new DeviceKey("default", "pump-1"), 1_764_000_000_001, null, [new Reading("mode", double.NaN, "auto"), new Reading("odd", 3)])], Ct);
        var before = await _store.LatestAsync(new DeviceKey("default", "pump-1"), Ct);
        _store.Dispose();
        _store = Open();
        Assert.Equal(before, await _store.LatestAsync(new DeviceKey("default", "pump-1"), Ct));
        await Append((1, 10));
        Assert.Equal([(1, 10.0), (2, 2.0)], await Query(0, 10));
    }

    [Fact]
    public async Task Readings_marked_bad_are_history_but_neither_points_nor_latest()
    {
        var device = new DeviceKey("default", "pump-1");
        await _store.AppendAsync([new Sample(device, 1_764_000_000_001, null, [new Reading("flow", 99, null, Quality.Bad)])], Ct);
        Assert.Empty(await Query(0, 10));
        Assert.Empty(await _store.LatestAsync(device, Ct));
        await foreach (var sample in _store.ReadAsync([device], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Ct))
            Assert.Equal(Quality.Bad, Assert.Single(sample.Readings).Quality);
    }

    [Fact]
    public async Task After_a_refused_batch_the_next_one_is_stored()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => _store.AppendAsync([new Sample(new DeviceKey("default", "pump-9"), 1_764_000_000_001, null, null!)], Ct));
        await Append((1, 1));
        Assert.Equal([(1, 1.0)], await Query(0, 10));
    }
}

public sealed class MemoryTimeSeriesStoreTests : TimeSeriesStoreContract
{
    protected override ITimeSeriesStore Store { get; } = new MemoryTimeSeriesStore();
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
