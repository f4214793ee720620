using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Queries;

/// <summary>Samples of several devices in order of event time, then of device: a slice of time is read whole and ordered in memory.</summary>
internal sealed class HistoryWalk(Func<View> current, IReadOnlyCollection<DeviceKey> devices, ILogger logger)
{
    private const int SliceSamples = 200_000;
    private const long FirstSliceMs = 60 * 60 * 1000;

    private readonly int[] _devices = [.. devices.Distinct().Order().Select(d => Numbers.Devices.Of(d))];

    public IEnumerable<IReadOnlyList<Sample>> Read(long fromMs, long toMs)
    {
        if (Extent(fromMs, toMs) is not (var first, var last)) yield break;
        var slice = FirstSliceMs;
        for (var at = first; at <= last;)
        {
            var until = last - at < slice ? last + 1 : at + slice;
            var samples = Slice(at, until);
            yield return samples;
            at = until;
            if (samples.Count < SliceSamples / 4) slice *= 2;
            else if (samples.Count > SliceSamples) slice = Math.Max(1000, slice / 2);
        }
    }

    /// <summary>The first and last time there is anything, so that empty years are not walked.</summary>
    private (long First, long Last)? Extent(long fromMs, long toMs)
    {
        using var open = OpenView.Of(current, fromMs, toMs);
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var device in _devices)
            foreach (var source in DeviceSources.Of(open, device, fromMs, toMs, [], logger).All)
                (first, last) = (Math.Min(first, source.MinMs), Math.Max(last, source.MaxMs));
        (first, last) = (Math.Max(Math.Max(first, fromMs), open.View.Marks.AllMs), Math.Min(last, toMs - 1));
        return first <= last ? (first, last) : null;
    }

    private List<Sample> Slice(long fromMs, long toMs)
    {
        using var open = OpenView.Of(current, fromMs, toMs);
        var samples = new List<Sample>();
        foreach (var device in _devices)
            foreach (var piece in DeviceSources.Of(open, device, fromMs, toMs, [], logger).Read([])) Add(piece, fromMs, toMs, open.View.Marks, samples);
        samples.Sort(static (a, b) => a.TimestampMs != b.TimestampMs ? a.TimestampMs.CompareTo(b.TimestampMs) : a.Device.CompareTo(b.Device));
        return samples;
    }

    private static void Add(DeviceRows rows, long fromMs, long toMs, Files.Marks marks, List<Sample> samples)
    {
        var (first, end) = (rows.RowAt(fromMs), rows.RowAt(toMs));
        if (first >= end) return;
        var device = Numbers.Devices[rows.Device];
        var names = new string[rows.ColumnCount];
        var kept = new long[rows.ColumnCount];
        var next = new int[rows.ColumnCount];
        for (var c = 0; c < next.Length; c++)
        {
            names[c] = Numbers.Metrics[rows.Columns[c].Metric];
            kept[c] = marks.AreSimple ? long.MinValue : marks.Of(names[c]);
            next[c] = rows.Columns[c].At(first);
        }
        var readings = new List<Reading>();
        for (var row = first; row < end; row++)
        {
            readings.Clear();
            var timeMs = rows.Times[row];
            for (var c = 0; c < next.Length; c++)
            {
                var (column, k) = (rows.Columns[c], next[c]);
                if (k >= column.Count || column.RowOf(k) != row) continue;
                next[c]++;
                if (timeMs >= kept[c]) readings.Add(new Reading(names[c], column.ValueOf(k), column.TextOf(k), column.QualityOf(k)));
            }
            var sequence = rows.Sequences is { IsEmpty: false } all && all[row] != SampleRows.NoSequence ? all[row] : (long?)null;
            samples.Add(new Sample(device, timeMs, sequence, [.. readings]));
        }
    }
}
