using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Upkeep;

/// <summary>Writes rows in memory to a segment for each day they are of: all of them or, when the disk refuses, none.</summary>
internal static class Sealing
{
    public static List<Segment> Write(HeadSet heads, long number, SegmentFolder folder)
    {
        var devices = heads.Devices().OrderBy(device => Numbers.Devices[device]).ToArray();
        var order = heads.Order();
        var space = new SortSpace();
        var prepared = new List<SegmentFolder.Prepared>();
        try
        {
            foreach (var day in DaysOf(heads, devices)) prepared.Add(folder.Prepare(day, new SegmentName(number, number), writer => Fill(writer, day, heads, devices, order, space)));
            return [.. prepared.Select(folder.Publish)];
        }
        catch
        {
            SegmentFolder.Discard(prepared);
            throw;
        }
    }

    private static SortedSet<long> DaysOf(HeadSet heads, int[] devices)
    {
        var days = new SortedSet<long>();
        var hasGaps = false;
        foreach (var device in devices)
        {
            var (minMs, maxMs) = heads.Extent(device);
            days.Add(Day.Of(minMs));
            days.Add(Day.Of(maxMs));
            hasGaps |= Day.Of(maxMs) - Day.Of(minMs) >= 2;
        }
        if (!hasGaps) return days;
        foreach (var time in heads.Times()) days.Add(Day.Of(time));
        return days;
    }

    /// <summary>Device by device, so that sorting needs room for one only.</summary>
    private static void Fill(SegmentWriter writer, long day, HeadSet heads, int[] devices, int[] order, SortSpace space)
    {
        foreach (var device in devices)
        {
            var (minMs, maxMs) = heads.Extent(device);
            if (Day.Of(maxMs) < day || Day.Of(minMs) > day) continue;
            var firstMs = Day.Of(minMs) == day ? long.MinValue : Day.EndMs(day - 1);
            var lastMs = Day.Of(maxMs) == day ? long.MaxValue : Day.EndMs(day) - 1;
            var rows = heads.Gather(device, order, firstMs, lastMs, space).Sorted(space);
            if (rows.Count > 0) writer.Add(rows, 0, rows.Count, []);
        }
    }
}
