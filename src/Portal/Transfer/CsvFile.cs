using System.Globalization;
using Seamless.Learning.Tables;
using Seamless.Portal.Api;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Portal.Transfer;

/// <summary>A CSV file: a column of times, perhaps one of devices, and a column for each metric.</summary>
/// <param name="Device">Whose rows they are; null when a column <c>device</c> says.</param>
/// <param name="Metrics">Column → metric, where the names differ.</param>
internal sealed record CsvPlan(string? Device, string TimeColumn, IReadOnlyDictionary<string, string> Metrics);

internal sealed class CsvFile : IHistoryReader
{
    private readonly string _name;
    private readonly CsvReader _reader;
    private readonly CsvPlan _plan;
    private readonly int _time;
    private readonly int _device;
    private readonly string[] _metrics;
    private readonly long _bytes;
    private long _chars;

    /// <param name="name">How the file is called in messages: it may be a copy.</param>
    /// <exception cref="TableException">No such file, no header, or a column is missing.</exception>
    public CsvFile(string name, string path, CsvPlan plan)
    {
        (_name, _plan, _reader) = (name, plan, CsvReader.Open(path));
        _time = _reader.Column(plan.TimeColumn);
        _device = plan.Device is null ? _reader.Column("device") : -1;
        _metrics = [.. _reader.Header.Select(column => plan.Metrics.GetValueOrDefault(column, column))];
        _bytes = Math.Max(1, new FileInfo(path).Length);
    }

    public long Line => _reader.Line;

    public double Progress => Math.Min(1, (double)_chars / _bytes);

    public bool Read(HistoryRow row, out BadRow? bad)
    {
        bad = null;
        row.Clear();
        try
        {
            if (!_reader.Read()) return false;
        }
        catch (TableException wrong)
        {
            // It says file and line by itself, of the copy perhaps: ours says the rest.
            bad = Bad("1", wrong.Message[(wrong.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]);
            return true;
        }
        row.Device = _plan.Device ?? _reader.Row[_device];
        for (var column = 0; column < _metrics.Length; column++)
        {
            var cell = _reader.Row[column];
            _chars += cell.Length + 1;
            if (column != _time && column != _device && cell.Length > 0) row.Values.Add(ValueOf(_metrics[column], cell));
        }
        bad = Check(row);
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private BadRow? Check(HistoryRow row)
    {
        if (!DeviceKey.IsValidName(row.Device)) return Bad("device", $"'{row.Device}' is no device id");
        var cell = _reader.Row[_time];
        if (!Instant.TryParse(cell, CultureInfo.InvariantCulture, out var instant)) return Bad(_plan.TimeColumn, $"'{cell}' is neither Unix milliseconds nor RFC 3339");
        row.TimestampMs = instant.At.ToUnixTimeMilliseconds();
        if (row.TimestampMs < DecoderOptions.EarliestMs) return Bad(_plan.TimeColumn, $"'{cell}' is before 2000; seconds instead of milliseconds look like this");
        return row.Values.Count == 0 ? Bad("1", "the row has no values") : null;
    }

    private BadRow Bad(string column, string reason) => new(_name, Line, column, reason);

    private static HistoryValue ValueOf(string metric, string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? HistoryValue.Of(metric, number)
        : bool.TryParse(cell, out var flag) ? HistoryValue.Of(metric, flag)
        : HistoryValue.Of(metric, cell);
}
