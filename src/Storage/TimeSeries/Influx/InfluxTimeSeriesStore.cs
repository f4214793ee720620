using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Seamless.Storage.Operations;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>Samples in an InfluxDB of one's own: a measurement for each equipment type, tags <c>tenant</c> and <c>device</c>, a field for each metric (<see cref="FieldName"/>).</summary>
/// <remarks>
/// Points of one device and instant merge in InfluxDB itself, and the last write of a field stands: appending twice equals appending once.
/// Where an instant has a metric in several qualities, or as a number and as a text, InfluxDB cannot say which came last: the better quality, then the number, stands.
/// </remarks>
public sealed class InfluxTimeSeriesStore : ITimeSeriesStore, IExternalPart, IDisposable
{
    private const long MaxRejectedBytes = 64 * 1024 * 1024;
    private const int MaxRequestBytes = 8 * 1024 * 1024;   // before gzip; v1 takes 25 MB, v3 10 MB

    // Halving finds one bad line among 5,000 in 26 requests. A batch that is bad throughout must not cost thousands.
    private const int RefusalsPerBatch = 64;
    private const int HistoryRows = 20_000;

    private readonly InfluxOptions _options;
    private readonly InfluxLink _link;
    private readonly LineNames _names;
    private readonly RejectedLines _rejected;
    private readonly InfluxMetrics _metrics = new();
    private readonly ILogger<InfluxTimeSeriesStore> _logger;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile bool _open;
    private long _durable;

    /// <param name="rejectedPath">Where lines lie that InfluxDB would not take.</param>
    /// <param name="time">The machine's clock: it paces a network.</param>
    public InfluxTimeSeriesStore(InfluxOptions options, string rejectedPath, IEquipmentCatalog catalog, TimeProvider time, ILogger<InfluxTimeSeriesStore> logger)
    {
        (_options, _logger) = (options, logger);
        _link = new InfluxLink(options, time, _metrics.Retried);
        _names = new LineNames(catalog);
        _rejected = new RejectedLines(rejectedPath, MaxRejectedBytes, time);
        Feed = new StoreFeed(options.WriteBatch, options.WriteDelay);
    }

    public StoreFeed Feed { get; }

    string IExternalPart.Name => "store.influx";
    string IExternalPart.Address => _options.Url.GetLeftPart(UriPartial.Authority);
    PartHealth IExternalPart.Health => _link.Health.Now;

    /// <summary>InfluxDB answers a write once it is on its disk, and an append returns after that.</summary>
    public long Durable => Interlocked.Read(ref _durable);

    public Task FlushAsync(CancellationToken ct) => Task.CompletedTask;

    // Writing

    public async ValueTask<long> AppendAsync(SampleRows rows, CancellationToken ct)
    {
        var batch = Encode(rows);
        if (batch.Count > 0) await OpenAsync(ct);
        for (var from = 0; from < batch.Count;)
        {
            var to = Math.Min(from + _options.WriteBatch, batch.Count);
            while (to - from > 1 && batch.BytesOf(from, to) > MaxRequestBytes) to = from + (to - from) / 2;
            await WriteAsync(batch, from, to, new Patience(), ct);
            from = to;
        }
        _metrics.Written(batch.Count);
        return Interlocked.Increment(ref _durable);
    }

    private LineBatch Encode(SampleRows rows)
    {
        var batch = new LineBatch();
        var refusals = new List<string>();
        for (var row = 0; row < rows.Count; row++) batch.Add(rows, row, _names, refusals);
        foreach (var refusal in refusals) Reject(refusal, []);
        return batch;
    }

    private sealed class Patience
    {
        public int Refusals { get; set; }
    }

    /// <summary>Writes the lines. What is refused is halved until the bad lines stand alone: writing a good one twice does no harm, and each bad one gets its own reason.</summary>
    private async Task WriteAsync(LineBatch batch, int from, int to, Patience patience, CancellationToken ct)
    {
        var answer = await _link.WriteAsync(batch.Lines(from, to), ct);
        if (answer.Refusal is not { } reason) return;
        if (answer.RefusedLines is { } named)
        {
            foreach (var (line, why) in named)
                if (line >= 0 && line < to - from) Reject(why, batch.Lines(from + line, from + line + 1).Span);
            return;
        }
        if (to - from == 1) Reject(reason, batch.Lines(from, to).Span);
        else if (++patience.Refusals > RefusalsPerBatch) Reject($"{reason} ({to - from} lines, of which some may be stored)", batch.Lines(from, to).Span, to - from);
        else
        {
            var middle = from + (to - from) / 2;
            await WriteAsync(batch, from, middle, patience, ct);
            await WriteAsync(batch, middle, to, patience, ct);
        }
    }

