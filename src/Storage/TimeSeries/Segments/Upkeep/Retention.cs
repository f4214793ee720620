using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Upkeep;

/// <summary>Hides what is too old, then deletes it, or keeps its hours alone.</summary>
/// <param name="time">The platform's clock, which retention of single metrics counts from.</param>
internal sealed class Retention(StoreState state, Merger merger, SegmentFolder folder, TimeSeriesOptions options, TimeProvider time)
{
    /// <summary>For who has entered both <see cref="Sealer"/> and <see cref="Merger"/>.</summary>
    /// <returns>How many rows went.</returns>
    public long DeleteBefore(long beforeMs)
    {
        long removed;
        Marks marks;
        using (var open = OpenView.Of(() => state.View, long.MinValue, long.MaxValue))
        {
            marks = open.View.Marks.Raise(beforeMs, MetricMarks());
            removed = open.RowsBefore(marks.AllMs) - open.RowsBefore(open.View.Marks.AllMs);
        }
        state.SealedLatest.DeleteBefore(marks.AllMs);
        // Hidden first and for good, then deleted: a crash in between shows nothing again.
        state.Save(marks);
        state.Show(view => view with { Marks = marks });
        foreach (var day in state.View.Segments.GroupBy(s => s.Day).Select(d => d.ToArray()).ToArray()) Thin(day, marks);
        return removed;
    }

    private Dictionary<string, long> MetricMarks() =>
        options.Retention.ToDictionary(r => r.Key, r => (time.GetUtcNow() - r.Value).ToUnixTimeMilliseconds(), StringComparer.Ordinal);

    /// <summary>Deletes a day that nothing is kept of; rewrites one of which less is kept than before.</summary>
    private void Thin(Segment[] day, Marks marks)
    {
        var last = day.Max(s => s.MaxMs);
        var old = day.Where(s => s.MaxMs < marks.AllMs && (s.MaxMs < marks.ForgetMs(options.KeepRollups) || s.Rows > 0)).ToArray();
        if (last < marks.AllMs && last >= marks.ForgetMs(options.KeepRollups) && day.All(s => s.Rows > 0)) merger.Merge(day, hoursOnly: true);
        else if (old.Length > 0)
        {
            state.Show(view => view.With([], old));
            foreach (var segment in old) folder.Delete(segment);
        }
        else if (!marks.AreSimple && day.All(s => s.Rows > 0) && day.Any(s => HoldsOld(s, marks))) merger.Merge(day, hoursOnly: false);
    }

    /// <summary>Whether a metric in it is wholly older than its mark.</summary>
    private static bool HoldsOld(Segment segment, Marks marks) =>
        segment.Devices.SelectMany(d => d.Blocks).SelectMany(b => b.Columns).Select(c => c.Metric).Distinct().Any(m => marks.OfAlone(Numbers.Metrics[m]) > segment.MaxMs);
}
