using System.Diagnostics;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands.Loads;

/// <summary>Rows per second into the store, as its writer appends them; then what a page of the portal asks for: a day of one pump.</summary>
internal static class StoreLoad
{
    private const int Devices = 100;
    private const int StepMs = 30_000;
    private const int Queries = 20;
    private static readonly string[] Asked = ["vibration", "bearingTemperature"];

    public static async Task<object> RunAsync(Load load, CancellationToken ct)
    {
        var options = new TimeSeriesOptions();
        using var store = new DuckDbTimeSeriesStore(Path.Combine(load.Directory, "bench.duckdb"), options, new PumpsOnly([.. load.Pump().Metrics.Select(m => m.Name)]));
        var devices = Enumerable.Range(0, Devices).Select(i => new DeviceKey(DeviceKey.DefaultTenant, $"pump-{i}")).ToArray();
        var (busy, rows) = (TimeSpan.Zero, 0);
        while (busy < load.Time)
        {
            var batch = Enumerable.Range(rows, options.WriteBatch).Select(i => PumpSamples.At(devices[i % Devices], TimeOf(i), i)).ToArray();   // made outside the measured time
            var began = Stopwatch.GetTimestamp();
            await store.AppendAsync(batch, ct);
            busy += Stopwatch.GetElapsedTime(began);
            rows += batch.Length;
        }
        var end = DateTimeOffset.FromUnixTimeMilliseconds(TimeOf(rows));
        var (times, points) = (new double[Queries], 0);
        for (var i = 0; i < Queries; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var series = await store.QueryAsync(new SeriesQuery(devices[i], Asked, end.AddDays(-1), end, TimeSpan.FromMinutes(5)), ct);
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            points = series.Sum(s => s.Points.Count);
        }
        return new StoreFigures("store", busy.TotalSeconds, rows, Math.Round(rows / busy.TotalSeconds), Percentiles.Of(times, 0.5), Percentiles.Of(times, 0.99), points);
    }

    private static long TimeOf(int number) => PumpSamples.StartMs + (long)(number / Devices) * StepMs;

    private sealed class PumpsOnly(string[] metrics) : IEquipmentCatalog
    {
        public string TypeOf(in DeviceKey device) => "pump";
        public IReadOnlyList<string> MetricsOf(string type) => metrics;
    }
}

/// <param name="Rows">A row is a sample of nine readings.</param>
/// <param name="DayQueryPoints">Points that a query answered: two metrics in buckets of five minutes.</param>
internal sealed record StoreFigures(string Bench, double Seconds, long Rows, double RowsPerSecond, double DayQueryP50Ms, double DayQueryP99Ms, int DayQueryPoints);