    private void Reject(string reason, ReadOnlySpan<byte> lines, int count = 1)
    {
        _rejected.Add(reason, lines);
        _metrics.Rejected(count);
        InfluxMessages.Rejected(_logger, count, reason);
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        if (_open) return;
        await _opening.WaitAsync(ct);
        try
        {
            if (!_open) await _link.CreateDatabaseAsync(ct);
            _open = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<InfluxAnswer> AskAsync(string statements, CancellationToken ct)
    {
        await OpenAsync(ct);
        return await _link.QueryAsync(statements, ct);
    }

    // Series

    public async Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct)
    {
        var series = new List<Series>(query.Metrics.Count);
        foreach (var metric in query.Metrics) series.Add(new Series(metric, await PointsAsync(query, metric, ct)));
        return series;
    }

    private async Task<IReadOnlyList<SeriesPoint>> PointsAsync(SeriesQuery query, string metric, CancellationToken ct)
    {
        if (query.Bucket is not { } bucket) return await RawAsync(query, metric, query.Limit, ct);
        var bucketMs = (long)bucket.TotalMilliseconds;
        var points = await BucketsAsync(query, metric, bucketMs, ct)
            ?? SeriesBuckets.Of(await RawAsync(query, metric, null, ct), bucketMs, query.Aggregate);
        return query.Limit is { } limit && points.Count > limit ? [.. points.TakeLast(limit)] : points;
    }

    private async Task<IReadOnlyList<SeriesPoint>> RawAsync(SeriesQuery query, string metric, int? newest, CancellationToken ct)
    {
        var statement = InfluxQl.Raw(query.Device, metric, query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds(), newest);
        using var answer = await AskAsync(statement, ct);
        var current = _names.MeasurementOf(query.Device);
        var points = new SortedDictionary<long, SeriesPoint>();
        // Where two measurements know one instant, that of the device's type of today stands.
        foreach (var series in answer.Results[0].OrderBy(s => s.Name == current))
            foreach (var row in series.Rows.EnumerateArray())
                if (PointOf(row) is { } point) points[point.TimestampMs] = point;
        return [.. newest is { } limit ? points.Values.TakeLast(limit) : points.Values];
    }

    private static SeriesPoint? PointOf(JsonElement row)
    {
        for (var i = 0; i < InfluxQl.ValueColumns.Length; i++)
            if (row[i + 1] is { ValueKind: not JsonValueKind.Null } value)
                return InfluxQl.ValueColumns[i].IsState ? new SeriesPoint(row[0].GetInt64(), double.NaN, value.GetString()) : new SeriesPoint(row[0].GetInt64(), value.GetDouble());
        return null;
    }

    /// <summary>The server's own aggregates; null where they would not say it all: a metric in several measurements, qualities or kinds.</summary>
    private async Task<List<SeriesPoint>?> BucketsAsync(SeriesQuery query, string metric, long bucketMs, CancellationToken ct)
    {
        var statement = InfluxQl.Buckets(query.Device, metric, query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds(), bucketMs, query.Aggregate);
        using var answer = await AskAsync(statement, ct);
        var points = new List<SeriesPoint>();
        foreach (var series in answer.Results[0])
        {
            var before = points.Count;
            foreach (var row in series.Rows.EnumerateArray())
            {
                var (value, state, states) = (row[1], row[2], CountOf(row[3]));
                if (CountOf(row[4]) + CountOf(row[5]) > 0) return null;
                var hasNumber = value.ValueKind is JsonValueKind.Number && !(query.Aggregate is Aggregate.Count && value.GetDouble() == 0);
                if (hasNumber && states > 0) return null;
                if (hasNumber) points.Add(new SeriesPoint(row[0].GetInt64(), value.GetDouble()));
                else if (states > 0) points.Add(new SeriesPoint(row[0].GetInt64(), query.Aggregate is Aggregate.Count ? states : double.NaN, state.GetString()));
            }
            if (before > 0 && points.Count > before) return null;
        }
        return points;
    }

    private static long CountOf(JsonElement count) => count.ValueKind is JsonValueKind.Number ? count.GetInt64() : 0;

    // Latest

    public async Task<IReadOnlyList<LatestValue>> LatestAsync(DeviceKey device, CancellationToken ct)
    {
        var fields = await FieldsAsync(device, ct);
        if (fields.Count == 0) return [];
        using var answer = await AskAsync(string.Join(';', fields.Select(f => InfluxQl.Last(device, f.ToString()))), ct);
        var latest = new Dictionary<string, LatestValue>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Count; i++)
            foreach (var series in answer.Results[i])
            {
                var row = series.Rows[0];
                var value = fields[i].IsState
                    ? new LatestValue(fields[i].Metric, row[0].GetInt64(), double.NaN, row[1].GetString())
                    : new LatestValue(fields[i].Metric, row[0].GetInt64(), row[1].GetDouble(), null);
                if (!latest.TryGetValue(value.Metric, out var known) || known.TimestampMs < value.TimestampMs) latest[value.Metric] = value;
            }
        return [.. latest.Values.OrderBy(v => v.Metric, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<DeviceLatest>> LatestOfAllAsync(string tenant, CancellationToken ct)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using (var answer = await AskAsync(InfluxQl.Devices(tenant), ct))
        {
            foreach (var series in answer.Results[0])
                for (var i = 0; i < series.Count; i++)
                    if (series.Rows[i][series.Column("value")].GetString() is { } name) names.Add(name);
        }
        var latest = new List<DeviceLatest>(names.Count);
        foreach (var name in names) latest.Add(new DeviceLatest(new DeviceKey(tenant, name), await LatestAsync(new DeviceKey(tenant, name), ct)));
        return latest;
    }

    /// <summary>Fields that count as values, in the order of which stands first at one instant.</summary>
    private async Task<List<FieldName>> FieldsAsync(DeviceKey device, CancellationToken ct)
    {
        const string Prefix = "last_";
        using var answer = await AskAsync(InfluxQl.Fields(device), ct);
        var fields = new HashSet<FieldName>();
        foreach (var series in answer.Results[0])
            for (var i = 1; i < series.Columns.Length; i++)
                if (series.Columns[i].StartsWith(Prefix, StringComparison.Ordinal) && series.Rows[0][i].ValueKind is not JsonValueKind.Null
                    && FieldName.Parse(series.Columns[i][Prefix.Length..]) is { Quality: not Quality.Bad } field) fields.Add(field);
        return [.. fields.OrderBy(f => f.Quality).ThenBy(f => f.IsState)];
    }

    // History

    /// <remarks>
    /// Pages by time: each measurement gives its first rows, and what lies before the end of every page that was full is complete. Memory is bounded by the
    /// page, whatever the span.
    /// </remarks>
    public async IAsyncEnumerable<Sample> ReadAsync(
        IReadOnlyCollection<DeviceKey> devices, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        if (devices.Count == 0) yield break;
        var wanted = devices.ToHashSet();
        var (at, end, limit) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), HistoryRows);
        while (at < end)
        {
            HistoryPage page;
            using (var answer = await AskAsync(InfluxQl.History(wanted, at, end, limit), ct)) page = HistoryPage.Of(answer.Results[0], wanted, limit, _names);
            var complete = page.CompleteBeforeMs ?? end;
            if (complete <= at)
            {
                limit *= 2;   // one instant of more devices than a page has rows
                continue;
            }
            foreach (var sample in page.SamplesBefore(complete)) yield return sample;
            at = complete;
        }
    }

