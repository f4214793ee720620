using System.Buffers;
using System.Globalization;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>Rows as line protocol, a line each: <c>type,device=…,tenant=… arrived=…i,seq=…i,metric=… ms</c>.</summary>
internal sealed class LineBatch
{
    // What nanoseconds in 64 bits can say: the years 1677 to 2262.
    public const long EarliestMs = -9_223_372_036_853;
    public const long LatestMs = 9_223_372_036_853;

    /// <summary>A longer text is refused by every version.</summary>
    private const int MaxStateBytes = 64 * 1024 - 1;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<int> _ends = [];

    public int Count => _ends.Count;

    public int BytesOf(int from, int to) => _ends[to - 1] - Start(from);

    /// <summary>Lines <paramref name="from"/> up to, but without, <paramref name="to"/>, each with its line feed.</summary>
    public ReadOnlyMemory<byte> Lines(int from, int to) => _bytes.WrittenMemory[Start(from).._ends[to - 1]];

    private int Start(int line) => line == 0 ? 0 : _ends[line - 1];

    /// <summary>Adds a row; says what of it line protocol cannot carry.</summary>
    public void Add(SampleRows rows, int row, LineNames names, ICollection<string> refusals)
    {
        var device = Numbers.Devices[rows.Devices[row]];
        var at = rows.TimestampsMs[row];
        if (at is < EarliestMs or > LatestMs)
        {
            refusals.Add($"{device} at {at}: the timestamp lies outside the years 1677 to 2262");
            return;
        }
        if (!DeviceKey.IsValidName(device.Tenant) || !DeviceKey.IsValidName(device.Device))
        {
            refusals.Add($"{device} at {at}: not a device's name");
            return;
        }
        var readings = 0;
        var start = _bytes.WrittenCount;
        Write(names.SeriesOf(rows.Devices[row]));
        Write(" arrived="u8);
        Write(rows.ArrivalsMs[row]);
        Write("i"u8);
        if (rows.Sequences[row] != SampleRows.NoSequence)
        {
            Write(",seq="u8);
            Write(rows.Sequences[row]);
            Write("i"u8);
        }
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++)
        {
            if (WhatIsWrongWith(rows.Values[i], rows.States[i]) is { } wrong) refusals.Add($"{device} at {at}, {Numbers.Metrics[rows.Metrics[i]]}: {wrong}");
            else
            {
                WriteReading(names, rows, i);
                readings++;
            }
        }
        if (readings == 0)
        {
            Cut(start);
            return;
        }
        Write(" "u8);
        Write(at);
        Write("\n"u8);
        _ends.Add(_bytes.WrittenCount);
    }

    private void WriteReading(LineNames names, SampleRows rows, int i)
    {
        Write(","u8);
        Write(names.FieldOf(rows.Metrics[i], rows.States[i] is not null, rows.Qualities[i]));
        Write("="u8);
        if (rows.States[i] is not { } state)
        {
            Write(rows.Values[i]);
            return;
        }
        Write("\""u8);
        Write(LineNames.Escaped(state, "\"\\"));
        Write("\""u8);
    }

    private static string? WhatIsWrongWith(double value, string? state) => state switch
    {
        null when !double.IsFinite(value) => "neither a number nor a text",
        null => null,
        _ when Encoding.UTF8.GetByteCount(state) > MaxStateBytes => $"the text is longer than {MaxStateBytes} bytes",
        _ => null,
    };

    /// <summary>Takes back the line that was begun: nobody sees the buffer's tail.</summary>
    private void Cut(int length)
    {
        var kept = _bytes.WrittenSpan[..length].ToArray();
        _bytes.ResetWrittenCount();
        _bytes.Write(kept);
    }

    private void Write(ReadOnlySpan<byte> utf8) => _bytes.Write(utf8);

    private void Write<T>(T number) where T : IUtf8SpanFormattable
    {
        var span = _bytes.GetSpan(32);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);   // the shortest text that reads back as the same number
        _bytes.Advance(written);
    }
}
