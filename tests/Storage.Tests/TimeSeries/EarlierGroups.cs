using System.Numerics;
using Seamless.Storage.TimeSeries.Segments.Blocks;

namespace Seamless.Storage.Tests.TimeSeries;

/// <summary>Writes longs in groups of 128 with widths of their own, as versions before sections did.</summary>
internal static class EarlierGroups
{
    private const int Group = 128;

    public static void Encode(ReadOnlySpan<long> values, ByteWriter output)
    {
        var step = values.Length > 1 ? unchecked(values[1] - values[0]) : 0;
        output.Byte(2);
        output.Signed(values[0]);
        output.Signed(step);
        var (previous, slope) = (unchecked(values[0] - step), step);
        for (var i = 0; i < values.Length; i += Group)
        {
            var group = values.Slice(i, Math.Min(Group, values.Length - i));
            Encode(group, previous, slope, output);
            slope = unchecked(group[^1] - (group.Length > 1 ? group[^2] : previous));
            previous = group[^1];
        }
    }

    private static void Encode(ReadOnlySpan<long> group, long previous, long slope, ByteWriter output)
    {
        long[][] views = [new long[group.Length], new long[group.Length], new long[group.Length]];
        var (before, lean) = (previous, slope);
        for (var i = 0; i < group.Length; i++)
        {
            var step = unchecked(group[i] - before);
            (views[0][i], views[1][i], views[2][i]) = (group[i], step, unchecked(step - lean));
            (before, lean) = (group[i], step);
        }
        var widths = views.Select(v => 64 - BitOperations.LeadingZeroCount(unchecked((ulong)(v.Max() - v.Min())))).ToArray();
        var view = Array.IndexOf(widths, widths.Min());
        var least = views[view].Min();
        output.Byte((byte)(view * 65 + widths[view]));
        output.Signed(view == 0 ? unchecked(least - previous) : least);
        var bytes = BitPacking.BytesFor(group.Length, widths[view]);
        BitPacking.Pack(views[view].Select(n => unchecked((ulong)(n - least))).ToArray(), widths[view], output.Room(bytes + 8));
        output.Advance(bytes);
    }
}
