using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>The newest values among rows in memory.</summary>
internal static class HeadLatest
{
    public static IEnumerable<LatestValue> Of(DeviceRows rows)
    {
        for (var c = 0; c < rows.ColumnCount; c++)
            if (Newest(rows, rows.Columns[c]) is var k and >= 0)
                yield return At(rows, rows.Columns[c], k);
    }

    private static LatestValue At(DeviceRows rows, Column column, int k) =>
        new(Numbers.Metrics[column.Metric], rows.Times[column.RowOf(k)], column.ValueOf(k), column.TextOf(k));

    /// <summary>By event time, then by order of writing; −1 when no value counts.</summary>
    private static int Newest(DeviceRows rows, Column column)
    {
        var (newest, newestMs) = (-1, long.MinValue);
        for (var k = column.Count - 1; k >= 0; k--)
        {
            if (column.QualityOf(k) is Quality.Bad) continue;
            var timeMs = rows.Times[column.RowOf(k)];
            if (newest < 0 || timeMs > newestMs) (newest, newestMs) = (k, timeMs);
            if (rows.IsAscending || newestMs == rows.MaxMs) break;
        }
        return newest;
    }
}
