using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Influx;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests.TimeSeries.Influx;

/// <summary>The contract, kept by a real InfluxDB 1.x; each test has a database of its own.</summary>
public sealed class InfluxTimeSeriesStoreTests : TimeSeriesStoreContract, IClassFixture<InfluxServer>
{
    private const long Start = 1_764_000_000_000;
    private static readonly DeviceKey Pump = new("default", "pump-1");

    private readonly TempFolder _folder = new();
    private readonly InfluxServer _server;
    private readonly string _database = $"t{Guid.CreateVersion7():N}";
    private InfluxTimeSeriesStore? _store;

    public InfluxTimeSeriesStoreTests(InfluxServer server) => _server = server;

    protected override ITimeSeriesStore Store => _store ??= Open(Packs);

    private string Rejected => Path.Combine(_folder.Path, "rejected.lp");

    private InfluxTimeSeriesStore Open(IEquipmentCatalog catalog)
    {
        InfluxServer.SkipUnlessInstalled(_server);
        return new InfluxTimeSeriesStore(new InfluxOptions { Url = _server.Url!, Database = _database }, Rejected, catalog, TimeProvider.System, NullLogger<InfluxTimeSeriesStore>.Instance);
    }

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _store?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Another_process_sees_the_same_points_and_latest_values()
    {
        await Append((1, 1), (2, 2));
        using var other = Open(Packs);
        Assert.Equal([new LatestValue("flow", Start + 2, 2, null)], await other.LatestAsync(Pump, Ct));
        await other.AppendAsync([new Sample(Pump, Start + 1, null, [new Reading("flow", 10)])], Ct);
        Assert.Equal([(1, 10.0), (2, 2.0)], await Query(0, 10));
    }

    [Fact]
    public async Task Readings_marked_bad_are_history_but_neither_points_nor_latest()
    {
        await Store.AppendAsync([new Sample(Pump, Start + 1, null, [new Reading("flow", 99, null, Quality.Bad)])], Ct);
        Assert.Empty(await Query(0, 10));
        Assert.Empty(await Store.LatestAsync(Pump, Ct));
        await foreach (var sample in Store.ReadAsync([Pump], DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Ct))
            Assert.Equal(Quality.Bad, Assert.Single(sample.Readings).Quality);
    }

    [Theory]
    [InlineData(Aggregate.Mean, 2)]
    [InlineData(Aggregate.Count, 3)]
    [InlineData(Aggregate.Last, 3)]
    public async Task Uncertain_readings_count_in_points_and_buckets(Aggregate aggregate, double expected)
    {
        await Store.AppendAsync(
            [.. new[] { 1, 2, 3 }.Select(i => new Sample(Pump, Start + i, null, [new Reading("flow", i, null, i == 3 ? Quality.Uncertain : Quality.Good)]))], Ct);
        Assert.Equal([(1, 1.0), (2, 2.0), (3, 3.0)], await Query(0, 10));
        Assert.Equal([(0, expected)], await Query(0, 10, bucket: TimeSpan.FromMinutes(1), aggregate: aggregate));
    }

    [Fact]
    public async Task A_texts_bucket_shows_the_last()
    {
        await Store.AppendAsync([.. new[] { "off", "auto" }.Select((mode, i) => new Sample(Pump, Start + i, null, [new Reading("mode", double.NaN, mode)]))], Ct);
        var series = await Store.QueryAsync(new SeriesQuery(Pump, ["mode"], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, TimeSpan.FromMinutes(1)), Ct);
        Assert.Equal("auto", Assert.Single(Assert.Single(series).Points).State);
    }

    [Fact]
    public async Task A_device_whose_type_has_changed_keeps_its_past()
    {
        using (var before = Open(new GenericCatalog())) await before.AppendAsync([new Sample(Pump, Start + 1, null, [new Reading("flow", 1)])], Ct);
        await Append((2, 2));
        Assert.Equal([(1, 1.0), (2, 2.0)], await Query(0, 10));
        Assert.Equal([(0, 2.0)], await Query(0, 10, bucket: TimeSpan.FromMinutes(1), aggregate: Aggregate.Count));
        Assert.Equal(new LatestValue("flow", Start + 2, 2, null), Assert.Single(await Store.LatestAsync(Pump, Ct)));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("seq")]
    [InlineData("device")]
    [InlineData("arrived")]
    [InlineData("_field")]
    [InlineData("flow:bad")]
    [InlineData("C:\\temp\\")]
    [InlineData("two\nlines, a = sign and \"quotes\"")]
    [InlineData("温度 °C")]
    public async Task A_metric_may_have_any_name(string metric)
    {
        await Store.AppendAsync([new Sample(Pump, Start + 1, 5, [new Reading(metric, 1), new Reading("flow", 2), new Reading("mode", double.NaN, "say \"hi\" \\ , = \n there")])], Ct);
        Assert.Equal([(1, 1.0)], await Query(0, 10, metric: metric));
        await foreach (var sample in Store.ReadAsync([Pump], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Ct))
        {
            Assert.Equal(1, sample.Readings.Single(r => r.Metric == metric).Value);
            Assert.Equal("say \"hi\" \\ , = \n there", sample.Readings.Single(r => r.Metric == "mode").State);
        }
        Assert.Contains(new LatestValue(metric, Start + 1, 1, null), await Store.LatestAsync(Pump, Ct));
        Assert.False(File.Exists(Rejected));
    }

    [Fact]
    public async Task What_InfluxDB_refuses_lies_beside_with_its_reason_and_the_rest_is_stored()
    {
        InfluxServer.SkipUnlessInstalled(_server);
        using (var http = new HttpClient { BaseAddress = _server.Url })
        {
            // Somebody wrote a text where our number belongs: in that shard the field is a text for ever.
            (await http.PostAsync(new Uri($"query?q=CREATE DATABASE {_database}", UriKind.Relative), null, Ct)).EnsureSuccessStatusCode();
            (await http.PostAsync(new Uri($"write?db={_database}&precision=ms", UriKind.Relative), new StringContent($"pump spoilt=\"x\" {Start}"), Ct)).EnsureSuccessStatusCode();
        }
        Sample[] samples = [.. Enumerable.Range(0, 1000).Select(i => new Sample(Pump, Start + i, null, [new Reading(i == 123 ? "spoilt" : "flow", i)]))];

        await Store.AppendAsync(samples, Ct);

        Assert.Equal(999, (await Query(0, 1000)).Length);
        var rejected = await File.ReadAllLinesAsync(Rejected, Ct);
        Assert.Equal(2, rejected.Length);
        Assert.Contains("field type conflict", rejected[0], StringComparison.Ordinal);
        Assert.Contains("spoilt=123", rejected[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_whole_and_in_order()
    {
        const int Instants = 25_000;
        var devices = new[] { Pump, new DeviceKey("acme", "srv-1") };
        await Store.AppendAsync([.. Enumerable.Range(0, Instants).SelectMany(i => devices.Select(d => new Sample(d, Start + i, i, [new Reading("flow", i)])))], Ct);
        var read = new List<(long, DeviceKey)>();
        await foreach (var sample in Store.ReadAsync(devices, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Ct)) read.Add((sample.TimestampMs, sample.Device));
        Assert.Equal(2 * Instants, read.Count);
        Assert.Equal(read.Order(), read);
        Assert.Equal(2 * Instants, await Store.CountAsync(Ct));
    }
}
