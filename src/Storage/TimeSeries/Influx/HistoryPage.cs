using System.Text.Json;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>Rows of <c>SELECT *</c>, put together again as samples.</summary>
internal sealed class HistoryPage
{
    private readonly SortedDictionary<(long At, DeviceKey Device), Instant> _instants = [];

    private sealed class Instant
    {
        public long? Sequence { get; set; }
        public Dictionary<string, Reading> Readings { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>The page holds everything before this; null when it holds everything there was.</summary>
    public long? CompleteBeforeMs { get; private set; }

    public static HistoryPage Of(IReadOnlyList<InfluxSeries> answer, HashSet<DeviceKey> wanted, int limit, LineNames names)
    {
        var page = new HistoryPage();
        foreach (var series in answer)
        {
            page.Add(series, wanted, names);
            if (series.Count < limit) continue;
            var last = series.Rows[series.Count - 1][0].GetInt64();
            page.CompleteBeforeMs = Math.Min(page.CompleteBeforeMs ?? long.MaxValue, last);
        }
        return page;
    }

    public IEnumerable<Sample> SamplesBefore(long beforeMs) =>
        from instant in _instants
        where instant.Key.At < beforeMs
        select new Sample(instant.Key.Device, instant.Key.At, instant.Value.Sequence, [.. instant.Value.Readings.Values]);

    private void Add(in InfluxSeries series, HashSet<DeviceKey> wanted, LineNames names)
    {
        var (tenant, device, sequence) = (series.Column("tenant"), series.Column("device"), series.Column(FieldName.Sequence));
        if (tenant < 0 || device < 0) return;   // somebody else's measurement
        // Written from the worst to the best, so that the best stands.
        var fields = series.Columns.Select((name, i) => (Column: i, Field: FieldName.Parse(name)))
            .Where(f => f.Field is not null && f.Column > 0).Select(f => (f.Column, Field: f.Field!.Value))
            .OrderByDescending(f => f.Field.Quality).ThenByDescending(f => f.Field.IsState).ToArray();
        foreach (var row in series.Rows.EnumerateArray())
        {
            var key = new DeviceKey(row[tenant].GetString() ?? "", row[device].GetString() ?? "");
            if (!wanted.Contains(key)) continue;
            var isOfToday = series.Name == names.MeasurementOf(key);
            var instant = At((row[0].GetInt64(), key));
            if (sequence >= 0 && row[sequence] is { ValueKind: JsonValueKind.Number } number && (isOfToday || instant.Sequence is null)) instant.Sequence = number.GetInt64();
            foreach (var (column, field) in fields)
                if (ReadingOf(field, row[column]) is { } reading) Put(instant, reading, isOfToday);
        }
    }

    private Instant At((long, DeviceKey) key)
    {
        if (!_instants.TryGetValue(key, out var instant)) _instants[key] = instant = new Instant();
        return instant;
    }

    private static void Put(Instant instant, in Reading reading, bool stands)
    {
        if (stands || !instant.Readings.TryGetValue(reading.Metric, out var known) || known.Quality >= reading.Quality) instant.Readings[reading.Metric] = reading;
    }

    private static Reading? ReadingOf(in FieldName field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when !field.IsState => new Reading(field.Metric, value.GetDouble(), null, field.Quality),
        JsonValueKind.String when field.IsState => new Reading(field.Metric, double.NaN, value.GetString(), field.Quality),
        _ => null,
    };
}
