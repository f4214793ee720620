using System.IO.Hashing;
using System.Runtime.InteropServices;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Ledger;

/// <summary>A number that two samples share when they say the same: tells a sample that is sent again from another one under a used number.</summary>
/// <remarks>Of the values alone, in any order, and the same in every process: names count as they are written, not by their number.</remarks>
public static class SampleContent
{
    public static ulong Of(Sample sample)
    {
        var sum = 0UL;
        for (var i = 0; i < sample.Readings.Count; i++)
        {
            var reading = sample.Readings[i];
            sum += Of(Numbers.Metrics.Of(reading.Metric), reading.Value, reading.State);
        }
        return sum;
    }

    public static ulong Of(SampleRows rows, int row)
    {
        var sum = 0UL;
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++) sum += Of(rows.Metrics[i], rows.Values[i], rows.States[i]);
        return sum;
    }

    private static ulong Of(int metric, double value, string? state)
    {
        var name = XxHash3.HashToUInt64(Numbers.Metrics.Utf8Of(metric));
        return state is null
            ? XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in value)), (long)name)
            : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(state.AsSpan()), (long)name);
    }
}
