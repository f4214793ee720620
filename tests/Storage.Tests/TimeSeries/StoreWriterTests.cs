using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Seamless.Storage.Log;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.TimeSeries;

public sealed class StoreWriterTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileTelemetryLog _log;
    private readonly SegmentTimeSeriesStore _store;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public StoreWriterTests()
    {
        _log = new FileTelemetryLog(Path.Combine(_folder.Path, "log"), new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);
        _store = new SegmentTimeSeriesStore(Path.Combine(_folder.Path, "timeseries"), new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_checkpoint_follows_a_seal_also_while_nothing_arrives()
    {
        using var writer = new StoreWriter(_log, _store, TimeProvider.System, NullLogger<StoreWriter>.Instance);
        await writer.StartAsync(Ct);
        await writer.StartedAsync(Ct);
        await _log.AppendAsync([LogEntry.Of(Some.Sample("pump-1", 1_764_000_000_000), 1), LogEntry.Of(Some.Sample("pump-1", 1_764_000_000_001), 2)], Ct);
        await _log.WaitForAsync(StoreWriter.ConsumerName, Ct);
        Assert.Equal(0, _log.Checkpoint(StoreWriter.ConsumerName, 0));   // in memory: a crash would lose them there
        await _store.FlushAsync(Ct);
        while (_log.Checkpoint(StoreWriter.ConsumerName, 0) < 2) await Task.Delay(20, Ct);
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task A_stop_seals_and_moves_the_checkpoint_to_the_end()
    {
        using var writer = new StoreWriter(_log, _store, TimeProvider.System, NullLogger<StoreWriter>.Instance);
        await writer.StartAsync(Ct);
        await writer.StartedAsync(Ct);
        await _log.AppendAsync([LogEntry.Of(Some.Sample("pump-1", 1_764_000_000_000), 1), LogEntry.Tick(5)], Ct);
        await _log.WaitForAsync(StoreWriter.ConsumerName, Ct);
        await writer.StopAsync(Ct);
        Assert.Equal(2, _log.Checkpoint(StoreWriter.ConsumerName, 0));
    }

    [Fact]
    public async Task A_store_disposed_of_synchronously_is_closed_and_opens_again()
    {
        var path = Path.Combine(_folder.Path, "other");
        using (var store = new SegmentTimeSeriesStore(path, new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System))
        {
            await store.AppendAsync([Some.Sample("pump-1", 1_764_000_000_000)], Ct);
            await store.FlushAsync(Ct);
        }
        await using var reopened = new SegmentTimeSeriesStore(path, new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System);
        Assert.Equal(1, await reopened.CountAsync(Ct));
    }

    [Fact]
    public async Task A_DuckDB_file_of_an_earlier_version_is_taken_in_once()
    {
        var (catalog, options) = (new GenericCatalog(), Options.Create(new StorageOptions { DataDirectory = _folder.Path }));
        var file = Path.Combine(_folder.Path, StoreImport.DuckDbFile);
        var samples = Enumerable.Range(0, 12_345).Select(i => new Sample(new DeviceKey(i % 2 == 0 ? "default" : "acme", $"pump-{i % 3}"), 1_764_000_000_000 + i, i, [new Reading("flow", i), new Reading("mode", double.NaN, $"m{i % 4}")])).ToArray();
        using (var old = new DuckDbTimeSeriesStore(file, new TimeSeriesOptions(), catalog)) await old.AppendAsync(samples, Ct);

        await new StoreImport(_store, catalog, options, NullLogger<StoreImport>.Instance).StartAsync(Ct);
        Assert.False(File.Exists(file));
        Assert.True(File.Exists(file + ".imported"));
        Assert.Equal(samples.Length, await _store.CountAsync(Ct));
        Assert.True(_store.Durable > 0);
        var query = new SeriesQuery(samples[5].Device, ["flow", "mode"], DateTimeOffset.FromUnixTimeMilliseconds(samples[5].TimestampMs), DateTimeOffset.FromUnixTimeMilliseconds(samples[5].TimestampMs + 1));
        var series = await _store.QueryAsync(query, Ct);
        Assert.Equal((5.0, "m1"), (Assert.Single(series[0].Points).Value, Assert.Single(series[1].Points).State));

        await new StoreImport(_store, catalog, options, NullLogger<StoreImport>.Instance).StartAsync(Ct);
        Assert.Equal(samples.Length, await _store.CountAsync(Ct));
    }
}
