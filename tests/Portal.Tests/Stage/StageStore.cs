using Seamless.Storage.DeadLetters;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Signals as functions of time: a calm level with a slow wave and grain; the faulty machines drift off.</summary>
internal sealed class StageStore(StagePacks packs, StageFleet fleet, TimeProvider clock) : ITimeSeriesStore
{
    private static readonly Dictionary<string, double> Levels = new()
    {
        ["bearingTemperature"] = 56, ["windingTemperature"] = 74, ["vibration"] = 1.8, ["motorCurrent"] = 28, ["dischargePressure"] = 6, ["suctionPressure"] = 1.05, ["flow"] = 85, ["supplyVoltage"] = 398,
        ["cpuLoad"] = 42, ["cpuTemperature"] = 61, ["inletTemperature"] = 24, ["fanSpeed"] = 6200, ["panelTemperature"] = 38, ["backlightCurrent"] = 240, ["wifiRssi"] = -52, ["frameDropRate"] = 0.4,
    };

    public Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct)
    {
        var step = (long)(query.Bucket ?? TimeSpan.FromSeconds(1)).TotalMilliseconds;
        var end = Math.Min(query.To.ToUnixTimeMilliseconds(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        return Task.FromResult<IReadOnlyList<Series>>([.. query.Metrics.Select(metric => new Series(metric, [.. Times(query.From.ToUnixTimeMilliseconds(), end, step).Select(t => new SeriesPoint(t, Value(query.Device, metric, t)))]))]);
    }

    private static IEnumerable<long> Times(long from, long to, long step)
    {
        for (var t = from - from % step + step; t < to; t += step) yield return t;
    }

    public Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct)
    {
        if (fleet.FindCached(device) is not { } known || known.Id == "tv-060") return Task.FromResult<IReadOnlyList<LatestValue>>([]);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000;
        return Task.FromResult<IReadOnlyList<LatestValue>>([.. packs.Find(known.Type)!.Metrics.Select(m =>
            m.Type is Seamless.Rules.Packs.MetricType.State ? new LatestValue(m.Name, now, double.NaN, "auto") : new LatestValue(m.Name, now, Value(device, m.Name, now), null))]);
    }

    private double Value(DeviceKey device, string metric, long t)
    {
        if (metric is "running") return 1;
        if (metric is "serviceUp") return device.Device == "server-002" && t > Ago(2) ? 0 : 1;
        var level = Levels.GetValueOrDefault(metric, 10);
        var hours = t / 3_600_000.0;
        var grain = Math.Sin(t * 0.0137 + metric.Length) * Math.Sin(t * 0.00071 + device.Device.Length * 3);
        var value = level + Math.Abs(level) * (0.04 * Math.Sin(hours * 1.7 + metric.Length) + 0.025 * grain);
        if (device.Device == "pump-004" && metric is "vibration" && t > Ago(60)) value += (t - Ago(60)) / 60_000.0 * 0.115;
        if (device.Device == "pump-004" && metric is "bearingTemperature" && t > Ago(50)) value += (t - Ago(50)) / 60_000.0 * 0.72;
        return value;
    }

    private long Ago(double minutes) => clock.GetUtcNow().AddMinutes(-minutes).ToUnixTimeMilliseconds();

    public Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct) => throw new NotSupportedException();
    public Task FlushAsync(CancellationToken ct) => Task.CompletedTask;
    public long Durable => 0;
    public StoreFeed Feed => StoreFeed.AtOnce;
    public IAsyncEnumerable<Sample> ReadAsync(IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => throw new NotSupportedException();
    public Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct) => throw new NotSupportedException();
    public Task<long> CountAsync(CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageDeadLetters(TimeProvider clock) : IDeadLetters
{
    public Task<IReadOnlyList<DeadLetter>> ListAsync(string tenant, string? device, long? before, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<DeadLetter>>(
    [
        new DeadLetter(2, tenant, "pump-016", "mqtt", "v1/default/pump-016/telemetry", "pump-016", null, """{"ts":1764000000123,"values":{"vibration":NaN}}"""u8.ToArray(), [new Reject(RejectReason.NotANumber, 34, "vibration", "NaN is not a JSON number")], clock.GetUtcNow().AddMinutes(-8), null, null),
        new DeadLetter(1, tenant, null, "http", "/api/v1/devices/tv-003/telemetry", "10.0.0.7", null, [0x12, 0xFF, 0x00], [new Reject(RejectReason.BadTimestamp, -1, null, "the payload is not JSON")], clock.GetUtcNow().AddHours(-2), clock.GetUtcNow().AddHours(-1), "refused again"),
    ]);
    public Task<long> CountAsync(string tenant, CancellationToken ct) => Task.FromResult(2L);
    public Task<long> AddAsync(DeadLetter letter, CancellationToken ct) => throw new NotSupportedException();
    public Task<DeadLetter?> FindAsync(string tenant, long id, CancellationToken ct) => throw new NotSupportedException();
    public Task MarkReplayedAsync(long id, DateTimeOffset at, string outcome, CancellationToken ct) => throw new NotSupportedException();
    public Task<int> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct) => throw new NotSupportedException();
}
