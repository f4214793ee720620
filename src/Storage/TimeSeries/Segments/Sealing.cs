using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>Writes rows in memory to a segment for each day they are of: all of them or, when the disk refuses, none.</summary>
internal static class Sealing
{
    private readonly record struct Part(DeviceRows Rows, int From, int To);

    public static List<Segment> Write(HeadSet heads, long number, SegmentFolder folder)
    {
        var days = new SortedDictionary<long, List<Part>>();
        foreach (var head in heads.All().OrderBy(h => Telemetry.Rows.Numbers.Devices[h.Device])) Split(head.Snapshot([]).Sorted(), days);
        var prepared = new List<SegmentFolder.Prepared>();
        try
        {
            foreach (var (day, parts) in days) prepared.Add(folder.Prepare(day, new SegmentName(number, number), writer => Fill(writer, parts)));
            return [.. prepared.Select(folder.Publish)];
        }
        catch
        {
            SegmentFolder.Discard(prepared);
            throw;
        }
    }

    private static void Split(DeviceRows rows, SortedDictionary<long, List<Part>> days)
    {
        for (var from = 0; from < rows.Count;)
        {
            var day = Day.Of(rows.Times[from]);
            var to = Day.EndMs(day) is var end and < long.MaxValue ? rows.RowAt(end) : rows.Count;
            if (!days.TryGetValue(day, out var parts)) days[day] = parts = [];
            parts.Add(new Part(rows, from, to));
            from = to;
        }
    }

    private static void Fill(SegmentWriter writer, List<Part> parts)
    {
        foreach (var part in parts) writer.Add(part.Rows, part.From, part.To, []);
    }
}
