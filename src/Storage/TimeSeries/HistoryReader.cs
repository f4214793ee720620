using System.Globalization;
using DuckDB.NET.Data;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>Puts samples together again from the tables, in order of event time, then of device name.</summary>
internal sealed class HistoryReader(DuckDBConnection connection, Schema schema, IReadOnlyList<StoredDevice> devices)
{
    // A slice of time is read whole and ordered in memory; its length adapts to how much it held.
    private const int SliceRows = 100_000;
    private const long FirstSliceMs = 60 * 60 * 1000;

    private readonly Dictionary<int, DeviceKey> _keys = devices.ToDictionary(d => d.Number, d => d.Key);
    private readonly string _numbers = string.Join(',', devices.Select(d => d.Number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A merged value and where it came in: readings of one sample share w.</summary>
    private readonly record struct Value(long W, long? Sequence, Reading Reading);

    public IEnumerable<Sample> Read(long fromMs, long toMs)
    {
        if (Extent(fromMs, toMs) is not (var first, var last)) yield break;
        var slice = FirstSliceMs;
        for (var at = first; at <= last;)
        {
            var until = Math.Min(at + slice, last + 1);
            var samples = Slice(at, until);
            foreach (var sample in samples) yield return sample;
            at = until;
            if (samples.Count < SliceRows / 4) slice *= 2;
            else if (samples.Count > SliceRows) slice = Math.Max(1000, slice / 2);
        }
    }

    private (long First, long Last)? Extent(long fromMs, long toMs)
    {
        var tables = schema.WideTables.Select(t => t.Name).Append("readings")
            .Select(t => $"SELECT min(ts) AS low, max(ts) AS high FROM {t} WHERE device IN ({_numbers}) AND ts >= $1 AND ts < $2");
        return connection.Query<(long, long)?>(r => r.IsDBNull(0) ? null : (r.GetInt64(0), r.GetInt64(1)),
            $"SELECT min(low), max(high) FROM ({string.Join(" UNION ALL ", tables)})", fromMs, toMs)[0];
    }

    private List<Sample> Slice(long fromMs, long toMs)
    {
        var instants = new Dictionary<(long Ts, int Device), Dictionary<string, Value>>();
        foreach (var table in schema.WideTables) ReadWide(table, fromMs, toMs, instants);
        ReadNarrow(fromMs, toMs, instants);
        var samples = new List<Sample>(instants.Count);
        foreach (var ((ts, device), values) in instants)
        {
            var sequence = values.Values.MaxBy(v => v.W).Sequence;
            samples.Add(new Sample(_keys[device], ts, sequence, [.. values.Values.Select(v => v.Reading)]));
        }
        samples.Sort(static (a, b) => a.TimestampMs != b.TimestampMs ? a.TimestampMs.CompareTo(b.TimestampMs) : a.Device.CompareTo(b.Device));
        return samples;
    }

    private void ReadWide(WideTable table, long fromMs, long toMs, Dictionary<(long Ts, int Device), Dictionary<string, Value>> instants)
    {
        var columns = string.Concat(table.Metrics.Select(m => ", " + WideTable.Column(m)));
        using var command = connection.Prepare(
            $"SELECT device, ts, w, seq{columns} FROM {table.Name} WHERE device IN ({_numbers}) AND ts >= $1 AND ts < $2", fromMs, toMs);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var values = At(instants, reader.GetInt64(1), reader.GetInt32(0));
            var (w, sequence) = (reader.GetInt64(2), reader.IsDBNull(3) ? (long?)null : reader.GetInt64(3));
            for (var i = 0; i < table.Metrics.Count; i++)
                if (!reader.IsDBNull(WideTable.KeyColumns + i))
                    Merge(values, new Value(w, sequence, new Reading(table.Metrics[i], reader.GetDouble(WideTable.KeyColumns + i))));
        }
    }

    private void ReadNarrow(long fromMs, long toMs, Dictionary<(long Ts, int Device), Dictionary<string, Value>> instants)
    {
        using var command = connection.Prepare(
            $"SELECT device, ts, w, seq, metric, value, state, quality FROM readings WHERE device IN ({_numbers}) AND ts >= $1 AND ts < $2", fromMs, toMs);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var reading = new Reading(reader.GetString(4), reader.IsDBNull(5) ? double.NaN : reader.GetDouble(5), reader.IsDBNull(6) ? null : reader.GetString(6), (Quality)reader.GetByte(7));
            Merge(At(instants, reader.GetInt64(1), reader.GetInt32(0)), new Value(reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reading));
        }
    }

    private static Dictionary<string, Value> At(Dictionary<(long Ts, int Device), Dictionary<string, Value>> instants, long ts, int device)
    {
        if (instants.TryGetValue((ts, device), out var values)) return values;
        return instants[(ts, device)] = new Dictionary<string, Value>(StringComparer.Ordinal);
    }

    private static void Merge(Dictionary<string, Value> values, in Value value)
    {
        if (!values.TryGetValue(value.Reading.Metric, out var known) || known.W <= value.W) values[value.Reading.Metric] = value;
    }
}
