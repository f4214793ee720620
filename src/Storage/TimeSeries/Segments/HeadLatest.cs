using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>The newest values among rows in memory.</summary>
/// <remarks>Nothing is copied, though rows may be added meanwhile: those that are not whole yet are passed over.</remarks>
internal static class HeadLatest
{
    public static void AddTo(List<LatestValue> values, DeviceRows rows)
    {
        var times = rows.Times;
        var columns = rows.ColumnCount;
        for (var c = 0; c < columns; c++)
        {
            var column = rows.ColumnAt(c);
            if (Newest(rows, times, column) is var k and >= 0)
                values.Add(new LatestValue(Numbers.Metrics[column.Metric], times[column.RowOf(k)], column.ValueOf(k), column.TextOf(k)));
        }
    }

    /// <summary>By event time, then by order of writing; −1 when no value counts.</summary>
    private static int Newest(DeviceRows rows, ReadOnlySpan<long> times, Column column)
    {
        var (newest, newestMs) = (-1, long.MinValue);
        for (var k = column.Count - 1; k >= 0; k--)
        {
            var row = column.RowOf(k);
            if (row >= times.Length || column.QualityOf(k) is Quality.Bad) continue;
            if (newest < 0 || times[row] > newestMs) (newest, newestMs) = (k, times[row]);
            if (rows.IsAscending || newestMs == rows.MaxMs) break;
        }
        return newest;
    }
}
