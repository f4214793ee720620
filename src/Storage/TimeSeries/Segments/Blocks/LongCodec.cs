using System.Runtime.InteropServices;
using Seamless.Storage.Log;

namespace Seamless.Storage.TimeSeries.Segments.Blocks;

/// <summary>Whole numbers, of which neighbours are near one another, in as few bits as their spread needs.</summary>
/// <remarks>
/// A line (first value and step), runs of equal values, or sections (<see cref="SectionCodec"/>). Earlier versions wrote groups of 128 of a width of
/// their own in the place of sections; they are read as ever.
/// </remarks>
internal static class LongCodec
{
    private const int Group = 128;
    private const int Widths = 65;   // 0 to 64 bits

    private enum Kind : byte { Line, Runs, Groups, Sections }

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
        Head(Kind.Sections, values[0], step, output);
        SectionCodec.Encode(values, step, output);
        var sections = output.Length;
        if (!TryEncodeRuns(values, sections - start, output)) output.Truncate(sections);
        else output.Close(start, sections);
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

    // Reading

    /// <param name="values">As many as were written.</param>
    public static bool Decode(ref ByteReader input, Span<long> values)
    {
        if (values.IsEmpty) return true;
        var kind = (Kind)input.Byte();
        if (kind == Kind.Runs) return DecodeRuns(ref input, values);
        var (first, step) = (input.Signed(), input.Signed());
        if (input.Failed || kind > Kind.Sections) return input.Fail();
        if (kind == Kind.Sections) return SectionCodec.Decode(ref input, first, step, values);
        if (kind == Kind.Groups) return DecodeGroups(ref input, new Before(unchecked(first - step), step), values);
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

    private static bool DecodeGroups(ref ByteReader input, Before before, Span<long> values)
    {
        for (var i = 0; i < values.Length; i += Group)
        {
            var group = values.Slice(i, Math.Min(Group, values.Length - i));
            var header = input.Byte();
            var (differencing, width) = ((Differencing)(header / Widths), header % Widths);
            var lowest = input.Signed();
            var bytes = input.Take(BitPacking.BytesFor(group.Length, width));
            if (input.Failed || differencing > Differencing.Twice) return input.Fail();
            BitPacking.Unpack(bytes, width, MemoryMarshal.Cast<long, ulong>(group));
            SectionCodec.Restore(differencing, lowest, before, group);
            before = Before.In(values, i + group.Length);
        }
        return true;
    }
}
