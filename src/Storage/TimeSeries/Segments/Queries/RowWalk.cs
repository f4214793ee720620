using System.Text;
using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Queries;

/// <summary>One device's rows in blocks: whole days are read at once, each block of a segment once, and nothing is held open while a block is looked at.</summary>
internal sealed class RowWalk(Func<View> current, DeviceKey device, IReadOnlyCollection<string> metrics, ILogger logger)
{
    private const int ReadAtOnce = 64 * 1024;
    private const long DayMs = 24 * 60 * 60 * 1000;

    private readonly int _device = Numbers.Devices.Of(device);
    private readonly int[] _metrics = [.. metrics.Select(m => Numbers.Metrics.Find(Encoding.UTF8.GetBytes(m)))];   // -1, which no column has, for a name never heard
    private readonly SampleRows _block = new(RowBlocks.Rows, Math.Clamp(metrics.Count, 1, 8));

    /// <summary>For each stretch of time its blocks.</summary>
    public IEnumerable<IEnumerable<SampleRows>> Read(long fromMs, long toMs)
    {
        if (Extent(fromMs, toMs) is not (var first, var last)) yield break;
        var days = 1L;
        for (var at = first; at <= last;)
        {
            var dayMs = at - (at % DayMs + DayMs) % DayMs;
            var until = days > (last - dayMs) / DayMs ? last + 1 : dayMs + days * DayMs;
            var (pieces, marks) = Stretch(at, until);
            yield return Blocks(pieces, marks, at, until);
            at = until;
            var rows = pieces.Sum(p => (long)p.Count);
            if (rows < ReadAtOnce / 2) days *= 2;
            else if (rows > ReadAtOnce * 2) days = Math.Max(1, days / 2);
        }
    }

    private (long First, long Last)? Extent(long fromMs, long toMs)
    {
        using var open = OpenView.Of(current, fromMs, toMs);
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var source in DeviceSources.Of(open, _device, fromMs, toMs, _metrics, logger).All)
            (first, last) = (Math.Min(first, source.MinMs), Math.Max(last, source.MaxMs));
        (first, last) = (Math.Max(Math.Max(first, fromMs), open.View.Marks.AllMs), Math.Min(last, toMs - 1));
        return first <= last ? (first, last) : null;
    }

    private (List<DeviceRows> Pieces, Marks Marks) Stretch(long fromMs, long toMs)
    {
        using var open = OpenView.Of(current, fromMs, toMs);
        return (DeviceSources.Of(open, _device, fromMs, toMs, _metrics, logger).Read(_metrics), open.View.Marks);
    }

    private IEnumerable<SampleRows> Blocks(List<DeviceRows> pieces, Marks marks, long fromMs, long toMs)
    {
        foreach (var piece in pieces)
        {
            var columns = ColumnsOf(piece, marks, piece.RowAt(fromMs));
            for (var (row, end) = (piece.RowAt(fromMs), piece.RowAt(toMs)); row < end; row += RowBlocks.Rows)
            {
                _block.Clear();
                Fill(piece, columns, row, Math.Min(row + RowBlocks.Rows, end));
                if (_block.Count > 0) yield return _block;
            }
        }
    }

    /// <summary>A column and how far it has been read.</summary>
    private struct Reader(Column column, long keptMs, int next)
    {
        public readonly Column Column = column;
        public readonly long KeptMs = keptMs;
        public int Next = next;
    }

    private static Reader[] ColumnsOf(DeviceRows rows, Marks marks, int firstRow)
    {
        var columns = new Reader[rows.ColumnCount];
        for (var c = 0; c < columns.Length; c++)
        {
            var column = rows.Columns[c];
            columns[c] = new Reader(column, marks.AreSimple ? long.MinValue : marks.Of(Numbers.Metrics[column.Metric]), column.At(firstRow));
        }
        return columns;
    }

    private void Fill(DeviceRows rows, Reader[] columns, int row, int end)
    {
        var times = rows.Times;
        for (; row < end; row++)
        {
            var timeMs = times[row];
            _block.Begin(_device, timeMs, timeMs, SampleRows.NoSequence);
            foreach (ref var reader in columns.AsSpan()) Add(ref reader, row, timeMs);
            if (_block.Pending > 0) _block.End();
            else _block.Cancel();
        }
    }

    private void Add(ref Reader reader, int row, long timeMs)
    {
        var (column, k) = (reader.Column, reader.Next);
        if (k >= column.Count || column.RowOf(k) != row) return;
        reader.Next++;
        if (timeMs < reader.KeptMs) return;
        if (column.TextOf(k) is { } text) _block.AddState(column.Metric, text, column.QualityOf(k));
        else _block.Add(column.Metric, column.ValueOf(k), column.QualityOf(k));
    }
}
