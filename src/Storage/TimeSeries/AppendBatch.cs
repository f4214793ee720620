using DuckDB.NET.Data;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>Writes one batch of samples through DuckDB's appenders, within the caller's transaction.</summary>
internal sealed class AppendBatch(DuckDBConnection connection, Schema schema, long written) : IDisposable
{
    private readonly Dictionary<string, WideAppender?> _wide = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceKey, StoredDevice> _devices = [];
    private DuckDBAppender? _narrow;

    private sealed record WideAppender(WideTable Table, DuckDBAppender Appender, double[] Values, bool[] Has);

    /// <returns>The last write number given.</returns>
    public long Append(IReadOnlyList<Sample> samples)
    {
        Prepare(samples);
        foreach (var sample in samples) Append(sample);
        foreach (var wide in _wide.Values) wide?.Appender.Close();
        _narrow?.Close();
        return written;
    }

    /// <summary>Tables and devices first: an appender does not see a column that comes later.</summary>
    private void Prepare(IReadOnlyList<Sample> samples)
    {
        foreach (var sample in samples)
        {
            if (_devices.ContainsKey(sample.Device)) continue;
            var device = schema.Ensure(sample.Device);
            _devices[sample.Device] = device;
            if (_wide.ContainsKey(device.Type)) continue;
            _wide[device.Type] = null;
            schema.EnsureWide(device.Type);
        }
        foreach (var type in _wide.Keys.ToArray())
            if (schema.WideTableOf(type) is { } table)
                _wide[type] = new WideAppender(table, connection.CreateAppender("samples_" + type), new double[table.Metrics.Count], new bool[table.Metrics.Count]);
    }

    private void Append(Sample sample)
    {
        var device = _devices[sample.Device];
        written++;
        var wide = _wide[device.Type];
        var any = false;
        for (var i = 0; i < sample.Readings.Count; i++)
        {
            var reading = sample.Readings[i];
            if (wide is not null && !reading.IsState && reading.Quality is Quality.Good && wide.Table.ColumnOf.TryGetValue(reading.Metric, out var column))
            {
                (wide.Values[column], wide.Has[column], any) = (reading.Value, true, true);
                continue;
            }
            AppendNarrow(device, sample, reading);
        }
        if (any) AppendWide(wide!, device, sample);
    }

    private void AppendWide(WideAppender wide, StoredDevice device, Sample sample)
    {
        var row = wide.Appender.CreateRow();
        row.AppendValue(device.Number).AppendValue(sample.TimestampMs).AppendValue(written).AppendValue(sample.Sequence);
        for (var i = 0; i < wide.Values.Length; i++)
        {
            if (wide.Has[i]) row.AppendValue(wide.Values[i]);
            else row.AppendNullValue();
            wide.Has[i] = false;
        }
        row.EndRow();
    }

    private void AppendNarrow(StoredDevice device, Sample sample, in Reading reading)
    {
        _narrow ??= connection.CreateAppender("readings");
        var row = _narrow.CreateRow();
        row.AppendValue(device.Number).AppendValue(sample.TimestampMs).AppendValue(written).AppendValue(sample.Sequence).AppendValue(reading.Metric);
        if (reading.IsState) row.AppendNullValue().AppendValue(reading.State);
        else row.AppendValue(reading.Value).AppendNullValue();
        row.AppendValue((byte)reading.Quality).EndRow();
    }

    public void Dispose()
    {
        foreach (var wide in _wide.Values) wide?.Appender.Dispose();
        _narrow?.Dispose();
    }
}
