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
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(PumpSamples.StartMs);

    /// <param name="from">Directory of files that <see cref="DumpAsync"/> wrote; null to make the rows on the way.</param>
    public static async Task<object> RunAsync(Load load, string? from, CancellationToken ct)
    {
        await using var decimals = Open(load, RowSet.Decimals);
        var filled = await FillAsync(load, decimals, RowSet.Decimals, from, ct);
        var digits = await DigitsAsync(load, from, ct);
        var time = load.Time / 4;
        var (day, latest) = (await DayAsync(decimals, time, ct), await LatestAsync(decimals, time, ct));
        var (months, monthsMeanwhile) = await NinetyDaysAsync(load, time, from, ct);
        var (dayMeanwhile, latestMeanwhile) = await WhileFedAsync(decimals, async () => (await DayAsync(decimals, time, ct), await LatestAsync(decimals, time, ct)), ct);
        return new StoreFigures("store", Math.Round(filled.Seconds, 3), filled.Rows, filled.RowsPerSecond, filled.ProcessorPerMillion, filled.ProcessorPerMillionMerged, filled.BytesPerRow,
            digits.RowsPerSecond, digits.ProcessorPerMillion, digits.BytesPerRow, day, latest, months, dayMeanwhile, latestMeanwhile, monthsMeanwhile);
    }

    /// <summary>Writes the rows that <see cref="RunAsync"/> makes as line protocol, for other stores and for itself.</summary>
    public static Task<object> DumpAsync(string directory, CancellationToken ct) => Task.Run<object>(() =>
    {
        Directory.CreateDirectory(directory);
        return new StoreDump("store", directory, RowSet.All.ToDictionary(set => set.Name, set => LineRows.Write(directory, set, ct)));
    }, ct);

    private static SegmentTimeSeriesStore Open(Load load, RowSet set) =>
        new(Path.Combine(load.Directory, set.Name), new TimeSeriesOptions(), NullLogger<SegmentTimeSeriesStore>.Instance, TimeProvider.System);

    /// <summary>Time and processor time until all is durable, that of making or reading the rows included; then what merging takes and leaves.</summary>
    private static async Task<Filled> FillAsync(Load load, SegmentTimeSeriesStore store, RowSet set, string? from, CancellationToken ct)
    {
        var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var rows in from is null ? new StoreRows(set).Batches() : LineRows.Read(LineRows.FileOf(from, set))) await store.AppendAsync(rows, ct);
        await store.FlushAsync(ct);
        var (seconds, processor) = (Stopwatch.GetElapsedTime(began).TotalSeconds, Environment.CpuUsage.TotalTime - used);
        await store.CompactAllAsync(ct);
        return new Filled(await store.CountAsync(ct), seconds, processor, Environment.CpuUsage.TotalTime - used, BytesOf(load, set));
    }

    private readonly record struct Filled(long Rows, double Seconds, TimeSpan Processor, TimeSpan ProcessorMerged, long Bytes)
    {
        public double RowsPerSecond => Math.Round(Rows / Seconds);
        public double ProcessorPerMillion => Math.Round(Processor.TotalSeconds / Rows * 1e6, 3);
        public double ProcessorPerMillionMerged => Math.Round(ProcessorMerged.TotalSeconds / Rows * 1e6, 3);
        public double BytesPerRow => Math.Round((double)Bytes / Rows, 2);
    }

    private static async Task<Filled> DigitsAsync(Load load, string? from, CancellationToken ct)
    {
        await using var store = Open(load, RowSet.Digits);
        return await FillAsync(load, store, RowSet.Digits, from, ct);
    }

    private static async Task<(double Alone, double WhileFed)> NinetyDaysAsync(Load load, TimeSpan time, string? from, CancellationToken ct)
    {
        await using var store = Open(load, RowSet.Months);
        await FillAsync(load, store, RowSet.Months, from, ct);
        var long90 = TimeSpan.FromDays(RowSet.LongDays);
        var query = new SeriesQuery(StoreRows.Device(0), [StoreRows.Metrics[0]], Start, Start + long90, long90 / 1000);
        var alone = await TimeAsync(time, _ => store.QueryAsync(query, ct));
        var fed = await WhileFedAsync(store, () => TimeAsync(time, _ => store.QueryAsync(query, ct)), ct);
        return (alone, fed);
    }

    private static Task<double> DayAsync(SegmentTimeSeriesStore store, TimeSpan time, CancellationToken ct) =>
        TimeAsync(time, i => store.QueryAsync(new SeriesQuery(StoreRows.Device(i), StoreRows.Metrics, Start, Start.AddDays(1), Minute), ct));

    private static Task<double> LatestAsync(SegmentTimeSeriesStore store, TimeSpan time, CancellationToken ct) =>
        TimeAsync(time, _ => store.LatestOfAllAsync(DeviceKey.DefaultTenant, ct));

    /// <summary>Asks while the store is fed as fast as it takes it.</summary>
    private static async Task<T> WhileFedAsync<T>(SegmentTimeSeriesStore store, Func<Task<T>> ask, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var feeding = Task.Run(async () =>
        {
            var rows = new StoreRows(RowSet.Decimals);
            for (var tick = RowSet.TicksPerDay; !enough.IsCancellationRequested; tick += 5) await store.AppendAsync(rows.Batch(tick), ct);
        }, ct);
        var answer = await ask();
        await enough.CancelAsync();
        await feeding;
        return answer;
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

    private static long BytesOf(Load load, RowSet set) =>
        new DirectoryInfo(Path.Combine(load.Directory, set.Name)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}

/// <param name="Rows">In each file.</param>
internal sealed record StoreDump(string Bench, string Directory, IReadOnlyDictionary<string, long> Rows);

/// <param name="Rows">A row is a sample of five readings.</param>
/// <param name="Seconds">Until all rows were durable, making or reading them included.</param>
/// <param name="ProcessorSecondsPerMillionMerged">With the last merging.</param>
/// <param name="BytesPerRow">On disk after merging, values with two or three decimals.</param>
/// <param name="BytesPerRowAllDigits">The same of smooth, noisy, constant, whole and on-off metrics with all their digits and an uneven clock.</param>
/// <param name="DayP50Ms">One device's day, five metrics as means of a minute.</param>
/// <param name="LatestOfAllP50Ms">The last values of all devices.</param>
/// <param name="NinetyDaysP50Ms">Ninety days of one metric in 1,000 buckets.</param>
internal sealed record StoreFigures(
    string Bench, double Seconds, long Rows, double RowsPerSecond, double ProcessorSecondsPerMillion, double ProcessorSecondsPerMillionMerged, double BytesPerRow,
    double RowsPerSecondAllDigits, double ProcessorSecondsPerMillionAllDigits, double BytesPerRowAllDigits,
    double DayP50Ms, double LatestOfAllP50Ms, double NinetyDaysP50Ms, double DayWhileFedP50Ms, double LatestOfAllWhileFedP50Ms, double NinetyDaysWhileFedP50Ms);
