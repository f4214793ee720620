using System.Numerics;
using Seamless.Storage.Log;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Whole numbers, of which neighbours are near one another, in as few bits as their spread needs.</summary>
/// <remarks>
/// A line (first value and step), runs of equal values, or groups of 128, each with the fewest bits of three ways to see it: the values themselves,
/// their differences, the differences of those. What is subtracted wraps around, so any numbers come back.
/// </remarks>
internal static class LongCodec
{
    private const int Group = 128;
    private const int Widths = 65;   // 0 to 64 bits

    private enum Kind : byte { Line, Runs, Groups }

    private enum View { Values, Steps, Bends }

    // Writing

    public static void Encode(ReadOnlySpan<long> values, ByteWriter output)
    {
        if (values.IsEmpty) return;
        var start = output.Length;
        var step = values.Length > 1 ? unchecked(values[1] - values[0]) : 0;
        if (IsLine(values, step))
        {
            Head(Kind.Line, values[0], step, output);
            return;
        }
        Head(Kind.Groups, values[0], step, output);
        EncodeGroups(values, step, output);
        var groups = output.Length;
        if (!TryEncodeRuns(values, groups - start, output)) output.Truncate(groups);
        else output.Close(start, groups);
    }

    private static void Head(Kind kind, long first, long step, ByteWriter output)
    {
        output.Byte((byte)kind);
        output.Signed(first);
        output.Signed(step);
    }

    private static bool IsLine(ReadOnlySpan<long> values, long step)
    {
        for (var i = 1; i < values.Length; i++)
            if (unchecked(values[i] - values[i - 1]) != step) return false;
        return true;
    }

    /// <returns>False when it would not be shorter than <paramref name="most"/>; what was written then is rubbish.</returns>
    private static bool TryEncodeRuns(ReadOnlySpan<long> values, int most, ByteWriter output)
    {
        var start = output.Length;
        output.Byte((byte)Kind.Runs);
        var previous = 0L;
        for (var i = 0; i < values.Length;)
        {
            var value = values[i];
            var end = values[i..].IndexOfAnyExcept(value) is var length and >= 0 ? i + length : values.Length;
            output.Signed(unchecked(value - previous));
            output.Varint((ulong)(end - i));
            if (output.Length - start >= most) return false;
            (previous, i) = (value, end);
        }
        return true;
    }

    private static void EncodeGroups(ReadOnlySpan<long> values, long step, ByteWriter output)
    {
        Span<ulong> packed = stackalloc ulong[Group];
        var (previous, slope) = (unchecked(values[0] - step), step);
        for (var i = 0; i < values.Length; i += Group)
        {
            var group = values.Slice(i, Math.Min(Group, values.Length - i));
            EncodeGroup(group, previous, slope, packed[..group.Length], output);
            slope = unchecked(group[^1] - (group.Length > 1 ? group[^2] : previous));
            previous = group[^1];
        }
    }

    private static void EncodeGroup(ReadOnlySpan<long> group, long previous, long slope, Span<ulong> packed, ByteWriter output)
    {
        var (low, high, lowStep, highStep, lowBend, highBend) = (long.MaxValue, long.MinValue, long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);
        var (before, lean) = (previous, slope);
        foreach (var value in group)
        {
            var step = unchecked(value - before);
            var bend = unchecked(step - lean);
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
            (lowStep, highStep) = (Math.Min(lowStep, step), Math.Max(highStep, step));
            (lowBend, highBend) = (Math.Min(lowBend, bend), Math.Max(highBend, bend));
            (before, lean) = (value, step);
        }
        var (width, stepWidth, bendWidth) = (Width(low, high), Width(lowStep, highStep), Width(lowBend, highBend));
        if (width <= stepWidth && width <= bendWidth)
        {
            for (var i = 0; i < packed.Length; i++) packed[i] = unchecked((ulong)(group[i] - low));
            Write(View.Values, width, unchecked(low - previous), packed, output);
            return;
        }
        var (view, lowest) = stepWidth <= bendWidth ? (View.Steps, lowStep) : (View.Bends, lowBend);
        (before, lean) = (previous, slope);
        for (var i = 0; i < packed.Length; i++)
        {
            var step = unchecked(group[i] - before);
            packed[i] = unchecked((ulong)((view == View.Steps ? step : step - lean) - lowest));
            (before, lean) = (group[i], step);
        }
        Write(view, Math.Min(stepWidth, bendWidth), lowest, packed, output);
    }

    private static int Width(long low, long high) => 64 - BitOperations.LeadingZeroCount(unchecked((ulong)(high - low)));

    private static void Write(View view, int width, long lowest, ReadOnlySpan<ulong> packed, ByteWriter output)
    {
        output.Byte((byte)((int)view * Widths + width));
        output.Signed(lowest);
        var bytes = BitPacking.BytesFor(packed.Length, width);
        BitPacking.Pack(packed, width, output.Room(bytes + 8));
        output.Advance(bytes);
    }

    // Reading

    /// <param name="values">As many as were written.</param>
    public static bool Decode(ref ByteReader input, Span<long> values)
    {
        if (values.IsEmpty) return true;
        var kind = (Kind)input.Byte();
        if (kind == Kind.Runs) return DecodeRuns(ref input, values);
        var (first, step) = (input.Signed(), input.Signed());
        if (input.Failed || kind > Kind.Groups) return input.Fail();
        if (kind == Kind.Groups) return DecodeGroups(ref input, unchecked(first - step), step, values);
        for (var i = 0; i < values.Length; i++, first = unchecked(first + step)) values[i] = first;
        return true;
    }

    private static bool DecodeRuns(ref ByteReader input, Span<long> values)
    {
        var value = 0L;
        while (!values.IsEmpty)
        {
            value = unchecked(value + input.Signed());
            var length = input.Count(values.Length);
            if (input.Failed || length == 0) return input.Fail();
            values[..length].Fill(value);
            values = values[length..];
        }
        return true;
    }

    private static bool DecodeGroups(ref ByteReader input, long previous, long slope, Span<long> values)
    {
        Span<ulong> packed = stackalloc ulong[Group];
        for (var i = 0; i < values.Length; i += Group)
        {
            var group = values.Slice(i, Math.Min(Group, values.Length - i));
            var header = input.Byte();
            var (view, width) = ((View)(header / Widths), header % Widths);
            var lowest = input.Signed();
            var bytes = input.Take(BitPacking.BytesFor(group.Length, width));
            if (input.Failed || view > View.Bends) return input.Fail();
            var numbers = packed[..group.Length];
            BitPacking.Unpack(bytes, width, numbers);
            Restore(view, lowest, previous, slope, numbers, group);
            slope = unchecked(group[^1] - (group.Length > 1 ? group[^2] : previous));
            previous = group[^1];
        }
        return true;
    }

    private static void Restore(View view, long lowest, long previous, long slope, ReadOnlySpan<ulong> numbers, Span<long> group)
    {
        switch (view)
        {
            case View.Values:
                var low = unchecked(previous + lowest);
                for (var i = 0; i < group.Length; i++) group[i] = unchecked(low + (long)numbers[i]);
                break;
            case View.Steps:
                for (var i = 0; i < group.Length; i++) group[i] = previous = unchecked(previous + lowest + (long)numbers[i]);
                break;
            default:
                for (var i = 0; i < group.Length; i++)
                {
                    slope = unchecked(slope + lowest + (long)numbers[i]);
                    group[i] = previous = unchecked(previous + slope);
                }
                break;
        }
    }
}
