using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.TimeSeries;

public sealed class SegmentTimeSeriesStoreTests : TimeSeriesStoreContract
{
    private static readonly DeviceKey Pump = new("default", "pump-1");
    private readonly TempFolder _folder = new();
    private SegmentTimeSeriesStore _store;

    public SegmentTimeSeriesStoreTests() => _store = Open();

    protected override ITimeSeriesStore Store => _store;

    private SegmentTimeSeriesStore Open() => new(_folder.Path, new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System);

    private async Task Reopen()
    {
        await _store.DisposeAsync();
        _store = Open();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reopened_it_knows_its_points_its_latest_values_and_the_order_of_writes()
    {
        await Append((1, 1), (2, 2));
        await _store.AppendAsync([new Sample(Pump, 1_764_000_000_001, 5, [new Reading("mode", double.NaN, "auto"), new Reading("odd", 3, null, Quality.Uncertain)])], Ct);
        var before = await _store.LatestAsync(Pump, Ct);
        await _store.FlushAsync(Ct);
        await Reopen();
        Assert.Equal(before, await _store.LatestAsync(Pump, Ct));
        await Append((1, 10));
        await _store.FlushAsync(Ct);
        Assert.Equal([(1, 10.0), (2, 2.0)], await Query(0, 10));
        await Reopen();
        Assert.Equal([(1, 10.0), (2, 2.0)], await Query(0, 10));
    }

    [Fact]
    public async Task What_was_not_flushed_is_not_durable_and_gone_after_a_crash()
    {
        await Append((1, 1));
        await _store.FlushAsync(Ct);
        await Append((2, 2));
        Assert.Equal(1, _store.Durable);
        await Reopen();
        Assert.Equal([(1, 1.0)], await Query(0, 10));
        Assert.Equal(1, await _store.CountAsync(Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Readings_marked_bad_are_history_but_neither_points_nor_latest(bool sealedFirst)
    {
        await _store.AppendAsync([new Sample(Pump, 1_764_000_000_001, null, [new Reading("flow", 99, null, Quality.Bad)])], Ct);
        if (sealedFirst) await _store.FlushAsync(Ct);
        Assert.Empty(await Query(0, 10));
        Assert.Empty(await _store.LatestAsync(Pump, Ct));
        await foreach (var sample in _store.ReadAsync([Pump], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Ct))
            Assert.Equal(Quality.Bad, Assert.Single(sample.Readings).Quality);
    }

    [Fact]
    public async Task Each_day_has_its_folder_and_old_days_go_whole()
    {
        const long DayMs = 86_400_000;
        await Append((1, 1), (DayMs, 2), (2 * DayMs, 3));
        await _store.FlushAsync(Ct);
        Assert.Equal(3, Directory.GetDirectories(_folder.Path).Length);
        Assert.Equal(1, await _store.DeleteBeforeAsync(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000 + DayMs), Ct));
        Assert.Equal(2, Directory.GetDirectories(_folder.Path).Length);
        Assert.Equal([(DayMs, 2.0), (2 * DayMs, 3.0)], await Query(0, 10 * DayMs));
        await Reopen();
        Assert.Equal([(DayMs, 2.0), (2 * DayMs, 3.0)], await Query(0, 10 * DayMs));
        Assert.Equal(2, await _store.CountAsync(Ct));
    }
}
