using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Seamless.Analytics.Vibration;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Tests.Sensing;

public sealed class VibrationSourceTests
{
    private const int Window = 6000;

    private static readonly BearingGeometry Bearing = BearingTable.Find("6205-2RS")!;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));
    private readonly List<string> _unjudged = [];

    [Fact]
    public async Task A_waveform_becomes_features_and_a_verdict_among_the_metrics()
    {
        var sent = await ReadAsync("acceleration_g\n" + Blows(6), seconds: 1);

        Assert.Equal(3, sent.Count);   // three seconds of samples; the first window at once, then one a second
        var readings = sent[^1].Readings.ToDictionary(reading => reading.Metric);
        Assert.Equal("OR", readings["bearingState"].State);
        Assert.InRange(readings["bearingFault"].Value, 0.9, 1);
        Assert.InRange(readings["bpfoRatio"].Value, 9, 40);
        Assert.InRange(readings["bpfiRatio"].Value, -20, 9);
        Assert.Superset(
            new HashSet<string> { "vibrationRms", "vibrationPeak", "vibrationCrestFactor", "vibrationKurtosis", "vibrationHighFrequencyShare", "bsfRatio" }, readings.Keys.ToHashSet());
        Assert.Empty(_unjudged);
    }

    [Fact]
    public async Task Without_a_speed_it_says_so_once_and_sends_that_it_does_not_know()
    {
        var sent = await ReadAsync(Blows(4), seconds: 0.5, rpm: () => null);

        Assert.Equal(4, sent.Count);
        Assert.All(sent, measurement => Assert.Equal(new Reading("bearingState", double.NaN, "Unknown"), Assert.Single(measurement.Readings)));
        Assert.Equal(["the shaft does not turn"], _unjudged);
    }

    [Fact]
    public async Task Samples_are_read_across_blocks_with_headers_cells_gaps_and_a_last_line_without_break()
    {
        var samples = new SampleReader(new StringReader("g;other\r\n1.5;9\r\n\r\n-2e-1\nbad\n" + string.Concat(Enumerable.Repeat("0.123456789\n", 5000)) + "7"), follow: false, _time);
        var window = new double[5005];

        Assert.True(await samples.FillAsync(window, TestContext.Current.CancellationToken));

        Assert.Equal([1.5, double.NaN, -0.2, double.NaN, 0.123456789], window[..5]);
        Assert.Equal(7, window[^1]);
        Assert.Equal(2, samples.Unreadable);
        Assert.False(await samples.FillAsync(window, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Bytes_that_are_no_samples_end_without_harm()
    {
        var samples = new SampleReader(new StringReader(new string('x', 100_000)), follow: false, _time);

        Assert.False(await samples.FillAsync(new double[10], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_sources_are_read_as_one_and_the_failure_of_one_is_heard()
    {
        var ct = TestContext.Current.CancellationToken;
        var read = new List<string>();
        await foreach (var measurement in new MergedSource(Lines("a\n1\n2"), Lines("b\n3")).ReadAsync(ct)) read.Add(measurement.Readings[0].Metric);
        Assert.Equal(["a", "a", "b"], read.Order());

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var _ in new MergedSource(new Broken(), new PolledSource(new Nothing(), new SamplingInterval(TimeSpan.FromHours(1)), _time)).ReadAsync(ct)) { }
        });
    }

    [Fact]
    public async Task The_speed_is_the_last_good_value_of_its_metric()
    {
        var watched = new WatchedMetric(Lines("ts,speed,mode\n1,1480,auto\n2,,auto\n3,fast,auto"), "speed");
        Assert.Null(watched.Last);

        await foreach (var _ in watched.ReadAsync(TestContext.Current.CancellationToken)) { }

        Assert.Equal(1480, watched.Last);
    }

    private LineSource Lines(string text) => new(new StringReader(text), follow: false, _time, (_, _) => { });

    private async Task<List<Measurement>> ReadAsync(string text, double seconds, Func<double?>? rpm = null)
    {
        var source = new VibrationSource(
            new SampleReader(new StringReader(text), follow: false, _time), Bearing, new VibrationOptions(Window, 12_000), rpm ?? (() => 1797),
            new SamplingInterval(TimeSpan.FromSeconds(seconds)), _time, _unjudged.Add);
        var read = new List<Measurement>();
        await foreach (var measurement in source.ReadAsync(TestContext.Current.CancellationToken)) read.Add(measurement);
        return read;
    }

    /// <summary>Blows on the outer race in noise.</summary>
    private static string Blows(int windows)
    {
        var random = new Random(1);
        var period = 12_000 / (Bearing.OuterRace * 1797 / 60);
        return string.Concat(Enumerable.Range(0, windows * Window).Select(i =>
        {
            var since = i % period;
            var value = 8 * Math.Exp(-since / 10) * Math.Sin(1.7 * since) + 2 * (random.NextDouble() + random.NextDouble() - 1);
            return value.ToString("G5", CultureInfo.InvariantCulture) + "\n";
        }));
    }

    private sealed class Broken : ISource
    {
        public async IAsyncEnumerable<Measurement> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            if (ct.CanBeCanceled) throw new IOException("the sensor was unplugged");
            yield break;
        }
    }

    private sealed class Nothing : IProbe
    {
        public void Read(DateTimeOffset now, List<Reading> readings) { }
    }
}
