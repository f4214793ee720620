using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>Writes rows in memory to a segment for each day they are of: all of them or, when the disk refuses, none.</summary>
internal static class Sealing
{
    public static List<Segment> Write(HeadSet heads, long number, SegmentFolder folder)
    {
        var devices = heads.All().OrderBy(h => Telemetry.Rows.Numbers.Devices[h.Device]).ToArray();
        var space = new SortSpace();
        var prepared = new List<SegmentFolder.Prepared>();
        try
        {
            foreach (var day in DaysOf(devices)) prepared.Add(folder.Prepare(day, new SegmentName(number, number), writer => Fill(writer, day, devices, space)));
            return [.. prepared.Select(folder.Publish)];
        }
        catch
        {
            SegmentFolder.Discard(prepared);
            throw;
        }
    }

    private static SortedSet<long> DaysOf(DeviceRows[] devices)
    {
        var days = new SortedSet<long>();
        foreach (var device in devices)
        {
            if (device.Count == 0) continue;
            var (first, last) = (Day.Of(device.MinMs), Day.Of(device.MaxMs));
            days.Add(first);
            days.Add(last);
            if (last - first < 2) continue;
            foreach (var time in device.Times) days.Add(Day.Of(time));
        }
        return days;
    }

    /// <summary>Device by device, so that sorting needs room for one only.</summary>
    private static void Fill(SegmentWriter writer, long day, DeviceRows[] devices, SortSpace space)
    {
        foreach (var device in devices)
        {
            if (device.Count == 0 || Day.Of(device.MaxMs) < day || Day.Of(device.MinMs) > day) continue;
            var rows = device.Snapshot([]).Sorted(space);
            var from = Day.Of(rows.MinMs) == day ? 0 : rows.RowAt(Day.EndMs(day - 1));
            var to = Day.Of(rows.MaxMs) == day ? rows.Count : rows.RowAt(Day.EndMs(day));
            if (from < to) writer.Add(rows, from, to, []);
        }
    }
}