    // Retention

    public async Task<long> CountAsync(CancellationToken ct) => await CountAsync(null, ct);

    private async Task<long> CountAsync(long? beforeMs, CancellationToken ct)
    {
        using var answer = await AskAsync(InfluxQl.Count(beforeMs), ct);
        return answer.Results[0].Sum(series => series.Rows.EnumerateArray().Sum(row => CountOf(row[1])));
    }

    /// <summary>Deletes by statement (v1) or by tenant (v2). v3 deletes nothing on request: there the database's own retention period does it.</summary>
    public async Task<long> DeleteBeforeAsync(DateTimeOffset before, CancellationToken ct)
    {
        if (_options.Version is InfluxVersion.V3) return 0;
        var count = await CountAsync(before.ToUnixTimeMilliseconds(), ct);
        if (count == 0) return 0;
        if (_options.Version is InfluxVersion.V1)
        {
            using var deleted = await AskAsync(InfluxQl.Delete(before.ToUnixTimeMilliseconds()), ct);
            return count;
        }
        using var tenants = await AskAsync(InfluxQl.Tenants, ct);
        foreach (var tenant in tenants.Results[0].SelectMany(s => s.Rows.EnumerateArray()).Select(row => row[1].GetString()!).Distinct())
            if (DeviceKey.IsValidName(tenant)) await _link.DeleteAsync(tenant, before, ct);
        return count;
    }

    public void Dispose()
    {
        _link.Dispose();
        _opening.Dispose();
        _metrics.Dispose();
    }
}
