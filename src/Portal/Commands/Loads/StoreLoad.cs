using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Segments;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Commands.Loads;

/// <summary>A fleet's day into the time-series store until it is durable, with few decimals and with all digits; then what is asked of it most.</summary>
internal static class StoreLoad
{
    private const int Ticks = StoreRows.TicksPerDay;
    private const int LongDays = 90;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(PumpSamples.StartMs);

    public static async Task<object> RunAsync(Load load, CancellationToken ct)
    {
        await using var decimals = Open(Path.Combine(load.Directory, "decimals"));
        var (seconds, processor) = await FillAsync(decimals, new StoreRows(StoreRows.Decimals), ct);
        await decimals.CompactAllAsync(ct);
        var rows = await decimals.CountAsync(ct);
        var bytes = BytesOf(load, "decimals");
        var digits = await DigitsBytesAsync(load, ct);
        var time = load.Time / 4;
        var day = await TimeAsync(time, i => decimals.QueryAsync(new SeriesQuery(StoreRows.Device(i), StoreRows.Metrics, Start, Start.AddDays(1), Minute), ct));
        var latest = await TimeAsync(time, _ => decimals.LatestOfAllAsync(DeviceKey.DefaultTenant, ct));
        var months = await NinetyDaysAsync(load, time, ct);
        var (dayMeanwhile, latestMeanwhile) = await MeanwhileAsync(decimals, time, ct);
        return new StoreFigures("store", Math.Round(seconds, 3), rows, Math.Round(rows / seconds), Math.Round(processor / rows * 1e6, 3),
            PerRow(bytes, rows), PerRow(digits, rows), day, latest, months, dayMeanwhile, latestMeanwhile);
    }

    private static SegmentTimeSeriesStore Open(string directory) => new(directory, new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System);

    /// <returns>Time and processor time until all is durable, that of making the rows included.</returns>
    private static async Task<(double Seconds, double Processor)> FillAsync(SegmentTimeSeriesStore store, StoreRows rows, CancellationToken ct)
    {
        var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var tick = 0; tick < Ticks; tick++) await store.AppendAsync(rows.Tick(tick), ct);
        await store.FlushAsync(ct);
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
    }

    private static async Task<long> DigitsBytesAsync(Load load, CancellationToken ct)
    {
        await using var store = Open(Path.Combine(load.Directory, "digits"));
        await FillAsync(store, new StoreRows(StoreRows.AllDigits), ct);
        await store.CompactAllAsync(ct);
        return BytesOf(load, "digits");
    }

    private static async Task<double> NinetyDaysAsync(Load load, TimeSpan time, CancellationToken ct)
    {
        await using var store = Open(Path.Combine(load.Directory, "months"));
        var rows = new StoreRows(StoreRows.Decimals);
        for (var tick = 0; tick < LongDays * Ticks; tick++) await store.AppendAsync(rows.Tick(tick, devices: 1), ct);
        await store.FlushAsync(ct);
        var query = new SeriesQuery(StoreRows.Device(0), [StoreRows.Metrics[0]], Start, Start.AddDays(LongDays), TimeSpan.FromDays(LongDays) / 1000);
        return await TimeAsync(time, _ => store.QueryAsync(query, ct));
    }

    /// <summary>The same questions while the store is fed as fast as it takes it.</summary>
    private static async Task<(double Day, double Latest)> MeanwhileAsync(SegmentTimeSeriesStore store, TimeSpan time, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var feeding = Task.Run(async () =>
        {
            var rows = new StoreRows(StoreRows.Decimals);
            for (var tick = Ticks; !enough.IsCancellationRequested; tick++) await store.AppendAsync(rows.Tick(tick), ct);
        }, ct);
        var day = await TimeAsync(time, i => store.QueryAsync(new SeriesQuery(StoreRows.Device(i), StoreRows.Metrics, Start, Start.AddDays(1), Minute), ct));
        var latest = await TimeAsync(time, _ => store.LatestOfAllAsync(DeviceKey.DefaultTenant, ct));
        await enough.CancelAsync();
        await feeding;
        return (day, latest);
    }

    /// <returns>The median in milliseconds, after a warm-up.</returns>
    private static async Task<double> TimeAsync(TimeSpan time, Func<int, Task> ask)
    {
        for (var i = 0; i < 50; i++) await ask(i);
        var times = new List<double>();
        for (var began = Stopwatch.GetTimestamp(); times.Count < 10 || (Stopwatch.GetElapsedTime(began) < time && times.Count < 2000);)
        {
            var asked = Stopwatch.GetTimestamp();
            await ask(times.Count);
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return Percentiles.Of(times, 0.5);
    }

    private static long BytesOf(Load load, string store) =>
        new DirectoryInfo(Path.Combine(load.Directory, store)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static double PerRow(long bytes, long rows) => Math.Round((double)bytes / rows, 2);
}

/// <param name="Rows">A row is a sample of five readings.</param>
/// <param name="Seconds">Until all rows were durable, making them included.</param>
/// <param name="BytesPerRow">On disk after merging, values with two or three decimals.</param>
/// <param name="BytesPerRowAllDigits">The same of smooth, noisy, constant, whole and on-off metrics with all their digits and an uneven clock.</param>
/// <param name="DayP50Ms">One device's day, five metrics as means of a minute.</param>
/// <param name="LatestOfAllP50Ms">The last values of all devices.</param>
/// <param name="NinetyDaysP50Ms">Ninety days of one metric in 1,000 buckets.</param>
internal sealed record StoreFigures(
    string Bench, double Seconds, long Rows, double RowsPerSecond, double ProcessorSecondsPerMillion, double BytesPerRow, double BytesPerRowAllDigits,
    double DayP50Ms, double LatestOfAllP50Ms, double NinetyDaysP50Ms, double DayWhileFedP50Ms, double LatestOfAllWhileFedP50Ms);
