using System.Text;
using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Storage.TimeSeries.Segments.Rollups;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Queries;

/// <summary>Answers a query: whole cells of rollups where nothing was written beside them since, rows for the rest.</summary>
/// <param name="keepRollupsMs">How much longer than rows their hours are shown.</param>
internal sealed class SeriesReader(OpenView open, int device, SeriesQuery query, long keepRollupsMs, ILogger logger)
{
    private readonly long _fromMs = query.From.ToUnixTimeMilliseconds();
    private readonly long _toMs = query.To.ToUnixTimeMilliseconds();
    private readonly long _bucketMs = (long)(query.Bucket?.TotalMilliseconds ?? 0);

    public List<Series> Read()
    {
        if (query.Metrics.Count == 0 || _fromMs >= _toMs) return [.. query.Metrics.Select(m => new Series(m, []))];
        var metrics = query.Metrics.Select(m => Numbers.Metrics.Find(Encoding.UTF8.GetBytes(m))).ToArray();
        var sources = DeviceSources.Of(open, device, _fromMs, _toMs, metrics, logger);
        var together = sources.All.All(s => s.Stored is not { Rollups.Length: > 0 } stored || CellMsFor(stored) == 0) ? sources.Read(metrics) : null;
        return [.. metrics.Select((metric, i) => new Series(query.Metrics[i], Limited(Points(sources, metric, query.Metrics[i], together))))];
    }

    private List<SeriesPoint> Limited(List<SeriesPoint> points)
    {
        if (query.Limit is { } limit && points.Count > limit) points.RemoveRange(0, points.Count - limit);
        return points;
    }

    private List<SeriesPoint> Points(DeviceSources sources, int metric, string name, List<DeviceRows>? together)
    {
        var from = Math.Max(_fromMs, open.View.Marks.Of(name));
        if (query.Bucket is null) return Raw(together ?? sources.Read([metric]), metric, from);
        var fold = new BucketFold(_bucketMs, query.Aggregate);
        if (together is not null) Fold(together, metric, from, [], fold);
        else FoldWithCells(sources, metric, from, CellsFrom(name, from), fold);
        return fold.Finish();
    }

    private long CellsFrom(string name, long from)
    {
        if (keepRollupsMs == 0 || open.View.Marks.AllMs == long.MinValue) return from;
        var own = open.View.Marks.AreSimple ? long.MinValue : open.View.Marks.OfAlone(name);
        return Math.Max(_fromMs, Math.Max(own, open.View.Marks.AllMs - keepRollupsMs));
    }

    // Rows alone

    private List<SeriesPoint> Raw(List<DeviceRows> pieces, int metric, long from)
    {
        var points = new List<SeriesPoint>();
        foreach (var piece in pieces)
        {
            if (piece.Find(metric) is not { } column) continue;
            var times = piece.Times;
            var end = column.At(piece.RowAt(_toMs));
            for (var k = column.At(piece.RowAt(from)); k < end; k++)
                if (column.QualityOf(k) is not Quality.Bad) points.Add(new SeriesPoint(times[column.RowOf(k)], column.ValueOf(k), column.TextOf(k)));
        }
        return points;
    }

    // Cells where they hold

    private readonly record struct Cell(Cells Of, int Index)
    {
        public long StartMs => Of.Starts[Index];
        public long EndMs => StartMs + Of.CellMs;
    }

    /// <summary>The longest cells of which the bucket is a multiple; 0 for none.</summary>
    private long CellMsFor(SegmentDevice stored) =>
        _bucketMs == 0 ? 0 : stored.Rollups.Where(r => _bucketMs % r.CellMs == 0).Select(r => r.CellMs).DefaultIfEmpty(0).Max();

    private void FoldWithCells(DeviceSources sources, int metric, long from, long cellsFrom, BucketFold fold)
    {
        var holding = new List<Cell>();
        var stale = new Dictionary<Source, List<Cell>>();
        foreach (var source in sources.All.Where(s => s.Stored is not null))
            if (CellsOf(source, metric) is { } cells) Part(sources, source, cells, metric, cellsFrom, holding, stale);
        holding.Sort(static (a, b) => a.StartMs.CompareTo(b.StartMs));
        // A block all of whose cells hold is not read.
        var pieces = sources.Read([metric], (source, block) => stale.TryGetValue(source, out var cells) && !cells.Any(c => c.StartMs <= block.MaxMs && c.EndMs > block.MinMs));
        Fold(pieces, metric, from, holding, fold);
    }

    private Cells? CellsOf(Source source, int metric)
    {
        var best = source.Stored!.Rollups.Where(r => r.Metric == metric && _bucketMs % r.CellMs == 0).MaxBy(r => r.CellMs);
        return best is null ? null : source.Segment!.Read(best);
    }

    /// <summary>Which cells hold: those wholly within the time asked for, in which no other place has a value.</summary>
    private void Part(DeviceSources sources, Source source, Cells cells, int metric, long from, List<Cell> holding, Dictionary<Source, List<Cell>> stale)
    {
        var others = sources.All.Where(o => o != source && o.Has(metric)).ToArray();
        var mine = stale[source] = [];
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = new Cell(cells, i);
            var holds = cell.StartMs >= from && cell.EndMs <= _toMs && !others.Any(o => o.MinMs < cell.EndMs && o.MaxMs >= cell.StartMs);
            (holds ? holding : mine).Add(cell);
        }
    }

    /// <summary>Rows and cells in order of time; rows within a cell are in it already.</summary>
    private void Fold(List<DeviceRows> pieces, int metric, long from, List<Cell> cells, BucketFold fold)
    {
        var next = 0;
        foreach (var piece in pieces)
        {
            if (piece.Find(metric) is not { } column) continue;
            var times = piece.Times;
            var end = column.At(piece.RowAt(_toMs));
            for (var k = column.At(piece.RowAt(from)); k < end; k++)
            {
                var time = times[column.RowOf(k)];
                for (; next < cells.Count && cells[next].EndMs <= time; next++) fold.Add(cells[next].Of, cells[next].Index);
                if (next < cells.Count && cells[next].StartMs <= time) continue;
                if (column.QualityOf(k) is not Quality.Bad) fold.Add(time, column.ValueOf(k), column.TextOf(k));
            }
        }
        for (; next < cells.Count; next++) fold.Add(cells[next].Of, cells[next].Index);
    }
}
