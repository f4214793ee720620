using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Storage.TimeSeries.Segments.Queries;
using Seamless.Storage.TimeSeries.Segments.Rollups;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Upkeep;

/// <summary>Makes one segment of several of a day: sorted by device, blocks full, each value once, with its minutes and hours where they pay.</summary>
internal sealed class Compaction(SegmentFolder folder, TimeSeriesOptions options, ILogger logger)
{
    private const int AtLeast = 4;
    private const int Growth = 2;      // a segment joins those behind it when they have half its rows together
    private const int QuietSeals = 3;  // a day into which so many seals wrote nothing is merged whole

    // Choosing

    /// <param name="lastSeal">The number of the last seal of any day.</param>
    /// <returns>Segments of one day that follow one another, worth merging; empty when there are none.</returns>
    public static IReadOnlyList<Segment> Choose(View view, long lastSeal, IReadOnlySet<long> unmergeable)
    {
        foreach (var day in view.Segments.GroupBy(s => s.Day).Where(d => !unmergeable.Contains(d.Key)))
        {
            var segments = day.ToArray();
            if (segments.Length < 2 || segments.Any(s => s.Rows == 0)) continue;   // without rows: only the hours of that day are kept
            if (lastSeal - segments[^1].Name.To >= QuietSeals) return segments;
            if (Newest(segments) is { Length: >= AtLeast } newest) return newest;
        }
        return [];
    }

    /// <summary>Like with like: rows are rewritten as often as the logarithm of their number, not with each seal.</summary>
    private static Segment[] Newest(Segment[] segments)
    {
        var (first, rows) = (segments.Length - 1, segments[^1].Rows);
        while (first > 0 && segments[first - 1].Rows <= rows * Growth) rows += segments[--first].Rows;
        return segments[first..];
    }

    // Merging

    /// <param name="segments">Of one day; no other of that day has a number between theirs.</param>
    /// <param name="hoursOnly">Keeps the hours without the rows.</param>
    /// <returns>What to publish instead of them; null when nothing is left.</returns>
    /// <exception cref="IOException">A block is damaged: merging would lose it for good, while the file may yet be repaired.</exception>
    public SegmentFolder.Prepared? Merge(IReadOnlyList<Segment> segments, Marks marks, bool hoursOnly, CancellationToken ct)
    {
        var any = false;
        var prepared = folder.Prepare(segments[0].Day, new SegmentName(segments[0].Name.From, segments[^1].Name.To), writer =>
        {
            foreach (var device in segments.SelectMany(s => s.Devices).Select(d => d.Device).Distinct().OrderBy(d => Numbers.Devices[d]))
            {
                ct.ThrowIfCancellationRequested();
                Merge(segments, device, marks, hoursOnly, writer);
            }
            any = !writer.IsEmpty;
        });
        if (any) return prepared;
        SegmentFolder.Discard([prepared]);
        return null;
    }

    private void Merge(IReadOnlyList<Segment> segments, int device, Marks marks, bool hoursOnly, SegmentWriter writer)
    {
        var sources = new DeviceSources(device, long.MinValue, long.MaxValue, logger);
        foreach (var segment in segments) sources.Add(segment);
        var pieces = sources.Read([]);
        if (sources.IsDamaged) throw new IOException($"a block of {Numbers.Devices[device]} is damaged");
        if (pieces.Count == 0) return;
        var rows = pieces.Count == 1 ? pieces[0] : DeviceRows.Concat(pieces);
        if (!marks.AreSimple) rows = rows.Without(metric => marks.OfAlone(Numbers.Metrics[metric]));
        var first = hoursOnly || options.KeepRollups > TimeSpan.Zero ? 0 : rows.RowAt(marks.AllMs);
        if (first < rows.Count && rows.ColumnCount > 0) writer.Add(rows, first, rows.Count, first > 0 ? [] : Rollups(rows, hoursOnly), hoursOnly);
    }

    private IEnumerable<Cells> Rollups(DeviceRows rows, bool hoursOnly)
    {
        var hours = hoursOnly || options.KeepRollups > TimeSpan.Zero ? 1 : options.RollupWorth;   // kept for longer than rows, they must be there
        var cells = new List<Cells>();
        foreach (var column in rows.Columns)
        {
            if (Cells.Of(rows, column, Cells.HourMs, hours) is { } hour) cells.Add(hour);
            if (!hoursOnly && Cells.Of(rows, column, Cells.MinuteMs, options.RollupWorth) is { } minute) cells.Add(minute);
        }
        return cells;
    }
}
