using Seamless.Storage.TimeSeries.Segments.Blocks;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Segments.Rollups;

/// <summary>Minutes or hours of one metric, only those that have values: number, sum, least, greatest and last of them.</summary>
internal sealed class Cells
{
    public const long MinuteMs = 60_000;
    public const long HourMs = 3_600_000;

    private Cells(int metric, long cellMs, long[] starts, long[] counts, double[] sums, double[] lows, double[] highs, double[] lasts) =>
        (Metric, CellMs, Starts, Counts, Sums, Lows, Highs, Lasts) = (metric, cellMs, starts, counts, sums, lows, highs, lasts);

    public int Metric { get; }
    public long CellMs { get; }
    public long[] Starts { get; }
    public long[] Counts { get; }
    public double[] Sums { get; }
    public double[] Lows { get; }
    public double[] Highs { get; }
    public double[] Lasts { get; }
    public int Count => Starts.Length;

    public static long StartOf(long timeMs, long cellMs)
    {
        var into = timeMs % cellMs;
        return timeMs - (into < 0 ? into + cellMs : into);
    }

    /// <summary>The column's cells.</summary>
    /// <returns>Null when it has texts, which have no sum, or when a cell would stand for fewer than <paramref name="worth"/> values on average.</returns>
    public static Cells? Of(DeviceRows rows, Column column, long cellMs, int worth)
    {
        if (column.HasTexts || column.Count < worth) return null;
        var (starts, counts, sums, lows, highs, lasts) = (new List<long>(), new List<long>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var times = rows.Times;
        for (var k = 0; k < column.Count;)
        {
            var start = StartOf(times[column.RowOf(k)], cellMs);
            var (count, sum, low, high, last) = (0L, 0.0, double.PositiveInfinity, double.NegativeInfinity, 0.0);
            for (; k < column.Count && times[column.RowOf(k)] is var time && time - start < cellMs; k++)
            {
                if (column.QualityOf(k) is Quality.Bad) continue;
                last = column.ValueOf(k);
                (count, sum, low, high) = (count + 1, sum + last, Math.Min(low, last), Math.Max(high, last));
            }
            if (count == 0) continue;
            starts.Add(start);
            counts.Add(count);
            sums.Add(sum);
            lows.Add(low);
            highs.Add(high);
            lasts.Add(last);
        }
        if (starts.Count == 0 || column.Count < (long)worth * starts.Count) return null;
        return new Cells(column.Metric, cellMs, [.. starts], [.. counts], [.. sums], [.. lows], [.. highs], [.. lasts]);
    }

    public void Encode(ByteWriter output)
    {
        LongCodec.Encode(Starts, output);
        LongCodec.Encode(Counts, output);
        foreach (var column in (ReadOnlySpan<double[]>)[Sums, Lows, Highs, Lasts]) DoubleCodec.Encode(column, output);
    }

    /// <returns>Null when the bytes cannot be right.</returns>
    public static Cells? Decode(ReadOnlySpan<byte> bytes, int metric, long cellMs, int count)
    {
        var input = new ByteReader(bytes);
        var (starts, counts) = (new long[count], new long[count]);
        if (!LongCodec.Decode(ref input, starts) || !LongCodec.Decode(ref input, counts)) return null;
        Span<double[]> columns = [new double[count], new double[count], new double[count], new double[count]];
        foreach (var column in columns)
            if (!DoubleCodec.Decode(ref input, column)) return null;
        return input.Left != 0 ? null : new Cells(metric, cellMs, starts, counts, columns[0], columns[1], columns[2], columns[3]);
    }
}
