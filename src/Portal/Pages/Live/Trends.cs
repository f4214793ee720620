using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Live;

/// <param name="Points">Pairs of Unix ms and value.</param>
public sealed record TrendSeries(string Metric, IReadOnlyList<double[]> Points);

/// <param name="BucketMs">Width of one point, or 0 for raw points.</param>
public sealed record Trend(long From, long To, long BucketMs, IReadOnlyList<TrendSeries> Series);

/// <summary>Series for the charts: never more points than a chart has pixels.</summary>
public sealed class Trends(ITimeSeriesStore store, TimeProvider clock)
{
    private const int PointsPerChart = 720;
    private static readonly TimeSpan LiveEvery = TimeSpan.FromSeconds(1);

    public async Task<Trend> ReadAsync(DeviceKey device, IReadOnlyList<string> metrics, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var bucket = BucketFor(to - from);
        var series = metrics.Count == 0 ? [] : await store.QueryAsync(new SeriesQuery(device, metrics, from, to, bucket), ct);
        return new Trend(
            from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), (long)(bucket?.TotalMilliseconds ?? 0),
            [.. series.Select(s => new TrendSeries(s.Metric, [.. s.Points.Where(p => double.IsFinite(p.Value)).Select(p => new double[] { p.TimestampMs, p.Value })]))]);
    }

    /// <summary>The newest values of a device, once a second, only those that are new.</summary>
    public async IAsyncEnumerable<SseItem<IReadOnlyList<LatestValue>>> FollowAsync(DeviceKey device, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = new Dictionary<string, long>();
        while (!ct.IsCancellationRequested)
        {
            var fresh = (await store.LatestAsync(device, ct)).Where(v => seen.GetValueOrDefault(v.Metric, long.MinValue) < v.TimestampMs).ToList();
            foreach (var value in fresh) seen[value.Metric] = value.TimestampMs;
            // JSON has no NaN: a state travels as its text alone.
            if (fresh.Count > 0) yield return new SseItem<IReadOnlyList<LatestValue>>([.. fresh.Select(v => double.IsFinite(v.Value) ? v : v with { Value = 0 })], "values");
            await Task.Delay(LiveEvery, clock, ct);
        }
    }

    /// <summary>Null (raw points) up to 15 minutes; then whole seconds or minutes so that buckets keep their borders while the window moves.</summary>
    internal static TimeSpan? BucketFor(TimeSpan window)
    {
        if (window <= TimeSpan.FromMinutes(15)) return null;
        var seconds = window.TotalSeconds / PointsPerChart;
        ReadOnlySpan<int> steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400];
        foreach (var step in steps)
        {
            if (step >= seconds) return TimeSpan.FromSeconds(step);
        }
        return TimeSpan.FromDays(Math.Ceiling(seconds / 86400));
    }
}
